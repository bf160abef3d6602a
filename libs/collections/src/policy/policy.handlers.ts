import { Inject } from '@nestjs/common';
import { Command, CommandHandler, Query, QueryHandler, type ICommandHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { EventStore } from '@app/event-store';
import { CLOCK, EVENT_STORE, eventContext, type Clock, type RequestContext } from '@app/platform';
import { appendAndSettle } from '../append-and-settle';
import { newEvent } from '../event-data';
import { COLLECTIONS_POLICY, readPolicy, THE_POLICY, type CollectionsPolicy } from './policy';

/** Promises and plans recorded before keep the grace they were recorded under. */
export class SetCollectionsPolicyCommand extends Command<undefined> {
  constructor(
    readonly context: RequestContext,
    readonly policy: CollectionsPolicy,
  ) {
    super();
  }
}

export class GetCollectionsPolicyQuery extends Query<CollectionsPolicy> {
  constructor(readonly tenantId: number) {
    super();
  }
}

@CommandHandler(SetCollectionsPolicyCommand)
export class SetCollectionsPolicyHandler implements ICommandHandler<SetCollectionsPolicyCommand> {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  execute({ context, policy }: SetCollectionsPolicyCommand): Promise<undefined> {
    return appendAndSettle(this.store, eventContext(context), async (tx) => {
      const { version, ...known } = await readPolicy(this.store, tx);
      if (version > 0 && known.promiseGraceDays === policy.promiseGraceDays) return { appends: [], result: undefined };
      const events = [newEvent('CollectionsPolicySet', this.clock.today(), { promiseGraceDays: policy.promiseGraceDays })];
      return { appends: [{ category: COLLECTIONS_POLICY, key: THE_POLICY, expectedVersion: version, events }], result: undefined };
    });
  }
}

@QueryHandler(GetCollectionsPolicyQuery)
export class GetCollectionsPolicyHandler implements IQueryHandler<GetCollectionsPolicyQuery> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  execute({ tenantId }: GetCollectionsPolicyQuery): Promise<CollectionsPolicy> {
    return this.store.database.read(tenantId, async (tx) => {
      const { promiseGraceDays } = await readPolicy(this.store, tx);
      return { promiseGraceDays };
    });
  }
}
