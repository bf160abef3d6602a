import { Inject } from '@nestjs/common';
import type { IQueryHandler } from '@nestjs/cqrs';
import { QueryHandler } from '@nestjs/cqrs';
import type { EventStore, Tx } from '@app/event-store';
import { EVENT_STORE } from '@app/platform';
import type { BalanceRow } from '../drill-down/balances.sql';
import { BALANCES } from '../drill-down/balances.sql';
import type { OverduePage, OverdueRequest } from './overdue-items.query';
import { ReadOverdueItemsQuery } from './overdue-items.query';

interface OverdueRow extends BalanceRow {
  readonly due_on: string;
  readonly segment: string;
}

/** $4 the debtors; the segment is the one in force at (asOf, position). */
const OVERDUE = `
  SELECT b.*, f.segment FROM (${BALANCES} AND r.debtor_no = ANY($4::bigint[])) b
  JOIN rc.receivable own ON own.tenant_id = $1 AND own.receivable_no = b.receivable_no
  JOIN LATERAL (
    SELECT f.segment FROM rc.debtor_fact f WHERE f.tenant_id = $1 AND f.debtor_no = own.debtor_no AND f.position <= $3
    ORDER BY f.effective_on <= $2::date DESC, CASE WHEN f.effective_on <= $2::date THEN f.effective_on END DESC,
             CASE WHEN f.effective_on > $2::date THEN f.effective_on END ASC, f.position DESC
    LIMIT 1
  ) f ON true
  WHERE b.due_on < $2::date AND b.outstanding <> '0' AND b.kind <> 'non_financial'
  ORDER BY b.debtor_id, b.receivable_id`;

@QueryHandler(ReadOverdueItemsQuery)
export class ReadOverdueItemsHandler implements IQueryHandler<ReadOverdueItemsQuery> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  /** The book is written with its events, so there is no projection to wait for. */
  execute({ tenantId, request }: ReadOverdueItemsQuery): Promise<OverduePage> {
    return this.store.database.read(tenantId, (tx) => readOverdue(tx, tenantId, request));
  }
}

async function readOverdue(tx: Tx, tenantId: number, { asOf, position, page }: OverdueRequest): Promise<OverduePage> {
  const debtors = await tx.query<{ debtor_no: bigint; debtor_id: string }>(
    'SELECT debtor_no, debtor_id FROM rc.debtor WHERE tenant_id = $1 AND debtor_id > $2 ORDER BY debtor_id LIMIT $3',
    [tenantId, page.after, page.debtors + 1],
  );
  const chosen = debtors.slice(0, page.debtors);
  const rows = await tx.query<OverdueRow>(OVERDUE, [tenantId, asOf, position, chosen.map((debtor) => debtor.debtor_no)]);
  return {
    items: rows.map((row) => ({
      ...{ receivableId: row.receivable_id, debtorId: row.debtor_id, segment: row.segment, entityId: row.entity_id, kind: row.kind },
      ...{ currency: row.currency, outstanding: BigInt(row.outstanding), dueOn: row.due_on, documentNo: row.document_no ?? '' },
    })),
    next: debtors.length > chosen.length ? (chosen.at(-1)?.debtor_id ?? null) : null,
  };
}
