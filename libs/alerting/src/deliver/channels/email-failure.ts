import type { AttemptOutcome } from '@app/credit-domain';
import { failureCode, propertyOf } from './failure';

/** Failures in which the server had the whole message or may have had it; everything else is from before. */
const PERHAPS_SENT = new Set(['etimedout', 'econnection', 'esocket', 'timeout']);
/** What the mail client calls an attempt that was broken off. */
const BROKEN_OFF = 'eabort';
/** Time-outs from before the server had said a word. */
const EARLY_TIMEOUTS = new Set(['CONNECT_TIMEOUT', 'GREETING_TIMEOUT', 'UPGRADE_TIMEOUT']);

/** What a failure of the mail client means for the message. */
export function emailFailure(error: unknown): AttemptOutcome {
  const responseCode = propertyOf(error, 'responseCode');
  if (typeof responseCode === 'number') {
    const reason = `smtp-${String(responseCode)}`;
    return responseCode >= 500 ? { outcome: 'give-up', reason } : { outcome: 'retry', reason, retryAfterSeconds: null };
  }
  const named = failureCode(error);
  const code = named === BROKEN_OFF ? 'timeout' : named;
  const reason = `smtp-${code}`;
  return PERHAPS_SENT.has(code) && !isEarly(error) ? { outcome: 'unknown', reason } : { outcome: 'retry', reason, retryAfterSeconds: null };
}

/** A refused or unreachable address fails in connect or in the look-up of its name, and a server that never greets has not heard a word. */
function isEarly(error: unknown): boolean {
  const syscall = propertyOf(error, 'syscall');
  return syscall === 'connect' || syscall === 'getaddrinfo' || EARLY_TIMEOUTS.has(String(propertyOf(error, 'timeoutType')));
}
