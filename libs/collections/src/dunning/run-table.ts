import type { Position, Tx } from '@app/event-store';
import { Refusal } from '@app/platform';
import type { DunningRunView } from './dunning-runs.commands';

export interface RunRow {
  readonly run_id: string;
  readonly as_of: string;
  readonly status: DunningRunView['status'];
  readonly principal_id: string;
  readonly correlation_id: string;
  readonly known_to: Position | null;
  readonly after_debtor: string;
  readonly letters: number;
  readonly not_dunned: DunningRunView['notDunned'];
  readonly requested_at: Date;
}

const COLUMNS = 'run_id, as_of, status, principal_id, correlation_id, known_to, after_debtor, letters, not_dunned, requested_at';

/**
 * A run looks at the book as of its day, so one of an earlier day would count days past due that the last one has left behind.
 * @throws Refusal `dunning-run-before-last`, `date-in-future`
 */
export async function refuseOutOfOrder(tx: Tx, tenantId: number, asOf: string, today: string): Promise<void> {
  if (asOf > today)
    throw new Refusal('date-in-future', `A run is as of today, ${today}, or of a day before.`, [{ field: 'asOf', pointer: '/asOf' }]);
  const last = await lastRunOn(tx, tenantId);
  if (last !== null && asOf < last) {
    throw new Refusal('dunning-run-before-last', `The last run was as of ${last}; one as of ${asOf} would go back behind it.`, [
      { field: 'asOf', pointer: '/asOf' },
    ]);
  }
}

export async function lastRunOn(tx: Tx, tenantId: number): Promise<string | null> {
  const [row] = await tx.query<{ as_of: string | null }>(
    `SELECT max(as_of) AS as_of FROM cl.dunning_run WHERE tenant_id = $1 AND status <> 'failed'`,
    [tenantId],
  );
  return row?.as_of ?? null;
}

export async function requestRun(
  tx: Tx,
  tenantId: number,
  run: { readonly runId: string; readonly asOf: string; readonly principalId: string; readonly correlationId: string },
): Promise<void> {
  await tx.execute(
    `INSERT INTO cl.dunning_run (tenant_id, run_id, as_of, status, principal_id, correlation_id) VALUES ($1, $2, $3, 'queued', $4, $5)
     ON CONFLICT (tenant_id, run_id) DO NOTHING`,
    [tenantId, run.runId, run.asOf, run.principalId, run.correlationId],
  );
}

export async function runById(tx: Tx, tenantId: number, runId: string): Promise<RunRow | undefined> {
  const [row] = await tx.query<RunRow>(`SELECT ${COLUMNS} FROM cl.dunning_run WHERE tenant_id = $1 AND run_id = $2`, [tenantId, runId]);
  return row;
}

export function latestRuns(tx: Tx, tenantId: number, limit: number): Promise<RunRow[]> {
  return tx.query<RunRow>(`SELECT ${COLUMNS} FROM cl.dunning_run WHERE tenant_id = $1 ORDER BY requested_at DESC, run_id LIMIT $2`, [
    tenantId,
    limit,
  ]);
}

/** Remembers how far a run has come. */
export async function saveProgress(
  tx: Tx,
  tenantId: number,
  run: Pick<RunRow, 'run_id' | 'after_debtor' | 'letters' | 'not_dunned' | 'known_to' | 'status'>,
): Promise<void> {
  await tx.execute(
    `UPDATE cl.dunning_run SET status = $3, known_to = $4, after_debtor = $5, letters = $6, not_dunned = $7
     WHERE tenant_id = $1 AND run_id = $2 AND status IN ('queued', 'running')`,
    [tenantId, run.run_id, run.status, run.known_to, run.after_debtor, run.letters, JSON.stringify(run.not_dunned)],
  );
}

export function viewOfRun(row: RunRow): DunningRunView {
  return {
    ...{ runId: row.run_id, asOf: row.as_of, status: row.status, principalId: row.principal_id, knownTo: row.known_to },
    ...{ letters: row.letters, notDunned: row.not_dunned, requestedAt: row.requested_at },
  };
}
