import type { EventStore, Position, Tx } from '@app/event-store';
import { TIMELINE_PROCESSOR, TimelineProcessor } from '../timeline/timeline.processor';

/** Positions read in one transaction: a long one would hold back the vacuum of everything. */
const POSITIONS_PER_TRANSACTION = 50_000n;

/** $1 tenant. Which debtor each promise, dispute and plan is about. */
const REFS = `
  INSERT INTO cl.case_ref (tenant_id, case_id, debtor_id)
  SELECT $1, COALESCE(e.data->>'promiseId', e.data->>'disputeId', e.data->>'planId'), s.key
  FROM es.stream s
  JOIN es.event e ON e.tenant_id = $1 AND e.stream_id = s.stream_id
  JOIN es.event_type t ON t.code = e.type AND t.name IN ('PromiseMade', 'DisputeRaised', 'PaymentPlanAgreed')
  WHERE s.tenant_id = $1 AND s.category = 'debtor-case'
  ON CONFLICT DO NOTHING`;

/** $1 tenant. Everybody with a claim is judged once more, which says again when the next one is due and writes nothing else. */
const CLAIMS = `
  INSERT INTO cl.debtor_claims (tenant_id, debtor_id, cash_from, judge_after)
  SELECT $1, s.key, min(e.effective_on), DATE '0001-01-01'
  FROM es.stream s
  JOIN es.event e ON e.tenant_id = $1 AND e.stream_id = s.stream_id
  JOIN es.event_type t ON t.code = e.type AND t.name IN ('PromiseMade', 'PaymentPlanAgreed')
  WHERE s.tenant_id = $1 AND s.category = 'debtor-case'
  GROUP BY s.key`;

/**
 * Throws the tables about cases and timelines of a tenant away and refills them from the log. For a time in which no worker runs. Nothing is
 * judged, told or sent by it.
 */
export async function rebuildCases(store: EventStore, tenantId: number): Promise<Position> {
  const { database } = store;
  const upTo = await database.transaction(tenantId, async (tx) => {
    for (const table of ['cl.case_ref', 'cl.debtor_claims', 'cl.cash_seen', 'cl.timeline_entry']) {
      await tx.execute(`DELETE FROM ${table} WHERE tenant_id = $1`, [tenantId]);
    }
    await tx.execute('DELETE FROM es.checkpoint WHERE tenant_id = $1 AND name = $2', [tenantId, TIMELINE_PROCESSOR]);
    await tx.execute(REFS, [tenantId]);
    await tx.execute(CLAIMS, [tenantId]);
    return (await store.latestSettled(tx)).position;
  });
  const timeline = new TimelineProcessor(store);
  for (let after = 0n; after < upTo; after += POSITIONS_PER_TRANSACTION) {
    const end = after + POSITIONS_PER_TRANSACTION < upTo ? after + POSITIONS_PER_TRANSACTION : upTo;
    await database.transaction(tenantId, (tx) => refill(tx, timeline, { tenantId, after, upTo: end }));
  }
  return upTo;
}

async function refill(tx: Tx, timeline: TimelineProcessor, page: { tenantId: number; after: Position; upTo: Position }): Promise<void> {
  await timeline.apply(tx, { ...page, events: () => Promise.resolve([]) });
  await tx.execute(
    `INSERT INTO es.checkpoint (tenant_id, name, position) VALUES ($1, $2, $3)
     ON CONFLICT (name, tenant_id) DO UPDATE SET position = EXCLUDED.position, moved_at = clock_timestamp()`,
    [page.tenantId, TIMELINE_PROCESSOR, page.upTo],
  );
}
