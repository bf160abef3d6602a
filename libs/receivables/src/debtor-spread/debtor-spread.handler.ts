import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { EventStore } from '@app/event-store';
import { EVENT_STORE } from '@app/platform';
import { readAtPosition } from '../exposure/read-at';
import { ReadDebtorSpreadQuery, type DebtorSpread } from './debtor-spread.query';
import { readDebtorSpread } from './read-debtor-spread';

@QueryHandler(ReadDebtorSpreadQuery)
export class ReadDebtorSpreadHandler implements IQueryHandler<ReadDebtorSpreadQuery> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  execute({ tenantId, request }: ReadDebtorSpreadQuery): Promise<DebtorSpread | null> {
    return readAtPosition(this.store, tenantId, request.position, (tx) => readDebtorSpread(tx, tenantId, request));
  }
}
