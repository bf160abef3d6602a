import { createHmac } from 'node:crypto';
import type { AttemptOutcome } from '@app/credit-domain';
import { ATTEMPT_MS_MAX, type OutgoingMessage, type Send, withinAttempt } from '../outgoing-message';
import type { Reach, Resolve } from './outbound/address-guard';
import { outcomeOfAnswer, outcomeOfFailure } from './outbound/answer-outcome';
import { postJson } from './outbound/post-json';

export interface WebhookSettings {
  readonly url: string;
  /** `whsec_…`, the current one first; each of them signs, so that a receiver may change over in its own time. */
  readonly secrets: () => readonly string[];
  readonly reach: Reach;
  readonly resolve: Resolve;
  readonly now: () => Date;
}

export const WEBHOOK_RATE = { perSecond: 20, burst: 20 } as const;

/** Posts after Standard Webhooks: under the id of the delivery, signed with every current key. */
export function webhookSender({ url, secrets, reach, resolve, now }: WebhookSettings, attemptMs = ATTEMPT_MS_MAX): Send {
  return async (message, stop): Promise<AttemptOutcome> => {
    try {
      const at = now();
      const body = JSON.stringify(webhookPayload(message, at));
      const headers = signedHeaders(message.deliveryId, at, body, secrets());
      const answer = await withinAttempt({ stop, attemptMs }, (signal) =>
        postJson({ url: new URL(url), headers, body, reach, resolve, signal }),
      );
      return outcomeOfAnswer('webhook', answer, now());
    } catch (error) {
      return outcomeOfFailure('webhook', error);
    }
  };
}

/** `webhook-id`, `webhook-timestamp` (seconds) and `webhook-signature`: `v1,` and the HMAC-SHA256 of `id.timestamp.body` by each secret. */
export function signedHeaders(id: string, at: Date, body: string, secrets: readonly string[]): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1_000));
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
  });
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' '), 'user-agent': 'Arrears' };
}

/** What a receiver reads: `type` and `timestamp` as the standard asks, the message itself as `data`. */
export function webhookPayload(message: OutgoingMessage, at: Date): object {
  const { deliveryId, alertId, groupId, inReplyTo, groupState, reason, severity, title, text, facts, bridges, debtors, view, members } =
    message;
  return {
    type: `alert.${reason}`,
    timestamp: at.toISOString(),
    data: { deliveryId, alertId, groupId, inReplyTo, groupState, reason, severity, title, text, facts, bridges, debtors, view, members },
  };
}
