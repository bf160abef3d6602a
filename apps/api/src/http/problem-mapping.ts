import { HttpException, Logger } from '@nestjs/common';
import { KnownAtInFuture, KnownAtInvalid, ProjectionBehind, VersionConflict } from '@app/event-store';
import { Refusal } from '@app/platform';
import { RETRY_AFTER_SECONDS } from './limits';
import { ProblemException, type ProblemOptions } from './problem';
import { statusOfRefusal } from './problem-status';

const RETRY_LATER = { 'retry-after': String(RETRY_AFTER_SECONDS) };

/** SQLSTATE classes and Node error codes that mean "the database cannot be reached now", as opposed to a bug. */
const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'ETIMEDOUT',
  'EPIPE',
  '57P01',
  '57P02',
  '57P03',
  '53300',
  '08006',
  '08001',
]);
const STATEMENT_TIMED_OUT = '57014';

const CODE_OF_STATUS: Readonly<Record<number, string>> = {
  400: 'malformed-request',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not-found',
  405: 'method-not-allowed',
  406: 'not-acceptable',
  408: 'request-timeout',
  413: 'body-too-large',
  414: 'uri-too-long',
  415: 'unsupported-media-type',
  429: 'too-many-requests',
  503: 'unavailable',
};

/**
 * What a caller is told about anything that was thrown. Only refusals, conflicts and the edge's own problems speak in their own words; an
 * unexpected error says nothing about itself (no message, stack or SQL) and is logged instead.
 */
export function problemOf(error: unknown, request: { ifMatch: boolean }): ProblemOptions & { readonly unexpected?: true } {
  if (error instanceof ProblemException) return error.options;
  if (error instanceof Refusal) {
    return {
      code: error.code,
      status: statusOfRefusal(error.code),
      detail: error.message,
      errors: error.errors.map((at) => ({ code: error.code, detail: error.message, ...at })),
      extra: error.extra,
    };
  }
  if (error instanceof VersionConflict) {
    return {
      code: 'version-conflict',
      status: request.ifMatch ? 412 : 409,
      detail: `${error.category} ${error.key} has changed: expected version ${String(error.expectedVersion)}, it is at ${String(error.actualVersion)}.`,
      extra: { expectedVersion: error.expectedVersion, actualVersion: error.actualVersion },
    };
  }
  if (error instanceof KnownAtInFuture) {
    return {
      code: 'known-at-in-future',
      status: 422,
      detail: 'knownAt lies after the last settled moment.',
      errors: [knownAtField('known-at-in-future', error)],
    };
  }
  if (error instanceof KnownAtInvalid) {
    return {
      code: 'known-at-invalid',
      status: 422,
      detail: 'knownAt is not an instant.',
      errors: [knownAtField('known-at-invalid', error)],
    };
  }
  if (error instanceof ProjectionBehind) {
    return { code: 'projection-behind', status: 503, detail: 'The figures have not caught up with the log yet.', headers: RETRY_LATER };
  }
  if (error instanceof HttpException) return ofHttpException(error);
  return ofFailure(error);
}

function knownAtField(code: string, error: Error): { code: string; field: string; detail: string } {
  return { code, field: 'knownAt', detail: error.message };
}

/** Problems found by the framework itself: an unknown route, a body that is not JSON, too large or of an unknown type. */
function ofHttpException(error: HttpException): ProblemOptions & { readonly unexpected?: true } {
  const status = error.getStatus();
  if (status >= 500 && status !== 503) return ofFailure(error);
  return { code: CODE_OF_STATUS[status] ?? 'malformed-request', status, detail: error.message };
}

function ofFailure(error: unknown): ProblemOptions & { readonly unexpected: true } {
  const cause = codeOf(error);
  if (cause === STATEMENT_TIMED_OUT) {
    return { code: 'timed-out', status: 503, detail: 'The answer took too long and was given up.', headers: RETRY_LATER, unexpected: true };
  }
  if (cause !== undefined && UNREACHABLE.has(cause)) {
    return {
      code: 'unavailable',
      status: 503,
      detail: 'The database cannot be reached at the moment.',
      headers: RETRY_LATER,
      unexpected: true,
    };
  }
  return {
    code: 'internal-error',
    status: 500,
    detail: 'Something went wrong here. Quote the requestId when you report it.',
    unexpected: true,
  };
}

function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

export const problemLogger = new Logger('Problem');
