import { Inject } from '@nestjs/common';
import type { IQueryHandler } from '@nestjs/cqrs';
import { QueryHandler } from '@nestjs/cqrs';
import type { LocalDate, PlannedItem } from '@app/credit-domain';
import type { EventStore, Tx } from '@app/event-store';
import { EVENT_STORE, Refusal } from '@app/platform';
import { ReadOwedItemsQuery } from './debtor-cases.queries';

interface OwedRow {
  receivable_id: string;
  debtor_id: string;
  currency: string;
  outstanding: bigint;
  due_on: LocalDate | null;
}

const ITEMS = `
  SELECT r.receivable_id, d.debtor_id, r.currency, r.outstanding, CASE WHEN c.position IS NULL THEN r.due_on ELSE c.due_on END AS due_on
  FROM rc.receivable r JOIN rc.debtor d ON d.tenant_id = r.tenant_id AND d.debtor_no = r.debtor_no
  LEFT JOIN LATERAL (
    SELECT x.position, x.due_on FROM rc.reclassification x WHERE x.tenant_id = $1 AND x.receivable_no = r.receivable_no
    ORDER BY x.effective_on DESC, x.position DESC LIMIT 1
  ) c ON true
  WHERE r.tenant_id = $1`;

@QueryHandler(ReadOwedItemsQuery)
export class ReadOwedItemsHandler implements IQueryHandler<ReadOwedItemsQuery> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  execute({ tenantId, request: { debtorId, receivableIds } }: ReadOwedItemsQuery): Promise<PlannedItem[]> {
    return this.store.database.read(tenantId, async (tx) => {
      const debtorNo = await debtorNoOf(tx, tenantId, debtorId);
      if (receivableIds !== null) return named(tx, tenantId, debtorId, receivableIds);
      return (await tx.query<OwedRow>(`${ITEMS} AND r.debtor_no = $2 AND r.outstanding > 0`, [tenantId, debtorNo])).map(toItem);
    });
  }
}

/** Refused `debtor-not-found`. */
export async function debtorNoOf(tx: Tx, tenantId: number, debtorId: string): Promise<bigint> {
  const sql = 'SELECT debtor_no FROM rc.debtor WHERE tenant_id = $1 AND debtor_id = $2';
  const [debtor] = await tx.query<{ debtor_no: bigint }>(sql, [tenantId, debtorId]);
  if (debtor === undefined) throw new Refusal('debtor-not-found', `There is no debtor ${debtorId}.`);
  return debtor.debtor_no;
}

async function named(tx: Tx, tenantId: number, debtorId: string, receivableIds: readonly string[]): Promise<PlannedItem[]> {
  const rows = await tx.query<OwedRow>(`${ITEMS} AND r.receivable_id = ANY($2::text[])`, [tenantId, receivableIds]);
  const found = new Map(rows.map((row) => [row.receivable_id, row]));
  return receivableIds.map((receivableId, index) => {
    const row = found.get(receivableId);
    const place = [{ field: `receivableIds[${String(index)}]`, pointer: `/receivableIds/${String(index)}` }];
    if (row === undefined) throw new Refusal('receivable-unknown', `There is no receivable ${receivableId}.`, place);
    if (row.debtor_id !== debtorId) throw new Refusal('debtor-mismatch', `Receivable ${receivableId} is owed by ${row.debtor_id}.`, place);
    return toItem(row);
  });
}

function toItem({ receivable_id: receivableId, currency, outstanding, due_on: dueOn }: OwedRow): PlannedItem {
  return { receivableId, currency, outstanding, dueOn };
}
