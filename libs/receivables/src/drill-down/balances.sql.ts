import { daysBetween, localDate } from '@app/credit-domain';
import type { ReceivableBalance } from './drill-down.queries';

/** A row of `BALANCES`. */
export interface BalanceRow {
  receivable_no: bigint;
  receivable_id: string;
  debtor_id: string;
  entity_id: string;
  kind: string;
  class: string;
  currency: string;
  amount: bigint;
  outstanding: string;
  recognised_on: string;
  invoiced_on: string;
  due_on: string | null;
  document_no: string | null;
  taken_on: string | null;
}

/** $1 tenant, $2 as-of date, $3 position: every receivable recognised by then, as what it was taken for and with what was still owed on it. */
export const BALANCES = `
  SELECT r.receivable_no, r.receivable_id, d.debtor_id, COALESCE(c.entity_id, r.entity_id) AS entity_id, COALESCE(c.kind, r.kind) AS kind,
         COALESCE(c.class, r.class) AS class, r.currency, r.amount,
         (r.amount + COALESCE((SELECT sum(m.gross) FROM rc.movement m
                               WHERE m.tenant_id = $1 AND m.receivable_no = r.receivable_no AND m.effective_on <= $2 AND m.position <= $3), 0))::text AS outstanding,
         r.recognised_on, COALESCE(c.invoiced_on, r.invoiced_on) AS invoiced_on,
         CASE WHEN c.position IS NULL THEN r.due_on ELSE c.due_on END AS due_on, COALESCE(c.document_no, r.document_no) AS document_no, r.taken_on
  FROM rc.receivable r JOIN rc.debtor d ON d.tenant_id = r.tenant_id AND d.debtor_no = r.debtor_no
  LEFT JOIN LATERAL (
    SELECT x.* FROM rc.reclassification x
    WHERE x.tenant_id = $1 AND x.receivable_no = r.receivable_no AND x.effective_on <= $2 AND x.position <= $3
    ORDER BY x.effective_on DESC, x.position DESC LIMIT 1
  ) c ON true
  WHERE r.tenant_id = $1 AND r.recognised_on <= $2 AND r.position <= $3`;

export function toBalance(row: BalanceRow, asOf: string): ReceivableBalance {
  const isOwed = row.outstanding !== '0';
  return {
    receivableId: row.receivable_id,
    debtorId: row.debtor_id,
    entityId: row.entity_id,
    kind: row.kind,
    class: row.class,
    currency: row.currency,
    amount: row.amount,
    outstanding: BigInt(row.outstanding),
    recognisedOn: row.recognised_on,
    invoicedOn: row.invoiced_on,
    dueOn: row.due_on,
    daysPastDue: row.due_on === null ? null : isOwed ? Math.max(0, daysBetween(localDate(row.due_on), localDate(asOf))) : 0,
    documentNo: row.document_no,
    takenOn: row.taken_on,
  };
}
