import type { Tx } from '@app/event-store';

/** The check that tells of a channel that fails. */
export const CHANNEL_FAILING = 'channel-failing';

/** How a channel fares: from the first attempt that failed to the first message that is taken again. */
export interface ChannelHealth {
  readonly failingSince: Date;
  readonly reason: string;
  readonly deadLetter: boolean;
  readonly told: boolean;
  /** What waited for it was called when it had failed for too long. */
  readonly called: boolean;
}

interface HealthRow {
  failing_since: Date;
  reason: string;
  dead_letter: boolean;
  told: boolean;
  called: boolean;
}

const COLUMNS = 'failing_since, reason, dead_letter, told, called';

const toHealth = (row: HealthRow | undefined): ChannelHealth | null =>
  row === undefined
    ? null
    : { failingSince: row.failing_since, reason: row.reason, deadLetter: row.dead_letter, told: row.told, called: row.called };

export async function readHealth(tx: Tx, tenantId: number, channelId: string): Promise<ChannelHealth | null> {
  const sql = `SELECT ${COLUMNS} FROM al.channel_health WHERE tenant_id = $1 AND channel_id = $2`;
  return toHealth((await tx.query<HealthRow>(sql, [tenantId, channelId]))[0]);
}

export async function noteFailure(
  tx: Tx,
  tenantId: number,
  failure: { readonly channelId: string; readonly at: Date; readonly reason: string; readonly deadLetter: boolean },
): Promise<ChannelHealth> {
  const [row] = await tx.query<HealthRow>(
    `INSERT INTO al.channel_health AS h (tenant_id, channel_id, failing_since, failures, reason, dead_letter) VALUES ($1, $2, $3, 1, $4, $5)
     ON CONFLICT (tenant_id, channel_id) DO UPDATE SET failures = h.failures + 1, reason = EXCLUDED.reason, dead_letter = h.dead_letter OR EXCLUDED.dead_letter
     RETURNING ${COLUMNS}`,
    [tenantId, failure.channelId, failure.at, failure.reason, failure.deadLetter],
  );
  const health = toHealth(row);
  if (health === null) throw new Error('An upsert returned no row.');
  return health;
}

/** The channel takes messages. True when somebody was told that it did not. */
export async function noteSuccess(tx: Tx, tenantId: number, channelId: string): Promise<boolean> {
  const [row] = await tx.query<{ told: boolean }>('DELETE FROM al.channel_health WHERE tenant_id = $1 AND channel_id = $2 RETURNING told', [
    tenantId,
    channelId,
  ]);
  return row?.told === true;
}

export async function noteTold(tx: Tx, tenantId: number, channelId: string): Promise<void> {
  await tx.execute('UPDATE al.channel_health SET told = true WHERE tenant_id = $1 AND channel_id = $2', [tenantId, channelId]);
}

export async function noteCalled(tx: Tx, tenantId: number, channelId: string): Promise<void> {
  await tx.execute('UPDATE al.channel_health SET called = true WHERE tenant_id = $1 AND channel_id = $2', [tenantId, channelId]);
}

/** Channels that fail and that somebody has yet to be told of, or to fall back from; how long they may is for the caller to say. */
export async function openFailures(tx: Tx, tenantId: number): Promise<string[]> {
  const sql = 'SELECT channel_id FROM al.channel_health WHERE tenant_id = $1 AND NOT (told AND called)';
  return (await tx.query<{ channel_id: string }>(sql, [tenantId])).map((row) => row.channel_id);
}

/** Whether a channel has failed for so many minutes. */
export function failsTooLong(health: ChannelHealth | null, now: Date, minutes: number): boolean {
  return health !== null && now.getTime() - health.failingSince.getTime() >= minutes * 60_000;
}

/** Whether a channel answered that it is gone for good (410): asking it again is pointless until somebody has looked. */
export function isGone(reason: string): boolean {
  return reason.endsWith('-http-410');
}
