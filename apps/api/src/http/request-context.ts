import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { type RequestContext, uuidV7 } from '@app/platform';
import type { EdgeRequest } from './edge';
import { headerOf } from './edge';
import { derivedUuid, isUuid } from './identifiers';
import { IDEMPOTENCY_KEY_LENGTH_MAX, REQUEST_ID_LENGTH_MAX } from './limits';
import { ProblemException } from './problem';

const contexts = new WeakMap<object, RequestContext>();
const requestIds = new WeakMap<object, string>();
const seeds = new WeakMap<object, string>();
const PRINTABLE = /^[\x21-\x7e]+$/;
const PRINTABLE_WITH_SPACES = /^[\x20-\x7e]+$/;

/** The identifier a request is known by in answers and logs: the client's own `X-Request-Id` when it is usable, else a new one. */
export function requestIdOf(request: EdgeRequest): string {
  const known = requestIds.get(request);
  if (known !== undefined) return known;
  const sent = headerOf(request, 'x-request-id');
  const usable = sent !== undefined && sent.length <= REQUEST_ID_LENGTH_MAX && PRINTABLE.test(sent);
  const requestId = usable ? sent : uuidV7();
  requestIds.set(request, requestId);
  return requestId;
}

/** The route of a request with its parameters still named, e.g. `POST /v1/principals/:id/keys`. */
export function routeOf(request: EdgeRequest): string {
  return `${request.method} ${request.routeOptions.url ?? request.url}`;
}

/** The `Idempotency-Key` header of a POST, or undefined. Throws a 400 problem for a key that is empty, too long or not printable. */
export function idempotencyKeyOf(request: EdgeRequest): string | undefined {
  if (request.method !== 'POST') return undefined;
  const key = headerOf(request, 'idempotency-key');
  if (key === undefined) return undefined;
  if (key.length === 0 || key.length > IDEMPOTENCY_KEY_LENGTH_MAX || !PRINTABLE_WITH_SPACES.test(key)) {
    throw new ProblemException({
      code: 'idempotency-key-invalid',
      status: 400,
      detail: `Idempotency-Key must be 1 to ${String(IDEMPOTENCY_KEY_LENGTH_MAX)} printable ASCII characters.`,
    });
  }
  return key;
}

/** Attaches who is calling to the request. */
export function attachContext(
  request: EdgeRequest,
  caller: { tenantId: number; principalId: string; roles: readonly string[] },
): RequestContext {
  const requestId = requestIdOf(request);
  let made = 0;
  const context: RequestContext = {
    tenantId: caller.tenantId,
    principalId: caller.principalId,
    roles: caller.roles,
    correlationId: isUuid(requestId) ? requestId.toLowerCase() : derivedUuid(`request|${requestId}`),
    newId: () => {
      const seed = seeds.get(request);
      if (seed === undefined) return uuidV7();
      made += 1;
      return derivedUuid(`${seed}|${String(made)}`);
    },
  };
  contexts.set(request, context);
  return context;
}

/**
 * From here on identifiers of the request are derived from `seed`, which belongs to the claim of its Idempotency-Key: a second attempt after a
 * crash makes the same identifiers and so meets the stream the first one created, instead of creating a twin.
 */
export function deriveIdentifiersFrom(request: EdgeRequest, seed: string): void {
  seeds.set(request, seed);
}

export function contextOf(request: EdgeRequest): RequestContext {
  const context = contexts.get(request);
  if (context === undefined) throw new Error('The route has no caller: @Context() is only for routes with @Permit.');
  return context;
}

/** Parameter decorator: tenant, principal, roles and correlation of the caller. */
export const Context = createParamDecorator((_data: unknown, host: ExecutionContext): RequestContext =>
  contextOf(host.switchToHttp().getRequest<EdgeRequest>()),
);
