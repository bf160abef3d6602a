import { Inject } from '@nestjs/common';
import type { IQueryHandler } from '@nestjs/cqrs';
import { QueryHandler } from '@nestjs/cqrs';
import type { EventStore } from '@app/event-store';
import { EVENT_STORE } from '@app/platform';
import { readAt, readAtPosition } from '../exposure/read-at';
import type { ControlDifference } from './control-totals.queries';
import { ListControlTotalsQuery, ReadControlDifferencesQuery } from './control-totals.queries';
import { readControlDifferences } from './read-control-differences';

@QueryHandler(ReadControlDifferencesQuery)
export class ReadControlDifferencesHandler implements IQueryHandler<ReadControlDifferencesQuery> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  execute({ tenantId, request }: ReadControlDifferencesQuery): Promise<ControlDifference[]> {
    return readAtPosition(this.store, tenantId, request.position, (tx) => readControlDifferences(tx, tenantId, request));
  }
}

@QueryHandler(ListControlTotalsQuery)
export class ListControlTotalsHandler implements IQueryHandler<ListControlTotalsQuery> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  execute({ tenantId, asOf, knownAt }: ListControlTotalsQuery) {
    return readAt(this.store, tenantId, knownAt, async (tx, known) => ({
      asOf,
      ...known,
      items: await readControlDifferences(tx, tenantId, { asOf, position: known.position }),
    }));
  }
}
