import type { EventStore } from '@app/event-store';
import { EVENT_STORE } from '@app/platform';
import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { closedThroughByEntity, foldPeriodCloses, PERIOD_CATEGORY, type PeriodClose } from './period-close.fold';
import { ListPeriodClosesQuery, type PeriodCloseList } from './period-closes.query';

@QueryHandler(ListPeriodClosesQuery)
export class ListPeriodClosesHandler implements IQueryHandler<ListPeriodClosesQuery> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  execute({ tenantId, request }: ListPeriodClosesQuery): Promise<PeriodCloseList> {
    return this.store.database.read(tenantId, async (tx) => {
      const known = await this.store.resolveKnownAt(tx, request.knownAt);
      const closes = foldPeriodCloses(await this.store.readCategory(tx, PERIOD_CATEGORY, known.position));
      return { ...known, closedThrough: closedThroughByEntity(closes), items: closes.sort(latestFirst) };
    });
  }
}

function latestFirst(a: PeriodClose, b: PeriodClose): number {
  if (a.through !== b.through) return a.through < b.through ? 1 : -1;
  return a.proposed.at < b.proposed.at ? 1 : -1;
}
