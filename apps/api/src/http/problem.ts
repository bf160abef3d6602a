import { z } from 'zod';

/** One refused part of the input. `pointer` is a JSON Pointer into the body, `field` a query or path parameter, `row`/`column` a place in a file. */
export const problemErrorSchema = z.object({
  code: z.string(),
  detail: z.string(),
  pointer: z.string().optional(),
  field: z.string().optional(),
  row: z.int().optional(),
  column: z.string().optional(),
});

/** Every answer that is not 2xx has this body (RFC 9457), as `application/problem+json`. */
export const problemSchema = z
  .looseObject({
    type: z.string().describe('`/problems/<code>`, served by this application'),
    title: z.string(),
    status: z.int(),
    code: z.string().describe('stable, kebab-case: what a program decides on'),
    detail: z.string(),
    instance: z.string().describe('path of the request'),
    requestId: z.string().describe('the X-Request-Id of the answer'),
    errors: z.array(problemErrorSchema).optional(),
  })
  .meta({ id: 'Problem' });

export type ProblemError = z.infer<typeof problemErrorSchema>;
export type Problem = z.infer<typeof problemSchema>;

export interface ProblemOptions {
  readonly code: string;
  readonly status: number;
  readonly detail: string;
  readonly errors?: readonly ProblemError[];
  /** Further members of the problem document. */
  readonly extra?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A refusal that belongs to HTTP itself (bad key, bad JSON, bad header). Business refusals are `Refusal`, mapped by `problem-status.ts`. */
export class ProblemException extends Error {
  readonly options: ProblemOptions;

  constructor(options: ProblemOptions) {
    super(options.detail);
    this.name = 'ProblemException';
    this.options = options;
  }
}

/** `fx-rate-missing` -> `Fx rate missing`. */
export function titleOf(code: string): string {
  const words = code.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** 404 for whatever the tenant does not have; a foreign tenant's identifier is answered in exactly the same way. */
export function notFound(what: string, id: string): ProblemException {
  return new ProblemException({ code: 'not-found', status: 404, detail: `There is no ${what} ${JSON.stringify(id)}.` });
}
