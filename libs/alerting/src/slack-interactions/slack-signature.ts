import { createHmac, timingSafeEqual } from 'node:crypto';
import { Refusal } from '@app/platform';

export const SLACK_TIMESTAMP_HEADER = 'x-slack-request-timestamp';
export const SLACK_SIGNATURE_HEADER = 'x-slack-signature';
/** A request older than this, or so far ahead, is not taken: it may be somebody else's, sent again. */
export const SLACK_SIGNATURE_AGE_SECONDS_MAX = 300;

/** What Slack sends, as it came: the signature is over the raw body. */
export interface SignedSlackRequest {
  /** Seconds since the epoch. */
  readonly timestamp: string | null;
  /** `v0=` and hexadecimal digits. */
  readonly signature: string | null;
  readonly body: string;
}

/**
 * When the request was signed, and its signature. Refused `slack-signature-expired`; `slack-signature-invalid` also without a secret, so that
 * nobody learns which channels exist. The comparison takes the same time whatever differs.
 */
export function verifySlackSignature(
  secret: string | null,
  { timestamp, signature, body }: SignedSlackRequest,
  now: Date,
): { readonly signature: Buffer; readonly signedAt: Date } {
  if (timestamp === null || !/^\d{1,12}$/.test(timestamp)) throw invalid(SLACK_TIMESTAMP_HEADER);
  const signedAt = new Date(Number(timestamp) * 1_000);
  if (Math.abs(now.getTime() - signedAt.getTime()) > SLACK_SIGNATURE_AGE_SECONDS_MAX * 1_000) {
    throw new Refusal('slack-signature-expired', 'The request was signed more than five minutes ago, or in the future.', [
      { field: SLACK_TIMESTAMP_HEADER },
    ]);
  }
  const given = /^v0=([0-9a-f]{64})$/.exec(signature ?? '')?.[1];
  const expected = createHmac('sha256', secret ?? '')
    .update(`v0:${timestamp}:${body}`)
    .digest();
  const sent = Buffer.from(given ?? '', 'hex');
  if (secret === null || sent.length !== expected.length || !timingSafeEqual(sent, expected)) throw invalid(SLACK_SIGNATURE_HEADER);
  return { signature: sent, signedAt };
}

function invalid(field: string): Refusal {
  return new Refusal('slack-signature-invalid', 'The request is not signed with the signing secret of this channel.', [{ field }]);
}
