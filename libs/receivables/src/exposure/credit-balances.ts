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
    `SELECT d.debtor_id, m.entity_id, m.currency, sum(m.credit)::text AS amount
     FROM rc.movement m JOIN rc.debtor d ON d.tenant_id = m.tenant_id AND d.debtor_no = m.debtor_no
     WHERE m.tenant_id = $1 AND m.credit <> 0 AND m.effective_on <= $2 AND m.position <= $3 AND ($4::text IS NULL OR d.debtor_id = $4)
     GROUP BY 1, 2, 3
     HAVING sum(m.credit) <> 0`,
    [tenantId, asOf, position, debtorId ?? null],
  );
  return rows.map((row) => ({ debtorId: row.debtor_id, entityId: row.entity_id, currency: row.currency, amount: BigInt(row.amount) }));
}
