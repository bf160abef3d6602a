import type { Tx } from '@app/event-store';

/**
 * Lets one writer of a tenant's book at a time decide and record, until the end of the transaction. Take it before reading what is decided
 * upon: two writers side by side would judge balances the other is changing, and each would turn the other's facts into rows once more.
 */
export async function lockBook(tx: Tx, tenantId: number): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtext('rc.book'), $1)`, [tenantId]);
}
