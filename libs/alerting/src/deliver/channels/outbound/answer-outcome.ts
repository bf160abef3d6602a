import type { AttemptOutcome } from '@app/credit-domain';
import { failureCode } from '../failure';
import { AddressRefused } from './address-guard';
import { type OutboundAnswer, OutboundFailure } from './post-json';

/** Answers that may be another one later, though they are in the range of the client's faults. */
const TRANSIENT_CLIENT_ERRORS = new Set([408, 425, 429]);

/** What an HTTP answer means for a message; `name` leads the reason, such as `slack` or `webhook`. */
export function outcomeOfAnswer(name: string, { status, retryAfter }: OutboundAnswer, now: Date): AttemptOutcome {
  if (status >= 200 && status < 300) return { outcome: 'sent', providerId: null };
  const reason = `${name}-http-${String(status)}`;
  if (status >= 500 || TRANSIENT_CLIENT_ERRORS.has(status)) {
    return { outcome: 'retry', reason, retryAfterSeconds: secondsOf(retryAfter, now) };
  }
  return { outcome: 'give-up', reason };
}

/** Without an answer the message may have arrived, unless the connection was never there. */
export function outcomeOfFailure(name: string, error: unknown): AttemptOutcome {
  if (error instanceof AddressRefused) return { outcome: 'give-up', reason: `${name}-${error.code}` };
  const reason = `${name}-${failureCode(error instanceof OutboundFailure ? error.cause : error)}`;
  return error instanceof OutboundFailure && error.nothingSent
    ? { outcome: 'retry', reason, retryAfterSeconds: null }
    : { outcome: 'unknown', reason };
}

/** Retry-After as seconds; both of its forms, seconds and a date (RFC 9110 section 10.2.3). Null when absent or unreadable. */
export function secondsOf(retryAfter: string | null, now: Date): number | null {
  if (retryAfter === null) return null;
  if (/^\d+$/.test(retryAfter.trim())) return Number(retryAfter);
  const at = Date.parse(retryAfter);
  return Number.isNaN(at) ? null : Math.max(0, Math.ceil((at - now.getTime()) / 1_000));
}
