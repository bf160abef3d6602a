import { decideMovement, localDate, lowestFrom, owedOn } from '@app/credit-domain';
import type { EventContext, EventStore, Position, Tx } from '@app/event-store';
import { uuidV5 } from '@app/platform';
import { lockBook } from '../book/book-lock';
import type { BookItem } from '../book/load-items';
import { loadItems } from '../book/load-items';
import type { EntityDisposalCompletedData } from '../events';
import type { PlannedEvent } from '../import-file/decide/decided-batch';
import { logRecorder } from '../import-file/record-batch';
import { contentHash } from '../import-file/rows/content-hash';
import type { DisposalState } from './disposal.fold';

/** Receivables gone through in one transaction. */
export const DISPOSALS_PER_TRANSACTION = 5_000;
/** Namespace of the movement ids of disposals (a random UUID, fixed for ever). */
const DISPOSAL_NAMESPACE = '3c1f1f64-3a57-4c55-9f0a-5d1a3f0a7b21';

/**
 * $1 tenant, $2 entity, $3 date, $4 after, $5 limit: receivables of the entity on that date that may still owe something then, each with how
 * many disposals it has had.
 */
const CANDIDATES = `
  SELECT r.receivable_no, (SELECT count(*)::int FROM rc.movement m
                           WHERE m.tenant_id = $1 AND m.receivable_no = r.receivable_no AND m.type = 'disposal') AS disposals
  FROM rc.receivable r
  LEFT JOIN LATERAL (
    SELECT x.entity_id FROM rc.reclassification x
    WHERE x.tenant_id = $1 AND x.receivable_no = r.receivable_no AND x.effective_on <= $3
    ORDER BY x.effective_on DESC, x.position DESC LIMIT 1
  ) c ON true
  WHERE r.tenant_id = $1 AND r.receivable_no > $4 AND r.recognised_on <= $3 AND (r.outstanding > 0 OR r.last_movement_on > $3)
    AND COALESCE(c.entity_id, r.entity_id) = $2
  ORDER BY r.receivable_no LIMIT $5`;

interface Candidate {
  receivable_no: bigint;
  disposals: number;
}

export interface DisposalRun {
  readonly store: EventStore;
  readonly context: EventContext;
  readonly disposal: Pick<DisposalState, 'disposalId' | 'entityId' | 'on' | 'reason'>;
  /** Called after every transaction; throws when the run has to stop. */
  readonly proceed: () => Promise<void>;
  readonly perTransaction?: number;
}

/**
 * Derecognises what every receivable of an entity owes on a date, in transactions of their own. What a later fact settles is left to it, as a
 * back-dated fact may take only what no later date needs; it is counted as remaining. Going over it again finds nothing more to do.
 * @returns minor units remaining by currency, and the last position recorded.
 */
export async function derecogniseReceivables(run: DisposalRun): Promise<{ remaining: Map<string, bigint>; lastPosition: Position | null }> {
  const { store, context } = run;
  const record = logRecorder(store, context, run.disposal.disposalId);
  const limit = run.perTransaction ?? DISPOSALS_PER_TRANSACTION;
  const remaining = new Map<string, bigint>();
  let lastPosition: Position | null = null;
  let after = 0n;
  for (;;) {
    const step = await store.database.transaction(context.tenantId, async (tx) => {
      await lockBook(tx, context.tenantId);
      const candidates = await tx.query<Candidate>(CANDIDATES, [context.tenantId, run.disposal.entityId, run.disposal.on, after, limit]);
      const planned = await planDisposals(tx, run, candidates);
      return { candidates, planned, position: await record(tx, planned.events) };
    });
    for (const { currency, left } of step.planned.left) remaining.set(currency, (remaining.get(currency) ?? 0n) + left);
    lastPosition = step.position ?? lastPosition;
    await run.proceed();
    const last = step.candidates.at(-1);
    if (last === undefined || step.candidates.length < limit) return { remaining, lastPosition };
    after = last.receivable_no;
  }
}

interface PlannedDisposals {
  readonly events: readonly PlannedEvent[];
  readonly left: readonly { readonly currency: string; readonly left: bigint }[];
}

async function planDisposals(tx: Tx, run: DisposalRun, candidates: readonly Candidate[]): Promise<PlannedDisposals> {
  const on = localDate(run.disposal.on);
  const disposals = new Map(candidates.map((candidate) => [candidate.receivable_no, candidate.disposals]));
  const items = await loadItems(
    tx,
    run.context.tenantId,
    candidates.map((candidate) => candidate.receivable_no),
    on,
  );
  const events: PlannedEvent[] = [];
  const left: { currency: string; left: bigint }[] = [];
  for (const item of items.sort((a, b) => (a.streamNo < b.streamNo ? -1 : 1))) {
    const amount = lowestFrom(item.balance, on).outstanding;
    left.push({ currency: item.currency, left: owedOn(item.balance, on) - amount });
    if (amount > 0n) events.push(disposalOf(run, item, amount, { row: events.length + 1, earlier: disposals.get(item.streamNo) ?? 0 }));
  }
  return { events, left };
}

/** The movement's id follows from the entity, the date and the receivable; a receivable owed again after its disposal gets another one. */
function disposalOf({ disposal }: DisposalRun, item: BookItem, amount: bigint, count: { row: number; earlier: number }): PlannedEvent {
  const { entityId, on, reason, disposalId } = disposal;
  const decided = decideMovement(item.balance, { type: 'disposal', amount, effectiveOn: localDate(on) });
  if (!decided.ok) throw new Error(`the disposal of ${item.receivableId} was refused: ${decided.refused.detail}`);
  const movementId = `disposal-${uuidV5(DISPOSAL_NAMESPACE, JSON.stringify([entityId, on, item.receivableId, count.earlier]))}`;
  const { gross, credit, recovered } = decided.effect;
  return {
    sourceRow: count.row,
    category: 'receivable',
    key: item.receivableId,
    expectedVersion: item.version,
    streamNo: item.streamNo,
    type: 'ReceivableMovementRecorded',
    effectiveOn: on,
    data: {
      ...{ movementId, receivableId: item.receivableId, debtorId: item.debtorId, entityId, type: 'disposal', currency: item.currency },
      ...{ amount: String(amount), gross: String(gross), credit: String(credit), recovered: String(recovered) },
      ...{ reference: disposalId, reason, attributes: {} },
      contentHash: contentHash([movementId, item.receivableId, 'disposal', String(amount), on], {}),
    },
  };
}

/** What left with the entity on the date, by currency, and how many receivables it was. One pass over the movements. */
export async function disposedOn(
  tx: Tx,
  tenantId: number,
  { entityId, on }: { readonly entityId: string; readonly on: string },
  remaining: ReadonlyMap<string, bigint>,
): Promise<Pick<EntityDisposalCompletedData, 'receivables' | 'amounts'>> {
  const rows = await tx.query<{ currency: string; receivables: number; disposed: string }>(
    `SELECT currency, count(DISTINCT receivable_no)::int AS receivables, (-sum(gross))::text AS disposed FROM rc.movement
     WHERE tenant_id = $1 AND type = 'disposal' AND entity_id = $2 AND effective_on = $3 GROUP BY currency`,
    [tenantId, entityId, on],
  );
  const disposed = new Map(rows.map((row) => [row.currency, row.disposed]));
  const currencies = [...new Set([...disposed.keys(), ...[...remaining].filter(([, left]) => left !== 0n).map(([currency]) => currency)])];
  return {
    receivables: rows.reduce((count, row) => count + row.receivables, 0),
    amounts: currencies
      .sort()
      .map((currency) => ({ currency, disposed: disposed.get(currency) ?? '0', remaining: String(remaining.get(currency) ?? 0n) })),
  };
}
