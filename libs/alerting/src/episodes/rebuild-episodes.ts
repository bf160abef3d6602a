import type { EventStore, Tx } from '@app/event-store';
import { ALERT, ALERT_GROUP } from '../events';
import { EpisodeSession } from './episode-session';

/** Every group is looked at once after a rebuild: it finds what is due by then, and nothing it has told already. */
const AT_ONCE = new Date(0);

/**
 * Fills alerts and groups from the log where they are missing: after an upgrade, a log import or a rebuild. Reads and writes tables only: nobody
 * is told anything. Under the lock of the tenant's decisions.
 */
export async function ensureEpisodes(tx: Tx, store: EventStore, tenantId: number): Promise<void> {
  const built = await tx.query('SELECT 1 FROM al.episodes_built WHERE tenant_id = $1', [tenantId]);
  if (built.length > 0) return;
  await clearEpisodes(tx, tenantId);
  const alerts = await store.readCategory(tx, ALERT);
  const groups = await store.readCategory(tx, ALERT_GROUP);
  const session = new EpisodeSession(tenantId);
  session.replay([...alerts, ...groups].sort((left, right) => (left.position < right.position ? -1 : 1)));
  await session.save(tx, new Map(session.groupIds.map((groupId) => [groupId, { isWaiting: true, dueAt: AT_ONCE }])));
  await tx.execute('INSERT INTO al.episodes_built (tenant_id) VALUES ($1)', [tenantId]);
}

/** Throws the tables of a tenant away and refills them at once, one at a time with its decisions. */
export async function rebuildEpisodes(tx: Tx, store: EventStore, tenantId: number): Promise<void> {
  await lockDecisions(tx, tenantId);
  await clearEpisodes(tx, tenantId);
  await ensureEpisodes(tx, store, tenantId);
}

/** Decisions of a tenant are taken one at a time, to the end of the transaction. */
export async function lockDecisions(tx: Tx, tenantId: number): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('alerting', $1))`, [tenantId]);
}

/** Throws the tables of a tenant away; the next decision refills them from the log. */
export async function clearEpisodes(tx: Tx, tenantId: number): Promise<void> {
  for (const table of ['al.episode', 'al.alert_group', 'al.episodes_built']) {
    await tx.execute(`DELETE FROM ${table} WHERE tenant_id = $1`, [tenantId]);
  }
}
