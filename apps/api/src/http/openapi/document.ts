import { STATUS_CODES } from 'node:http';
import { problemSchema } from '../problem';
import type { RouteDescription } from '../route-registry';
import { SchemaCollector, type JsonSchema } from './json-schema';

const OPENAPI_VERSION = '3.1.0';
const METHODS_WITH_IF_MATCH = new Set(['PUT', 'PATCH', 'DELETE']);
const INTRODUCTION = `Receivables, their ageing, expected credit losses and alerts, on two dates.

Every read of figures takes \`asOf\` (business date) and \`knownAt\` (what had been recorded by then) and answers with both and the log position it used.
Money is \`{"amount": "1234.50", "currency": "CNY"}\`, rates are fractions as strings, dates are \`YYYY-MM-DD\`, instants RFC 3339.
Everything that is not 2xx is a problem document (RFC 9457) with a stable \`code\`.
Any POST takes an \`Idempotency-Key\`; what can be edited takes \`If-Match\`; lists are paged by an opaque \`cursor\`.`;

/** The OpenAPI 3.1 description of the routes, made of nothing but their decorators. */
export function openApiDocument(routes: readonly RouteDescription[], version: string): JsonSchema {
  const schemas = new SchemaCollector();
  const paths: Record<string, Record<string, JsonSchema>> = {};
  const operationIds = new Set<string>();
  for (const route of routes.flatMap((one) => concretePaths(one, schemas))) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[route.method.toLowerCase()] = operation(route, schemas, operationIds);
  }
  schemas.convert(problemSchema, 'output');
  return {
    openapi: OPENAPI_VERSION,
    info: {
      title: 'Arrears',
      version,
      description: INTRODUCTION,
      license: { name: 'Proprietary', url: 'https://arrears.invalid/license' },
    },
    servers: [{ url: '/', description: 'This server' }],
    security: [{ apiKey: [] }],
    tags: [...new Set(routes.map(tagOf))].sort().map((name) => ({ name, description: `Routes of ${name}.` })),
    paths,
    components: {
      securitySchemes: { apiKey: { type: 'http', scheme: 'bearer', description: 'An API key, sent as `Authorization: Bearer <key>`.' } },
      schemas: schemas.components(),
    },
  };
}

/**
 * A route whose path parameter has a closed list of values is described once for each: `POST /v1/imports/{kind}` and `GET /v1/imports/{id}`
 * are the same path to OpenAPI, which has no way to tell them apart.
 */
function concretePaths(route: RouteDescription, schemas: SchemaCollector): RouteDescription[] {
  const described = route.parameters === undefined ? {} : propertiesOf(schemas.convert(route.parameters, 'input')).properties;
  for (const [name, schema] of Object.entries(described)) {
    const values: unknown = schema['enum'];
    if (Array.isArray(values) && route.path.split('/').includes(`:${name}`)) {
      return values.map((value) => ({
        ...route,
        path: route.path.replace(`:${name}`, String(value)),
        name: `${route.name}.${String(value)}`,
      }));
    }
  }
  return [route];
}

function operation(route: RouteDescription, schemas: SchemaCollector, operationIds: Set<string>): JsonSchema {
  const { returns } = route;
  const who = route.isPublic ? 'Anyone, without a key.' : `Roles: ${route.permitted.join(', ')}.`;
  return {
    operationId: uniqueId(route, operationIds),
    tags: [tagOf(route)],
    summary: returns?.summary ?? `${route.method} ${route.path}`,
    description: returns?.description === undefined ? who : `${returns.description}\n\n${who}`,
    ...(route.isPublic ? { security: [] } : { 'x-permitted-roles': route.permitted }),
    parameters: parametersOf(route, schemas),
    ...requestBody(route, schemas),
    responses: { [String(route.status)]: success(route, schemas), ...problems(route) },
  };
}

function success(route: RouteDescription, schemas: SchemaCollector): JsonSchema {
  const { returns, status } = route;
  const description = STATUS_CODES[status] ?? 'Success';
  if (returns?.contentType !== undefined) return { description, content: { [returns.contentType]: { schema: { type: 'string' } } } };
  if (returns?.body === undefined) return { description };
  return { description, content: { 'application/json': { schema: schemas.convert(returns.body, 'output') } } };
}

function problems(route: RouteDescription): Record<string, JsonSchema> {
  const problem = (description: string): JsonSchema => ({
    description,
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  });
  return {
    ...(!route.isPublic && {
      '401': problem('No key, or one that is unknown, revoked or expired'),
      '403': problem('The key lacks the role'),
    }),
    ...(route.path.includes(':') && { '404': problem('The tenant has no such thing') }),
    '422': problem('The input or the state of the book does not allow it'),
    default: problem('Any other problem'),
  };
}

function requestBody(route: RouteDescription, schemas: SchemaCollector): JsonSchema {
  if (route.streamedTypes.length > 0) {
    const content = Object.fromEntries(route.streamedTypes.map((type) => [type, { schema: { type: 'string' } }]));
    return { requestBody: { required: true, content } };
  }
  if (route.body === undefined) return {};
  const required = !route.body.safeParse(undefined).success;
  return { requestBody: { required, content: { 'application/json': { schema: schemas.convert(route.body, 'input') } } } };
}

function parametersOf(route: RouteDescription, schemas: SchemaCollector): JsonSchema[] {
  const described = route.parameters === undefined ? {} : propertiesOf(schemas.convert(route.parameters, 'input')).properties;
  const inPath = [...route.path.matchAll(/:(\w+)/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: described[name] ?? { type: 'string' },
  }));
  const query = route.query === undefined ? { properties: {}, required: [] } : propertiesOf(schemas.convert(route.query, 'input'));
  const inQuery = Object.entries(query.properties).map(([name, schema]) => {
    const { description, ...rest } = schema;
    return {
      name,
      in: 'query',
      required: query.required.includes(name),
      ...(typeof description === 'string' && { description }),
      schema: rest,
    };
  });
  return [...inPath, ...inQuery, ...headersOf(route)];
}

function headersOf(route: RouteDescription): JsonSchema[] {
  const header = (name: string, description: string, schema: JsonSchema): JsonSchema => ({
    name,
    in: 'header',
    required: false,
    description,
    schema,
  });
  return [
    ...(route.method === 'POST' && !route.isPublic
      ? [
          header('Idempotency-Key', 'Repeating the request with the same key gives the same answer once.', {
            type: 'string',
            maxLength: 255,
          }),
        ]
      : []),
    ...(METHODS_WITH_IF_MATCH.has(route.method)
      ? [header('If-Match', 'The ETag of what is edited; 412 when it has changed since.', { type: 'string' })]
      : []),
  ];
}

function propertiesOf(schema: JsonSchema): { properties: Record<string, JsonSchema>; required: readonly string[] } {
  const properties: unknown = schema['properties'];
  const required: unknown = schema['required'];
  return {
    properties: typeof properties === 'object' && properties !== null ? Object.fromEntries(Object.entries(properties)) : {},
    required: Array.isArray(required) ? required.map(String) : [],
  };
}

/** `/v1/alert-rules/:id` -> `alert-rules`; routes outside of a version are `system`. */
function tagOf(route: RouteDescription): string {
  const [version, area] = route.path.split('/').filter((step) => step !== '');
  return version === 'v1' && area !== undefined ? area : 'system';
}

function uniqueId(route: RouteDescription, taken: Set<string>): string {
  const base = `${route.group.charAt(0).toLowerCase()}${route.group.slice(1)}.${route.name}`;
  const id = taken.has(base) ? `${base}.${String(taken.size)}` : base;
  taken.add(id);
  return id;
}
