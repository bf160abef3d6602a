import { Injectable, type OnModuleInit, RequestMethod } from '@nestjs/common';
import { HTTP_CODE_METADATA, METHOD_METADATA, PATH_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { z } from 'zod';
import { PERMITTED_ROLES, PUBLIC_ROUTE } from './permit.decorator';
import { returnedOf, type Returned } from './returns.decorator';
import { streamedTypesOf } from './streams.decorator';

/** A route as its decorators describe it: what the guard enforces and the API description prints. */
export interface RouteDescription {
  readonly method: string;
  /** With parameters as `:id`. */
  readonly path: string;
  readonly name: string;
  readonly group: string;
  readonly isPublic: boolean;
  readonly permitted: readonly string[];
  readonly body: z.ZodType | undefined;
  readonly query: z.ZodType | undefined;
  readonly parameters: z.ZodType | undefined;
  readonly streamedTypes: readonly string[];
  readonly status: number;
  readonly returns: Returned | undefined;
}

/** Knows every route and stops the boot when one is open by accident or would drop a mistyped field in silence. */
@Injectable()
export class RouteRegistry implements OnModuleInit {
  private found: readonly RouteDescription[] = [];

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  get routes(): readonly RouteDescription[] {
    return this.found;
  }

  onModuleInit(): void {
    this.found = this.discovery
      .getControllers()
      .flatMap(({ metatype }) => (typeof metatype === 'function' ? this.routesOf(metatype) : []))
      .sort((left, right) => (left.path < right.path ? -1 : left.path > right.path ? 1 : left.method < right.method ? -1 : 1));
    const mistakes = this.found.flatMap(mistakesOf);
    if (mistakes.length > 0) throw new Error(`Routes that cannot be served:\n${mistakes.join('\n')}`);
  }

  /** The methods a path answers, for 405; empty when there is no such path. */
  methodsOf(path: string): readonly string[] {
    const steps = path.split('/');
    const matches = (route: RouteDescription): boolean => {
      const pattern = route.path.split('/');
      return (
        pattern.length === steps.length &&
        pattern.every((step, index) => step === steps[index] || (step.startsWith(':') && steps[index] !== ''))
      );
    };
    return [...new Set(this.found.filter(matches).map((route) => route.method))];
  }

  private routesOf(controller: object): RouteDescription[] {
    const prototype: unknown = 'prototype' in controller ? controller.prototype : undefined;
    if (typeof prototype !== 'object' || prototype === null) return [];
    return this.scanner.getAllMethodNames(prototype).flatMap((name) => {
      const handler: unknown = Reflect.get(prototype, name);
      const method: unknown = typeof handler === 'function' ? Reflect.getMetadata(METHOD_METADATA, handler) : undefined;
      if (typeof handler !== 'function' || typeof method !== 'number') return [];
      return pathsOf(controller).flatMap((prefix) =>
        pathsOf(handler).map((path) => describe({ controller, name, handler, method, path: joined(prefix, path) })),
      );
    });
  }
}

function describe(route: { controller: object; name: string; handler: object; method: number; path: string }): RouteDescription {
  const { controller, name, handler, method, path } = route;
  const schemas = schemasOf(controller, name);
  const permitted: unknown = Reflect.getMetadata(PERMITTED_ROLES, handler);
  const status: unknown = Reflect.getMetadata(HTTP_CODE_METADATA, handler);
  return {
    method: RequestMethod[method] ?? 'GET',
    path,
    name,
    group: 'name' in controller ? String(controller.name).replace(/Controller$/, '') : '',
    isPublic: Reflect.getMetadata(PUBLIC_ROUTE, handler) === true,
    permitted: Array.isArray(permitted) ? permitted.map(String) : [],
    body: schemas.get(RouteParamtypes.BODY),
    query: schemas.get(RouteParamtypes.QUERY),
    parameters: schemas.get(RouteParamtypes.PARAM),
    streamedTypes: streamedTypesOf(handler),
    status: typeof status === 'number' ? status : RequestMethod[method] === 'POST' ? 201 : 200,
    returns: returnedOf(handler),
  };
}

/** The zod schemas of a handler's parameters, by kind. `@Query('asOf', { schema })` counts as an object with that one field. */
function schemasOf(controller: object, name: string): Map<number, z.ZodType> {
  const args: unknown = Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, name);
  const found = new Map<number, z.ZodType>();
  if (typeof args !== 'object' || args === null) return found;
  for (const [kindAndIndex, argument] of Object.entries(args)) {
    const { schema, data } = argumentOf(argument);
    if (schema === undefined) continue;
    const kind = Number(kindAndIndex.split(':', 1)[0]);
    const object = data === undefined ? schema : z.strictObject({ [data]: schema });
    const before = found.get(kind);
    found.set(kind, before instanceof z.ZodObject && object instanceof z.ZodObject ? before.extend(object.shape) : object);
  }
  return found;
}

function argumentOf(argument: unknown): { schema: z.ZodType | undefined; data: string | undefined } {
  if (typeof argument !== 'object' || argument === null) return { schema: undefined, data: undefined };
  const schema = 'schema' in argument && argument.schema instanceof z.ZodType ? argument.schema : undefined;
  return { schema, data: 'data' in argument && typeof argument.data === 'string' ? argument.data : undefined };
}

function mistakesOf(route: RouteDescription): string[] {
  const mistakes: string[] = [];
  const name = `${route.method} ${route.path} (${route.group}.${route.name})`;
  if (!route.isPublic && route.permitted.length === 0) mistakes.push(`${name}: add @Permit(...roles) or @Public().`);
  if (route.isPublic && route.permitted.length > 0) mistakes.push(`${name}: has both @Public() and @Permit(...).`);
  for (const [part, schema] of [
    ['body', route.body],
    ['query', route.query],
  ] as const) {
    // A strict object refuses what it does not know, a loose one hands it on; a plain one would drop it.
    if (schema instanceof z.ZodObject && schema.def.catchall === undefined) {
      mistakes.push(`${name}: its ${part} is z.object(...); use z.strictObject(...), so that a mistyped field is refused and not dropped.`);
    }
  }
  return mistakes;
}

function pathsOf(target: object): readonly string[] {
  const paths: unknown = Reflect.getMetadata(PATH_METADATA, target);
  return Array.isArray(paths) ? paths.map(String) : [typeof paths === 'string' ? paths : ''];
}

function joined(prefix: string, path: string): string {
  const steps = [...prefix.split('/'), ...path.split('/')].filter((step) => step !== '');
  return `/${steps.join('/')}`;
}
