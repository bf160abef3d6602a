import type { Classification, DebtorHistory, HistoryStep, ReceivableHistory } from '@app/credit-domain';
import type { Position, Tx } from '@app/event-store';
import { TYPE_AT_POSITION, classifiedLater } from '../classification/type-at-position';
import type { ClassificationRow } from './classification-row';
import { classificationOf } from './classification-row';
import type { DebtorFactRow } from './debtor-fact-row';
import { debtorHistoriesOf } from './debtor-fact-row';
import type { HistoriesPage, HistoriesRequest } from './histories.queries';
import { HISTORIES_PER_PAGE } from './histories.queries';

interface ReceivableRow {
  receivable_no: bigint;
  receivable_id: string;
  debtor_no: bigint;
  debtor_id: string;
  currency: string;
  amount: bigint;
  tax_amount: bigint | null;
  recognised_on: string;
  taken_on: string | null;
  invoiced_on: string;
  due_on: string | null;
  document_no: string;
  position: bigint;
  entity_id: string;
  kind: string;
  class: string;
}

interface StepRow {
  receivable_no: bigint;
  movement_id: string;
  type: string;
  effective_on: string;
  position: bigint;
  gross: bigint;
  credit: bigint;
  recovered: bigint;
}

interface ReclassificationRow extends ClassificationRow {
  receivable_no: bigint;
}

/** One page of histories, in the order in which the receivables came into the log. */
export async function readHistories(tx: Tx, tenantId: number, request: HistoriesRequest): Promise<HistoriesPage> {
  const { position, after, debtorIds, receivableIds } = request;
  const rows = await tx.query<ReceivableRow>(
    `SELECT r.receivable_no, r.receivable_id, r.debtor_no, d.debtor_id, r.currency, r.amount, r.tax_amount, r.recognised_on, r.taken_on, r.invoiced_on,
            r.due_on, r.document_no, r.position, r.entity_id, r.kind, r.class
     FROM rc.receivable r JOIN rc.debtor d ON d.tenant_id = r.tenant_id AND d.debtor_no = r.debtor_no
     WHERE r.tenant_id = $1 AND r.position <= $2 AND r.receivable_no > $3
       ${debtorIds === undefined ? '' : 'AND d.debtor_id = ANY($5::text[])'}
       ${receivableIds === undefined ? '' : `AND r.receivable_id = ANY($${debtorIds === undefined ? '5' : '6'}::text[])`}
     ORDER BY r.receivable_no LIMIT $4`,
    [
      tenantId,
      position,
      after ?? 0n,
      HISTORIES_PER_PAGE + 1,
      ...(debtorIds === undefined ? [] : [debtorIds]),
      ...(receivableIds === undefined ? [] : [receivableIds]),
    ],
  );
  const kept = rows.slice(0, HISTORIES_PER_PAGE);
  const [first, last] = [kept[0], kept.at(-1)];
  if (first === undefined || last === undefined) return { items: [], next: null };
  const numbers = kept.map((row) => row.receivable_no);
  const steps = byReceivable(
    await tx.query<StepRow>(
      `SELECT m.receivable_no, m.movement_id, ${TYPE_AT_POSITION} AS type, m.effective_on, m.position, m.gross, m.credit, m.recovered
       FROM rc.movement m ${classifiedLater('$5')}
       WHERE m.tenant_id = $1 AND m.receivable_no BETWEEN $2 AND $3 AND m.receivable_no = ANY($4::bigint[]) AND m.position <= $5
       ORDER BY m.position`,
      [tenantId, first.receivable_no, last.receivable_no, numbers, position],
    ),
    stepOf,
  );
  const later = byReceivable(
    await tx.query<ReclassificationRow>(
      `SELECT receivable_no, effective_on, position, entity_id, kind, class, invoiced_on, due_on FROM rc.reclassification
       WHERE tenant_id = $1 AND receivable_no BETWEEN $2 AND $3 AND receivable_no = ANY($4::bigint[]) AND position <= $5
       ORDER BY position`,
      [tenantId, first.receivable_no, last.receivable_no, numbers, position],
    ),
    classificationOf,
  );
  return {
    items: kept.map((row) => historyOf(row, steps.get(row.receivable_no) ?? [], later.get(row.receivable_no) ?? [])),
    next: rows.length > kept.length ? last.receivable_no : null,
  };
}

export async function readDebtorHistories(
  tx: Tx,
  tenantId: number,
  {
    position,
    debtorIds,
    everImpaired = false,
  }: { readonly position: Position; readonly debtorIds?: readonly string[] | undefined; readonly everImpaired?: boolean | undefined },
): Promise<DebtorHistory[]> {
  const rows = await tx.query<DebtorFactRow>(
    `SELECT f.debtor_no, d.debtor_id, f.effective_on, f.position, f.segment, f.related_party, f.credit_impaired, f.country
     FROM rc.debtor_fact f JOIN rc.debtor d ON d.tenant_id = f.tenant_id AND d.debtor_no = f.debtor_no
     WHERE f.tenant_id = $1 AND f.position <= $2 ${debtorIds === undefined ? '' : 'AND d.debtor_id = ANY($3::text[])'}
       ${everImpaired ? 'AND f.debtor_no IN (SELECT debtor_no FROM rc.debtor_fact WHERE tenant_id = $1 AND position <= $2 AND credit_impaired)' : ''}
     ORDER BY f.debtor_no, f.position`,
    [tenantId, position, ...(debtorIds === undefined ? [] : [debtorIds])],
  );
  return debtorHistoriesOf(rows);
}

function byReceivable<Row extends { receivable_no: bigint }, Value>(
  rows: readonly Row[],
  valueOf: (row: Row) => Value,
): Map<bigint, Value[]> {
  const map = new Map<bigint, Value[]>();
  for (const row of rows) {
    const values = map.get(row.receivable_no);
    if (values === undefined) map.set(row.receivable_no, [valueOf(row)]);
    else values.push(valueOf(row));
  }
  return map;
}

function stepOf(row: StepRow): HistoryStep {
  return {
    movementId: row.movement_id,
    type: row.type,
    effectiveOn: row.effective_on,
    position: row.position,
    gross: row.gross,
    credit: row.credit,
    recovered: row.recovered,
  };
}

function historyOf(row: ReceivableRow, steps: readonly HistoryStep[], later: readonly Classification[]): ReceivableHistory {
  return {
    receivableNo: row.receivable_no,
    receivableId: row.receivable_id,
    debtorNo: row.debtor_no,
    debtorId: row.debtor_id,
    currency: row.currency,
    amount: row.amount,
    taxAmount: row.tax_amount,
    recognisedOn: row.recognised_on,
    takenOn: row.taken_on,
    documentNo: row.document_no,
    position: row.position,
    classifications: [classificationOf({ ...row, effective_on: row.recognised_on }), ...later],
    steps,
  };
}
