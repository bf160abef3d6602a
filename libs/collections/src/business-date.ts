import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { LocalDate } from '@app/credit-domain';
import type { EventStore, Tx } from '@app/event-store';
import { CLOCK, type Clock, EVENT_STORE } from '@app/platform';

/** The business date of a tenant, in its own time zone where it has one: the day its schedules and its promises go by. */
export async function businessDateOf(tx: Tx, clock: Clock, tenantId: number): Promise<LocalDate> {
  const [own] = await tx.query<{ time_zone: string }>('SELECT time_zone FROM pf.tenant_zone WHERE tenant_id = $1', [tenantId]);
  return clock.today(own?.time_zone) as LocalDate;
}

/** Which day it is for a tenant. */
export class ReadBusinessDateQuery extends Query<LocalDate> {
  constructor(readonly tenantId: number) {
    super();
  }
}

@QueryHandler(ReadBusinessDateQuery)
export class ReadBusinessDateHandler implements IQueryHandler<ReadBusinessDateQuery> {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  execute({ tenantId }: ReadBusinessDateQuery): Promise<LocalDate> {
    return this.store.database.read(tenantId, (tx) => businessDateOf(tx, this.clock, tenantId));
  }
}
