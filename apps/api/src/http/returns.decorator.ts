import { applyDecorators, HttpCode, SetMetadata } from '@nestjs/common';
import type { z } from 'zod';

const RETURNS = Symbol('what a route returns');

export interface Returned {
  /** One sentence in the imperative or third person: what the route is for. */
  readonly summary: string;
  /** Further text of the description, Markdown. */
  readonly description?: string;
  /** Status of success; default 200. */
  readonly status?: 200 | 201 | 202 | 204;
  /** Shape of the JSON answer; none for 204 and other content types. */
  readonly body?: z.ZodType;
  /** Content type of an answer that is not JSON, e.g. `text/csv`. */
  readonly contentType?: string;
}

/** Describes the answer of a route for the API description, and sets its status. */
export const Returns = (returned: Returned): MethodDecorator =>
  applyDecorators(SetMetadata(RETURNS, returned), HttpCode(returned.status ?? 200));

export function returnedOf(handler: object): Returned | undefined {
  const returned: unknown = Reflect.getMetadata(RETURNS, handler);
  return isReturned(returned) ? returned : undefined;
}

function isReturned(value: unknown): value is Returned {
  return typeof value === 'object' && value !== null && 'summary' in value;
}
