import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { EventStore } from '@app/event-store';
import { EVENT_STORE } from '@app/platform';

/**
 * What is owed on receivables by everything recorded, facts of later dates included: minor units of each one's own currency, by its id. Unknown ones are
 * left out.
 */
export class ReadOutstandingQuery extends Query<ReadonlyMap<string, bigint>> {
  constructor(
    readonly tenantId: number,
    readonly receivableIds: readonly string[],
  ) {
    super();
  }
}

@QueryHandler(ReadOutstandingQuery)
export class ReadOutstandingHandler implements IQueryHandler<ReadOutstandingQuery> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  async execute({ tenantId, receivableIds }: ReadOutstandingQuery): Promise<ReadonlyMap<string, bigint>> {
    if (receivableIds.length === 0) return new Map();
    const rows = await this.store.database.read(tenantId, (tx) =>
      tx.query<{ receivable_id: string; outstanding: bigint }>(
        'SELECT receivable_id, outstanding FROM rc.receivable WHERE tenant_id = $1 AND receivable_id = ANY($2::text[])',
        [tenantId, receivableIds],
      ),
    );
    return new Map(rows.map((row) => [row.receivable_id, row.outstanding]));
  }
}
