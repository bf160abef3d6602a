import type { EventStore } from '@app/event-store';
import { EVENT_STORE } from '@app/platform';
import { Inject } from '@nestjs/common';
import type { IQueryHandler } from '@nestjs/cqrs';
import { QueryHandler } from '@nestjs/cqrs';
import { readAtPosition } from '../exposure/read-at';
import { ReadUnappliedCashQuery, type UnappliedCash } from './unapplied-cash.query';

/** Types that are money; a credit note without a receivable is credit but no cash, and an allocation brings nothing new. */
const CASH_TYPES = ['payment', 'payment_reversal', 'refund'];

@QueryHandler(ReadUnappliedCashQuery)
export class ReadUnappliedCashHandler implements IQueryHandler<ReadUnappliedCashQuery> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  execute({ tenantId, request: { from, to, position } }: ReadUnappliedCashQuery): Promise<UnappliedCash[]> {
    return readAtPosition(this.store, tenantId, position, async (tx) => {
      const rows = await tx.query<{ entity_id: string; currency: string; effective_on: string; amount: string }>(
        `SELECT entity_id, currency, effective_on, sum(credit)::text AS amount FROM rc.movement
         WHERE tenant_id = $1 AND receivable_no IS NULL AND credit <> 0 AND type = ANY($5::text[])
           AND effective_on > $2 AND effective_on <= $3 AND position <= $4
         GROUP BY 1, 2, 3 ORDER BY 3, 1, 2`,
        [tenantId, from, to, position, CASH_TYPES],
      );
      return rows.map((row) => ({
        entityId: row.entity_id,
        currency: row.currency,
        effectiveOn: row.effective_on,
        amount: BigInt(row.amount),
      }));
    });
  }
}
