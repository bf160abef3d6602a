import type { Tx } from '@app/event-store';
import type { RateLimit } from './outgoing-message';

/** How long one message keeps a channel to itself when its process is gone: longer than an attempt can take. */
const HOLD_SECONDS = 30;

interface ChannelDelivery {
  readonly tenantId: number;
  readonly channelId: string;
  readonly deliveryId: string;
}

const intervalMs = ({ perSecond }: RateLimit): number => Math.ceil(1_000 / perSecond);

/**
 * Takes the next turn of a channel, in the caller's transaction: null when it is ours, otherwise the milliseconds after which to come again. Every process asks the one
 * row, so the rate holds whoever sends. A channel that takes one at a time is held until the message before was answered, so that neither a slow
 * process nor a slow network brings two closer together than the rate allows.
 */
export async function takeSlot(tx: Tx, { tenantId, channelId, deliveryId }: ChannelDelivery, rate: RateLimit): Promise<number | null> {
  const alone = rate.burst <= 1;
  const [taken] = await tx.query(
    `INSERT INTO al.channel_slot AS s (tenant_id, channel_id, free_at, line_end, held_by, held_until)
     VALUES ($1, $2, clock_timestamp() + $4::int * interval '1 millisecond', clock_timestamp(), $5, $6 * interval '1 second' + clock_timestamp())
     ON CONFLICT (tenant_id, channel_id) DO UPDATE SET
       free_at = greatest(s.free_at, clock_timestamp()) + $4::int * interval '1 millisecond',
       held_by = EXCLUDED.held_by, held_until = EXCLUDED.held_until
     WHERE s.free_at - ($7::int - 1) * $4::int * interval '1 millisecond' <= clock_timestamp()
       AND (s.held_by IS NULL OR s.held_by = $3 OR s.held_until <= clock_timestamp())
       AND (s.paused_until IS NULL OR s.paused_until <= clock_timestamp())
     RETURNING 1 AS one`,
    [tenantId, channelId, deliveryId, intervalMs(rate), alone ? deliveryId : null, alone ? HOLD_SECONDS : null, Math.max(1, rate.burst)],
  );
  return taken === undefined ? standInLine(tx, { tenantId, channelId, deliveryId }, rate) : null;
}

/** Takes a ticket, once. Who holds the oldest is called when the channel is free; the wait is for when that call gets lost. */
async function standInLine(tx: Tx, { tenantId, channelId, deliveryId }: ChannelDelivery, rate: RateLimit): Promise<number> {
  await tx.execute(
    `UPDATE al.delivery SET ticket = coalesce(ticket, nextval('al.delivery_ticket')) WHERE tenant_id = $1 AND delivery_id = $2`,
    [tenantId, deliveryId],
  );
  const [row] = await tx.query<{ wait_ms: number }>(
    `UPDATE al.channel_slot SET line_end = greatest(line_end, free_at, paused_until, clock_timestamp()) + $3::int * interval '1 millisecond'
     WHERE tenant_id = $1 AND channel_id = $2
     RETURNING ceil(extract(epoch FROM line_end - clock_timestamp()) * 1000)::int AS wait_ms`,
    [tenantId, channelId, intervalMs(rate)],
  );
  if (row === undefined) throw new Error(`Channel ${channelId} has no slot.`);
  return row.wait_ms;
}

/** Lets go of the channel and says who is next and when; `pauseSeconds` is what the channel asked for. */
export async function releaseSlot(
  tx: Tx,
  { tenantId, channelId, deliveryId }: ChannelDelivery,
  rate: RateLimit,
  pauseSeconds: number | null,
): Promise<{ readonly deliveryId: string; readonly at: Date } | null> {
  const [row] = await tx.query<{ free_at: Date }>(
    `UPDATE al.channel_slot s SET
       free_at = CASE WHEN s.held_by = $3 THEN greatest(s.free_at, clock_timestamp() + $4::int * interval '1 millisecond') ELSE s.free_at END,
       held_until = CASE WHEN s.held_by = $3 THEN NULL ELSE s.held_until END,
       held_by = CASE WHEN s.held_by = $3 THEN NULL ELSE s.held_by END,
       paused_until = CASE WHEN $5::int IS NULL THEN s.paused_until ELSE greatest(s.paused_until, clock_timestamp() + $5::int * interval '1 second') END
     WHERE tenant_id = $1 AND channel_id = $2
     RETURNING greatest(s.free_at - ($6::int - 1) * $4::int * interval '1 millisecond', s.paused_until) AS free_at`,
    [tenantId, channelId, deliveryId, intervalMs(rate), pauseSeconds, Math.max(1, rate.burst)],
  );
  const [next] = await tx.query<{ delivery_id: string }>(
    `SELECT delivery_id FROM al.delivery WHERE tenant_id = $1 AND channel_id = $2 AND ticket IS NOT NULL AND delivery_id <> $3 ORDER BY ticket LIMIT 1`,
    [tenantId, channelId, deliveryId],
  );
  return row === undefined || next === undefined ? null : { deliveryId: next.delivery_id, at: row.free_at };
}
