import type { AttemptOutcome } from '@app/credit-domain';
import { ATTEMPT_MS_MAX, type Send, withinAttempt } from '../outgoing-message';
import { failureCode } from './failure';
import { slackPayload } from './slack-payload';

/** Answers that may be another one later, though they are in the range of the client's faults. */
const TRANSIENT_CLIENT_ERRORS = new Set([408, 425, 429]);
/** Errors from before anything was sent. Every other failure of the connection leaves open whether the message arrived. */
const NOTHING_SENT = new Set(['econnrefused', 'enotfound', 'eai_again', 'ehostunreach', 'enetunreach', 'und_err_connect_timeout']);

/**
 * Posts to a Slack incoming webhook. Plain fetch, because Slack's own client for webhooks drops Retry-After. Redirects are not followed: they
 * would lead a secret address somewhere nobody registered.
 */
export function slackSender(webhookUrl: string, now: () => Date, attemptMs = ATTEMPT_MS_MAX): Send {
  return async (message, stop): Promise<AttemptOutcome> => {
    try {
      const response = await withinAttempt({ stop, attemptMs }, (signal) =>
        post(webhookUrl, JSON.stringify(slackPayload(message)), signal),
      );
      return outcomeOf(response.status, response.headers.get('retry-after'), now());
    } catch (error) {
      const code = failureCode(error);
      const reason = `slack-${code}`;
      return NOTHING_SENT.has(code) || isCertificateError(code)
        ? { outcome: 'retry', reason, retryAfterSeconds: null }
        : { outcome: 'unknown', reason };
    }
  };
}

async function post(url: string, body: string, signal: AbortSignal): Promise<Response> {
  const headers = { 'content-type': 'application/json; charset=utf-8' };
  const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal });
  // The answer is not read, only let go of; what it says stands in its status.
  await response.body?.cancel();
  return response;
}

function outcomeOf(status: number, retryAfter: string | null, now: Date): AttemptOutcome {
  if (status >= 200 && status < 300) return { outcome: 'sent', providerId: null };
  const reason = `slack-http-${String(status)}`;
  if (status >= 500 || TRANSIENT_CLIENT_ERRORS.has(status)) {
    return { outcome: 'retry', reason, retryAfterSeconds: secondsOf(retryAfter, now) };
  }
  return { outcome: 'give-up', reason };
}

/** Retry-After as seconds; both of its forms, seconds and a date (RFC 9110 section 10.2.3). Null when absent or unreadable. */
export function secondsOf(retryAfter: string | null, now: Date): number | null {
  if (retryAfter === null) return null;
  if (/^\d+$/.test(retryAfter.trim())) return Number(retryAfter);
  const at = Date.parse(retryAfter);
  return Number.isNaN(at) ? null : Math.max(0, Math.ceil((at - now.getTime()) / 1_000));
}

function isCertificateError(code: string): boolean {
  return code.startsWith('err_tls_') || code.includes('cert') || code.startsWith('unable_to_');
}
