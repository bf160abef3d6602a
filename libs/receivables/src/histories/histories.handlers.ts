import type { DebtorHistory } from '@app/credit-domain';
import type { EventStore } from '@app/event-store';
import { EVENT_STORE } from '@app/platform';
import { Inject } from '@nestjs/common';
import type { IQueryHandler } from '@nestjs/cqrs';
import { QueryHandler } from '@nestjs/cqrs';
import { readAtPosition } from '../exposure/read-at';
import { ReadDebtorHistoriesQuery, ReadReceivableHistoriesQuery, type HistoriesPage } from './histories.queries';
import { readDebtorHistories, readHistories } from './read-histories';

@QueryHandler(ReadReceivableHistoriesQuery)
export class ReadReceivableHistoriesHandler implements IQueryHandler<ReadReceivableHistoriesQuery> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  execute({ tenantId, request }: ReadReceivableHistoriesQuery): Promise<HistoriesPage> {
    return readAtPosition(this.store, tenantId, request.position, (tx) => readHistories(tx, tenantId, request));
  }
}

@QueryHandler(ReadDebtorHistoriesQuery)
export class ReadDebtorHistoriesHandler implements IQueryHandler<ReadDebtorHistoriesQuery> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  execute({ tenantId, request }: ReadDebtorHistoriesQuery): Promise<DebtorHistory[]> {
    return readAtPosition(this.store, tenantId, request.position, (tx) => readDebtorHistories(tx, tenantId, request));
  }
}
