import type { EventStore, Position } from '@app/event-store';
import { DunningProcessor } from '../dunning/project-dunning.processor';
import { WorkFactsProcessor } from '../worklist/project-work-facts.processor';
import { rebuildCases } from './rebuild-cases';

/** Positions read in one transaction: a long one would hold back the vacuum of everything, and their events are in memory at once. */
const POSITIONS_PER_TRANSACTION = 10_000n;

/**
 * Of runs only those that the log tells of: how far one on its way has come, and that one failed, is in no event. Without its row it would be
 * forgotten, or begun again on another day's facts.
 */
const CLEAR_DUNNING = [
  'DELETE FROM cl.dunning_letter WHERE tenant_id = $1',
  `DELETE FROM cl.dunning_run WHERE tenant_id = $1 AND status = 'completed'`,
];
const CLEAR_WORK = ['DELETE FROM cl.work_fact WHERE tenant_id = $1'];

/**
 * Throws every table of collections of a tenant away and refills it from the log: cases, timelines, letters, runs, the worklist. For a time in
 * which no worker runs. Nothing is judged, issued, told or sent by it; the checkpoint of what sends letters by email is left where it is.
 */
export async function rebuildCollections(store: EventStore, tenantId: number): Promise<void> {
  await rebuildCases(store, tenantId);
  await refill(store, tenantId, new DunningProcessor(), CLEAR_DUNNING);
  await refill(store, tenantId, new WorkFactsProcessor(), CLEAR_WORK);
}

async function refill(
  store: EventStore,
  tenantId: number,
  processor: DunningProcessor | WorkFactsProcessor,
  clear: readonly string[],
): Promise<void> {
  const { database } = store;
  const upTo = await database.transaction(tenantId, async (tx): Promise<Position> => {
    for (const statement of clear) await tx.execute(statement, [tenantId]);
    await tx.execute('DELETE FROM es.checkpoint WHERE tenant_id = $1 AND name = $2', [tenantId, processor.name]);
    return (await store.latestSettled(tx)).position;
  });
  for (let after = 0n; after < upTo; after += POSITIONS_PER_TRANSACTION) {
    const end = after + POSITIONS_PER_TRANSACTION < upTo ? after + POSITIONS_PER_TRANSACTION : upTo;
    await database.transaction(tenantId, async (tx) => {
      const events = () => store.readAfter(tx, after, end, { types: [...processor.eventTypes] });
      await processor.apply(tx, { tenantId, events });
      await tx.execute(
        `INSERT INTO es.checkpoint (tenant_id, name, position) VALUES ($1, $2, $3)
         ON CONFLICT (name, tenant_id) DO UPDATE SET position = EXCLUDED.position, moved_at = clock_timestamp()`,
        [tenantId, processor.name, end],
      );
    });
  }
}
