import type { AlertDecisionName, Evaluation } from '@app/credit-domain';
import { isMeasured } from '@app/credit-domain';
import type { JsonObject, Tx } from '@app/event-store';

/** One outcome of one rule on one close, with its named reasons; kept whether or not anybody was told. */
export type EvaluationResult = {
  readonly labels: { [name: string]: string };
  /** What the figures say. */
  readonly reason: string;
  /** What that does to the alert. */
  readonly decision: string;
  readonly baseAsOf: string | null;
  readonly before: string | null;
  readonly after: string | null;
  readonly change: string | null;
};

export interface RecordedEvaluation {
  readonly asOf: string;
  readonly results: readonly EvaluationResult[];
}

export function resultOf(evaluation: Evaluation, decision: AlertDecisionName): EvaluationResult {
  const movement = isMeasured(evaluation) ? evaluation.movement : null;
  return {
    labels: { ...evaluation.labels },
    reason: evaluation.reason,
    decision,
    baseAsOf: evaluation.baseAsOf,
    before: movement?.before?.toDecimal() ?? null,
    after: movement?.after.toDecimal() ?? null,
    change: movement?.change?.toDecimal() ?? null,
  };
}

/** The as-of dates this version of a rule has evaluated. */
export async function evaluatedDates(tx: Tx, tenantId: number, ruleId: string, ruleVersion: number): Promise<Set<string>> {
  const rows = await tx.query<{ as_of: string }>(
    'SELECT as_of FROM al.evaluation WHERE tenant_id = $1 AND rule_id = $2 AND rule_version = $3',
    [tenantId, ruleId, ruleVersion],
  );
  return new Set(rows.map((row) => row.as_of));
}

export async function saveEvaluation(
  tx: Tx,
  of: { readonly tenantId: number; readonly ruleId: string; readonly ruleVersion: number; readonly asOf: string },
  results: readonly EvaluationResult[],
): Promise<void> {
  await tx.execute(
    `INSERT INTO al.evaluation (tenant_id, rule_id, rule_version, as_of, results) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (tenant_id, rule_id, rule_version, as_of) DO UPDATE SET results = excluded.results, recorded_at = now()
     WHERE evaluation.results IS DISTINCT FROM excluded.results`,
    [of.tenantId, of.ruleId, of.ruleVersion, of.asOf, JSON.stringify(results satisfies readonly JsonObject[])],
  );
}

/** What a version of a rule said about the latest close it has seen; null before the first. */
export async function latestEvaluation(tx: Tx, tenantId: number, ruleId: string, ruleVersion: number): Promise<RecordedEvaluation | null> {
  const [row] = await tx.query<{ as_of: string; results: EvaluationResult[] }>(
    `SELECT as_of, results FROM al.evaluation WHERE tenant_id = $1 AND rule_id = $2 AND rule_version = $3 ORDER BY as_of DESC LIMIT 1`,
    [tenantId, ruleId, ruleVersion],
  );
  return row === undefined ? null : { asOf: row.as_of, results: row.results };
}
