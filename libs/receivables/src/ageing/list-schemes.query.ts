import { Inject } from '@nestjs/common';
import type { IQueryHandler } from '@nestjs/cqrs';
import { Query, QueryHandler } from '@nestjs/cqrs';
import type { AgeingScheme } from '@app/credit-domain';
import type { EventStore } from '@app/event-store';
import { EVENT_STORE } from '@app/platform';
import { schemesAt } from './schemes';

/** Every ageing scheme a tenant can name: the built-in ones first, then its own in the order they were defined. */
export class ListSchemesQuery extends Query<AgeingScheme[]> {
  constructor(readonly tenantId: number) {
    super();
  }
}

@QueryHandler(ListSchemesQuery)
export class ListSchemesHandler implements IQueryHandler<ListSchemesQuery> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  execute({ tenantId }: ListSchemesQuery): Promise<AgeingScheme[]> {
    return this.store.database.read(tenantId, async (tx) => {
      const { position } = await this.store.latestSettled(tx);
      return [...(await schemesAt(this.store, tx, position)).values()];
    });
  }
}
