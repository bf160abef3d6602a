import type { Position, Tx } from '@app/event-store';
import { LOGGED_EVENTS, bookStatements } from './book.sql';

const TABLES = [
  'rc.enforcement_end',
  'rc.control_explanation',
  'rc.control_total',
  'rc.movement_classification',
  'rc.open_credit',
  'rc.reclassification',
  'rc.fx_rate',
  'rc.movement',
  'rc.receivable',
  'rc.debtor_fact',
  'rc.debtor',
] as const;

const REBUILD = bookStatements(LOGGED_EVENTS);

/** Empties the book of a tenant. Before refilling it with `rebuildBook`, in the same transaction or with readers kept away. */
export async function clearBook(tx: Tx, tenantId: number): Promise<void> {
  for (const table of TABLES) await tx.execute(`DELETE FROM ${table} WHERE tenant_id = $1`, [tenantId]);
}

/**
 * Refills the book of a tenant with the facts recorded in positions (after, upTo]. Call it for ascending ranges without gaps, from 0, on an
 * empty book; the rows come out as the imports wrote them.
 */
export async function rebuildBook(tx: Tx, tenantId: number, after: Position, upTo: Position): Promise<void> {
  for (const { sql } of REBUILD) await tx.execute(sql, [tenantId, after, upTo]);
}
