import type { Tx } from '@app/event-store';
import { SLACK_SIGNATURE_AGE_SECONDS_MAX } from './slack-signature';

/** Remembers a request while it would still be taken for fresh. False: it has been here before. */
export async function rememberSlackSignature(
  tx: Tx,
  seen: { readonly tenantId: number; readonly channelId: string; readonly signature: Buffer; readonly signedAt: Date },
): Promise<boolean> {
  const { tenantId, channelId, signature, signedAt } = seen;
  // Twice the age: one that was signed ahead of our clock is fresh for longer.
  await tx.execute(
    `DELETE FROM al.slack_signature WHERE tenant_id = $1 AND channel_id = $2 AND signed_at < $3::timestamptz - make_interval(secs => $4)`,
    [tenantId, channelId, signedAt, 2 * SLACK_SIGNATURE_AGE_SECONDS_MAX],
  );
  const inserted = await tx.query(
    `INSERT INTO al.slack_signature (tenant_id, channel_id, signature, signed_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT DO NOTHING RETURNING 1`,
    [tenantId, channelId, signature, signedAt],
  );
  return inserted.length === 1;
}
