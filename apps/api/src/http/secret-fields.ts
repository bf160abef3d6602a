import { SetMetadata } from '@nestjs/common';

const SECRET_FIELDS = Symbol('fields shown once');

/**
 * Fields of the answer that are shown once and never kept: a replay under the same Idempotency-Key has `null` in their place. Whoever lost the
 * first answer withdraws what it was for and asks anew.
 */
export const ShownOnce = (...fields: readonly [string, ...string[]]): MethodDecorator => SetMetadata(SECRET_FIELDS, fields);

/** The answer as it may be stored. */
export function withoutSecrets(body: unknown, handler: object): unknown {
  const fields: unknown = Reflect.getMetadata(SECRET_FIELDS, handler);
  if (!Array.isArray(fields) || typeof body !== 'object' || body === null) return body;
  return { ...body, ...Object.fromEntries(fields.map((field) => [String(field), null])) };
}
