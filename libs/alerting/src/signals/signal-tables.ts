import type { FailedWork, Feed } from '@app/credit-domain';
import { FEEDS } from '@app/credit-domain';
import type { Tx } from '@app/event-store';

/** Statements of `al.work` and `al.unkept_promise`: what the processor keeps and the rules read. */

export interface WorkOutcome {
  readonly job: string;
  readonly key: string;
  /** The business date; null = it failed. */
  readonly completedOn: string | null;
  readonly reason: string | null;
}

export async function saveWork(tx: Tx, tenantId: number, { job, key, completedOn, reason }: WorkOutcome): Promise<void> {
  await tx.execute(
    `INSERT INTO al.work (tenant_id, job, key, completed_on, is_failed, reason) VALUES ($1, $2, $3, $4::date, $4::date IS NULL, $5)
     ON CONFLICT (tenant_id, job, key) DO UPDATE SET completed_on = coalesce(excluded.completed_on, work.completed_on),
       is_failed = excluded.is_failed, reason = excluded.reason`,
    [tenantId, job, key, completedOn, reason],
  );
}

export async function failedWork(tx: Tx, tenantId: number, limit: number): Promise<FailedWork[]> {
  return tx.query<FailedWork & object>(
    `SELECT job, key, coalesce(reason, '') AS reason FROM al.work WHERE tenant_id = $1 AND is_failed ORDER BY job, key DESC LIMIT $2`,
    [tenantId, limit],
  );
}

/** When each feed last came: the day of its import, or the date of the latest close. */
export async function lastOfFeeds(tx: Tx, tenantId: number): Promise<ReadonlyMap<Feed, string>> {
  const rows = await tx.query<{ feed: string; last: string }>(
    `SELECT key AS feed, completed_on::text AS last FROM al.work WHERE tenant_id = $1 AND job = 'import' AND completed_on IS NOT NULL
     UNION ALL
     SELECT 'close', max(key) FROM al.work WHERE tenant_id = $1 AND job = 'close' AND completed_on IS NOT NULL HAVING max(key) IS NOT NULL`,
    [tenantId],
  );
  const known: readonly string[] = FEEDS;
  return new Map(rows.flatMap(({ feed, last }) => (known.includes(feed) ? [[feed as Feed, last] as const] : [])));
}

export interface UnkeptPromiseRow {
  readonly promiseId: string;
  readonly debtorId: string;
  readonly amount: bigint;
  readonly paidInTime: bigint;
  readonly currency: string;
  readonly dueOn: string;
  readonly counted: readonly string[];
}

/** A promise that was judged not kept, or judged anew. */
export async function saveUnkept(tx: Tx, tenantId: number, promise: UnkeptPromiseRow): Promise<void> {
  const { promiseId, debtorId, amount, paidInTime, currency, dueOn, counted } = promise;
  await tx.execute(
    `INSERT INTO al.unkept_promise (tenant_id, promise_id, debtor_id, amount, paid_in_time, currency, due_on, counted)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT (tenant_id, promise_id) DO UPDATE SET amount = excluded.amount, paid_in_time = excluded.paid_in_time,
       due_on = excluded.due_on, counted = excluded.counted, is_over = false`,
    [tenantId, promiseId, debtorId, amount, paidInTime, currency, dueOn, counted],
  );
}

/** A promise that was kept after all, and what it makes good: what the debtor failed to keep before it. */
export async function saveKept(
  tx: Tx,
  tenantId: number,
  kept: { readonly promiseId: string; readonly debtorId: string; readonly amount: bigint; readonly dueOn: string },
): Promise<void> {
  await tx.execute('UPDATE al.unkept_promise SET amount = $3, paid_in_time = $3 WHERE tenant_id = $1 AND promise_id = $2', [
    tenantId,
    kept.promiseId,
    kept.amount,
  ]);
  await tx.execute('UPDATE al.unkept_promise SET made_good = true WHERE tenant_id = $1 AND debtor_id = $2 AND due_on < $3', [
    tenantId,
    kept.debtorId,
    kept.dueOn,
  ]);
}

/** A judgement that stands no more: the promise is open again. */
export async function forgetPromise(tx: Tx, tenantId: number, promiseId: string): Promise<void> {
  await tx.execute('DELETE FROM al.unkept_promise WHERE tenant_id = $1 AND promise_id = $2', [tenantId, promiseId]);
}

/** Promises to look at: those that are not over, and those that an alert is open about. */
export async function unkeptPromises(
  tx: Tx,
  tenantId: number,
  withAlerts: readonly string[],
): Promise<(UnkeptPromiseRow & { readonly madeGood: boolean })[]> {
  return tx.query(
    `SELECT promise_id AS "promiseId", debtor_id AS "debtorId", amount, paid_in_time AS "paidInTime", currency, due_on::text AS "dueOn", counted,
            made_good AS "madeGood"
     FROM al.unkept_promise WHERE tenant_id = $1 AND (NOT is_over OR promise_id = ANY ($2)) ORDER BY due_on, promise_id`,
    [tenantId, withAlerts],
  );
}

/** Nothing of them is open any more; a rule defined from now on has no more to say about them. */
export async function closePromises(tx: Tx, tenantId: number, promiseIds: readonly string[]): Promise<void> {
  if (promiseIds.length === 0) return;
  await tx.execute('UPDATE al.unkept_promise SET is_over = true WHERE tenant_id = $1 AND promise_id = ANY ($2) AND NOT is_over', [
    tenantId,
    promiseIds,
  ]);
}
