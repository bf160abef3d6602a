import type { Tx } from '@app/event-store';
import { classifiedLater } from '../classification/type-at-position';
import type { WriteOffEntry, WriteOffRegister, WriteOffRegisterRequest, WriteOffTotal } from './write-off-register.queries';

/**
 * $1 tenant, $2 as-of date, $3 position, $4 first day of the write-offs. What is left of a receivable's write-offs is what was not recovered;
 * recoveries go to the oldest first, so what is left lies in the latest ones. An end of enforcement covers the write-offs up to its day.
 */
const WRITTEN_OFF = `
  WITH ended AS (
    SELECT DISTINCT ON (receivable_no) receivable_no, ended_on, reason FROM rc.enforcement_end
    WHERE tenant_id = $1 AND ended_on <= $2 AND position <= $3 ORDER BY receivable_no, position DESC
  ),
  written AS (
    SELECT m.receivable_no, sum(-m.gross) AS all_time, sum(-m.gross) FILTER (WHERE m.effective_on >= $4) AS written_off,
           COALESCE(sum(-m.gross) FILTER (WHERE m.effective_on >= $4 AND m.effective_on > COALESCE(e.ended_on, DATE '-infinity')), 0) AS enforceable,
           min(m.effective_on) FILTER (WHERE m.effective_on >= $4) AS first_on, max(m.effective_on) AS last_on,
           (array_agg(m.position ORDER BY m.effective_on DESC, m.position DESC))[1] AS last_position,
           (array_agg(m.movement_id ORDER BY m.effective_on DESC, m.position DESC))[1] AS last_movement_id
    FROM rc.movement m ${classifiedLater('$3')}
    LEFT JOIN ended e ON e.receivable_no = m.receivable_no
    WHERE m.tenant_id = $1 AND m.type = 'write_off' AND later.position IS NULL AND m.effective_on <= $2 AND m.position <= $3
    GROUP BY m.receivable_no
    HAVING bool_or(m.effective_on >= $4)
  ),
  entry AS (
    SELECT w.*, r.receivable_id, r.debtor_no, r.currency, r.entity_id, r.kind, rec.last_recovered_on,
           LEAST(w.written_off, w.all_time - rec.recovered) AS left_over, LEAST(w.enforceable, w.all_time - rec.recovered) AS under_enforcement
    FROM written w
    JOIN rc.receivable r ON r.tenant_id = $1 AND r.receivable_no = w.receivable_no
    CROSS JOIN LATERAL (
      SELECT COALESCE(sum(recovered), 0) AS recovered, max(effective_on) FILTER (WHERE recovered > 0) AS last_recovered_on
      FROM rc.movement WHERE tenant_id = $1 AND receivable_no = w.receivable_no AND effective_on <= $2 AND position <= $3
    ) rec
  )`;

interface EntryRow {
  receivable_id: string;
  debtor_id: string;
  entity_id: string;
  kind: string;
  currency: string;
  written_off: string;
  left_over: string;
  under_enforcement: string;
  first_on: string;
  last_on: string;
  last_recovered_on: string | null;
  ended_on: string | null;
  end_reason: string | null;
  reason: string;
}

interface TotalRow {
  currency: string;
  receivables: number;
  written_off: string;
  left_over: string;
  under_enforcement: string;
}

/** Before every date a book can hold. */
const FROM_THE_BEGINNING = '0001-01-01';

export async function readWriteOffRegister(tx: Tx, tenantId: number, request: WriteOffRegisterRequest): Promise<WriteOffRegister> {
  const { asOf, position, from, after, limit } = request;
  const parameters = [tenantId, asOf, position, from ?? FROM_THE_BEGINNING];
  const totals = await tx.query<TotalRow>(
    `${WRITTEN_OFF}
     SELECT currency, count(*)::int AS receivables, sum(written_off)::text AS written_off, sum(left_over)::text AS left_over,
            sum(under_enforcement)::text AS under_enforcement
     FROM entry GROUP BY currency ORDER BY currency`,
    parameters,
  );
  const rows =
    limit === 0
      ? []
      : await tx.query<EntryRow>(
          `${WRITTEN_OFF},
           page AS (SELECT * FROM entry WHERE receivable_id > $5 COLLATE "C" ORDER BY receivable_id LIMIT $6)
           SELECT p.receivable_id, d.debtor_id, COALESCE(c.entity_id, p.entity_id) AS entity_id, COALESCE(c.kind, p.kind) AS kind, p.currency,
                  p.written_off::text AS written_off, p.left_over::text AS left_over, p.under_enforcement::text AS under_enforcement,
                  p.first_on, p.last_on, p.last_recovered_on, e.ended_on, e.reason AS end_reason, COALESCE(x.reason, v.data->>'reason', '') AS reason
           FROM page p
           JOIN rc.debtor d ON d.tenant_id = $1 AND d.debtor_no = p.debtor_no
           JOIN es.event v ON v.tenant_id = $1 AND v.position = p.last_position
           LEFT JOIN rc.movement_classification x ON x.tenant_id = $1 AND x.movement_id = p.last_movement_id
           LEFT JOIN ended e ON e.receivable_no = p.receivable_no
           LEFT JOIN LATERAL (
             SELECT entity_id, kind FROM rc.reclassification WHERE tenant_id = $1 AND receivable_no = p.receivable_no AND effective_on <= $2 AND position <= $3
             ORDER BY effective_on DESC, position DESC LIMIT 1
           ) c ON true
           ORDER BY p.receivable_id`,
          [...parameters, after ?? '', limit + 1],
        );
  return { items: rows.slice(0, limit).map(entryOf), hasMore: rows.length > limit, totals: totals.map(totalOf) };
}

function amountsOf(row: { readonly written_off: string; readonly left_over: string; readonly under_enforcement: string }) {
  const writtenOff = BigInt(row.written_off);
  return { writtenOff, recovered: writtenOff - BigInt(row.left_over), underEnforcement: BigInt(row.under_enforcement) };
}

function totalOf(row: TotalRow): WriteOffTotal {
  return { currency: row.currency, receivables: row.receivables, ...amountsOf(row) };
}

function entryOf(row: EntryRow): WriteOffEntry {
  return {
    receivableId: row.receivable_id,
    debtorId: row.debtor_id,
    entityId: row.entity_id,
    kind: row.kind,
    currency: row.currency,
    ...amountsOf(row),
    firstWrittenOffOn: row.first_on,
    lastWrittenOffOn: row.last_on,
    lastRecoveredOn: row.last_recovered_on,
    enforcementEndedOn: row.ended_on,
    enforcementEndReason: row.end_reason,
    reason: row.reason,
  };
}
