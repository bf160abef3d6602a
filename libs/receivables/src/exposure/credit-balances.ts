import type { Position, Tx } from '@app/event-store';

/** What a debtor has paid beyond what it owed, or on account: a liability, in minor units of its currency. */
export interface CreditBalance {
  readonly debtorId: string;
  readonly entityId: string;
  readonly currency: string;
  readonly amount: bigint;
}

/** Unapplied credit by debtor, entity and currency at (asOf, position). Few debtors have any. */
export async function creditBalancesAt(
  tx: Tx,
  tenantId: number,
  asOf: string,
  position: Position,
  debtorId?: string,
): Promise<CreditBalance[]> {
  const rows = await tx.query<{ debtor_id: string; entity_id: string; currency: string; amount: string }>(
    `SELECT d.debtor_id, c.entity_id, c.currency, sum(c.amount)::text AS amount
     FROM rc.credit_entry c JOIN rc.debtor d ON d.tenant_id = c.tenant_id AND d.debtor_no = c.debtor_no
     WHERE c.tenant_id = $1 AND c.effective_on <= $2 AND c.position <= $3 AND ($4::text IS NULL OR d.debtor_id = $4)
     GROUP BY 1, 2, 3
     HAVING sum(c.amount) <> 0`,
    [tenantId, asOf, position, debtorId ?? null],
  );
  return rows.map((row) => ({ debtorId: row.debtor_id, entityId: row.entity_id, currency: row.currency, amount: BigInt(row.amount) }));
}
