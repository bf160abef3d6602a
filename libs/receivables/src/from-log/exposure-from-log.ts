import { anchorThresholds, type AgeingBasis } from '@app/credit-domain';
import type { Tx } from '@app/event-store';
import { EVENT_CODES } from '../events';
import type { DebtorExposureCell, ExposureCell, ExposureReading } from '../exposure/read-exposure';

/** An event of provisioning: it moves a debtor between the collective and the individual side. */
const ASSESSMENT_APPROVED = 'IndividualAssessmentApproved';
/** On demand: never past due. The same day the folded balances use, so that one scheme gives one bucket. */
const NEVER_DUE = '2199-12-31';

const ANCHORS: Readonly<Record<AgeingBasis, string>> = { recognition: 'recognised_on', invoice: 'invoiced_on', due: 'due_on' };

/** The planner knows nothing of what is inside the events and takes millions of rows for a handful: it would join them one by one. */
const WHOLE_LOG_SETTINGS = `SET LOCAL enable_nestloop = off; SET LOCAL enable_mergejoin = off; SET LOCAL jit = off; SET LOCAL work_mem = '64MB'`;

interface CellRow {
  debtor_id: string | null;
  entity_id: string;
  kind: string;
  class: string;
  segment: string;
  related: boolean;
  assessed: boolean;
  currency: string;
  reached: number;
  amount: string;
}

/**
 * What every receivable owes at (asOf, position), added up by pool and bucket in one statement over the events: recognitions and
 * movements dated by asOf, the latest reclassification and debtor fact by asOf (the earliest fact covers what was before it), and the
 * latest assessment of the debtor. It shares no rule in code with the projection it is compared with, on purpose.
 * $1 tenant, $2 asOf, $3 position, $4 thresholds oldest first, $5 debtors or null.
 */
function statement(anchor: string, byDebtor: boolean): string {
  const codeOf = (name: string): string => `(SELECT code FROM es.event_type WHERE name = '${name}')`;
  const log = (type: string): string => `FROM es.event e WHERE e.tenant_id = $1 AND e.position <= $3 AND e.type = ${type}`;
  const debtors = byDebtor ? `AND e.data->>'debtorId' = ANY($5::text[])` : '';
  return `
    WITH recognised AS (
      SELECT e.stream_id, e.data->>'debtorId' AS debtor_id, e.data->>'entityId' AS entity_id, e.data->>'kind' AS kind, coalesce(e.data->>'class', '') AS class,
             e.data->>'currency' AS currency, (e.data->>'amount')::bigint AS amount, e.effective_on AS recognised_on,
             (e.data->>'invoicedOn')::date AS invoiced_on, (e.data->>'dueOn')::date AS due_on
        ${log(String(EVENT_CODES.ReceivableRecognised))} AND e.effective_on <= $2 ${debtors}
    ),
    moved AS (
      SELECT e.stream_id, sum((e.data->>'gross')::bigint) AS gross
        ${log(String(EVENT_CODES.ReceivableMovementRecorded))} AND e.effective_on <= $2 ${debtors}
       GROUP BY e.stream_id
    ),
    reclassified AS (
      SELECT DISTINCT ON (e.stream_id) e.stream_id, e.data->'to'->>'entityId' AS entity_id, e.data->'to'->>'kind' AS kind,
             coalesce(e.data->'to'->>'class', '') AS class, (e.data->'to'->>'invoicedOn')::date AS invoiced_on, (e.data->'to'->>'dueOn')::date AS due_on
        ${log(String(EVENT_CODES.ReceivableReclassified))} AND e.effective_on <= $2
       ORDER BY e.stream_id, e.effective_on DESC, e.position DESC
    ),
    standing AS (
      SELECT r.debtor_id, r.currency, r.recognised_on, r.amount + coalesce(m.gross, 0) AS owed,
             CASE WHEN c.stream_id IS NULL THEN r.entity_id ELSE c.entity_id END AS entity_id, CASE WHEN c.stream_id IS NULL THEN r.kind ELSE c.kind END AS kind,
             CASE WHEN c.stream_id IS NULL THEN r.class ELSE c.class END AS class,
             CASE WHEN c.stream_id IS NULL THEN r.invoiced_on ELSE c.invoiced_on END AS invoiced_on,
             coalesce(CASE WHEN c.stream_id IS NULL THEN r.due_on ELSE c.due_on END, DATE '${NEVER_DUE}') AS due_on
        FROM recognised r LEFT JOIN moved m ON m.stream_id = r.stream_id LEFT JOIN reclassified c ON c.stream_id = r.stream_id
    ),
    line AS (
      SELECT debtor_id, entity_id, kind, class, currency, width_bucket(${anchor}, $4::date[]) AS reached, sum(owed) AS amount
        FROM standing WHERE owed <> 0 GROUP BY 1, 2, 3, 4, 5, 6
    ),
    debtor AS (
      SELECT DISTINCT ON (e.stream_id) e.data->>'debtorId' AS debtor_id, e.data->>'segment' AS segment, (e.data->>'relatedParty')::boolean AS related
        FROM es.event e
       WHERE e.tenant_id = $1 AND e.position <= $3 AND e.type IN (${String(EVENT_CODES.DebtorRegistered)}, ${String(EVENT_CODES.DebtorAmended)}) ${debtors}
       ORDER BY e.stream_id, (e.effective_on <= $2) DESC, CASE WHEN e.effective_on <= $2 THEN $2::date - e.effective_on ELSE e.effective_on - $2::date END,
                e.position DESC
    ),
    assessment AS (
      SELECT e.position, (e.data->>'effectiveOn')::date AS effective_on, e.data->>'debtorId' AS debtor_id, e.data->>'entityId' AS entity_id, e.data->'kinds' AS kinds,
             (e.data->>'release')::boolean AS release
        ${log(codeOf(ASSESSMENT_APPROVED))} AND (e.data->>'effectiveOn')::date <= $2
    ),
    assessed_line AS (
      SELECT DISTINCT ON (k.debtor_id, k.entity_id, k.kind) k.debtor_id, k.entity_id, k.kind, a.release
        FROM (SELECT DISTINCT debtor_id, entity_id, kind FROM line) k
        JOIN assessment a ON a.debtor_id = k.debtor_id AND (a.entity_id IS NULL OR a.entity_id = k.entity_id)
                         AND (jsonb_typeof(a.kinds) = 'null' OR a.kinds ? k.kind)
       ORDER BY k.debtor_id, k.entity_id, k.kind, a.effective_on DESC, a.position DESC
    )
    SELECT ${byDebtor ? 'l.debtor_id' : 'NULL::text AS debtor_id'}, l.entity_id, l.kind, l.class, d.segment, d.related,
           coalesce(NOT a.release, false) AS assessed, l.currency, l.reached, sum(l.amount)::text AS amount
      FROM line l
      LEFT JOIN debtor d ON d.debtor_id = l.debtor_id
      LEFT JOIN assessed_line a ON a.debtor_id = l.debtor_id AND a.entity_id = l.entity_id AND a.kind = l.kind
     GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
    HAVING sum(l.amount) <> 0`;
}

export async function exposureFromLog(tx: Tx, reading: ExposureReading): Promise<ExposureCell[]> {
  return (await rowsOf(tx, reading, null)).map(({ cell }) => cell);
}

export async function debtorExposureFromLog(tx: Tx, reading: ExposureReading, debtorIds: readonly string[]): Promise<DebtorExposureCell[]> {
  return (await rowsOf(tx, reading, debtorIds)).map(({ cell, debtorId }) => ({ ...cell, debtorId: debtorId ?? '' }));
}

async function rowsOf(
  tx: Tx,
  { tenantId, asOf, position, scheme }: ExposureReading,
  debtorIds: readonly string[] | null,
): Promise<{ cell: ExposureCell; debtorId: string | null }[]> {
  const oldestFirst = anchorThresholds(scheme, asOf).reverse();
  await tx.execute(WHOLE_LOG_SETTINGS);
  const parameters = [tenantId, asOf, position, oldestFirst, ...(debtorIds === null ? [] : [debtorIds])];
  const rows = await tx.query<CellRow>(statement(ANCHORS[scheme.basis], debtorIds !== null), parameters);
  return rows.map((row) => ({
    debtorId: row.debtor_id,
    cell: {
      ...{ entityId: row.entity_id, kind: row.kind, class: row.class, segment: row.segment, related: row.related, assessed: row.assessed },
      ...{ currency: row.currency, bucket: oldestFirst.length - row.reached, amount: BigInt(row.amount) },
    },
  }));
}
