import type { EventStore, Tx } from '@app/event-store';
import { Refusal } from '@app/platform';
import { closeShutting, foldPeriodCloses, PERIOD_CATEGORY } from './period-close.fold';

/** First key of the advisory lock between decisions that enter a period and the approval that shuts it; the second is the tenant. */
const PERIOD_LOCK = 731_058;

/**
 * Refuses what would take effect in a closed period: rates, schemes, assessments, overlays, further approvals of runs. Facts are never
 * refused. `entityId` null = it takes effect in every entity, so one closed entity is enough to refuse it.
 *
 * Called in the transaction that writes, it also keeps a period from being closed between this look and that commit; in a transaction
 * of its own it only looks. Refused `period-closed`, naming the period and the close.
 */
export async function assertPeriodOpen(
  store: EventStore,
  tx: Tx,
  at: { readonly effectiveOn: string; readonly entityId: string | null },
): Promise<void> {
  await enterPeriods(tx);
  const close = closeShutting(foldPeriodCloses(await store.readCategory(tx, PERIOD_CATEGORY)), at);
  if (close === null) return;
  const whose = close.entityId === null ? '' : ` of entity '${close.entityId}'`;
  throw new Refusal(
    'period-closed',
    `${at.effectiveOn} lies in the period${whose} closed through ${close.through} (close '${close.closeId}'). Two people can reopen it.`,
    [{ field: 'effectiveOn', pointer: '/effectiveOn' }],
  );
}

/** Keeps every period from being closed until the transaction ends. */
export async function enterPeriods(tx: Tx): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock_shared($1, $2)', [PERIOD_LOCK, tx.tenantId]);
}

/** Waits for the decisions that are entering a period, and keeps others out until the transaction ends. */
export async function holdPeriods(tx: Tx): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock($1, $2)', [PERIOD_LOCK, tx.tenantId]);
}
