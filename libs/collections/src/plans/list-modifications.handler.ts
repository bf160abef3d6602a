import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { EventStore, Position, StoredEvent } from '@app/event-store';
import { EVENT_STORE } from '@app/platform';
import { DEBTOR_CASE } from '../case/fold-case';
import { dataOf } from '../event-data';
import { ListModificationsQuery, type Modification } from './list-modifications.query';

/** $1 tenant, $2 category, $3 from, $4 to, $5 position, $6 after, $7 limit: approved plans of the period. */
const PLANS = `
  SELECT e.position FROM es.stream s
  JOIN es.event e ON e.tenant_id = $1 AND e.stream_id = s.stream_id
  JOIN es.event_type t ON t.code = e.type AND t.name = 'PaymentPlanAgreed'
  WHERE s.tenant_id = $1 AND s.category = $2 AND e.effective_on BETWEEN $3 AND $4 AND e.position <= $5 AND e.position > $6
    AND (e.data->>'approved')::boolean
  ORDER BY e.position LIMIT $7`;

@QueryHandler(ListModificationsQuery)
export class ListModificationsHandler implements IQueryHandler<ListModificationsQuery> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  execute({ tenantId, request }: ListModificationsQuery): Promise<{ knownAt: string; items: Modification[]; next: Position | null }> {
    const { from, to, after = 0n, limit } = request;
    return this.store.database.read(tenantId, async (tx) => {
      const { position, knownAt } = await this.store.resolveKnownAt(tx, request.knownAt);
      const rows = await tx.query<{ position: Position }>(PLANS, [tenantId, DEBTOR_CASE, from, to, position, after, limit + 1]);
      const page = rows.slice(0, limit).map((row) => row.position);
      const events = await this.store.readPositions(tx, page);
      return { knownAt, items: events.flatMap(modificationsOf), next: rows.length > limit ? (page.at(-1) ?? null) : null };
    });
  }
}

function modificationsOf(event: StoredEvent): Modification[] {
  const { planId, debtorId, currency, items } = dataOf('PaymentPlanAgreed', event);
  const { effectiveOn: agreedOn, position } = event;
  return items
    .filter(({ modifiedPastDue30 }) => modifiedPastDue30)
    .map(({ receivableId, outstanding, daysPastDue }) => ({
      ...{ planId, debtorId, agreedOn, position, receivableId, currency },
      outstanding: BigInt(outstanding),
      daysPastDue: daysPastDue ?? 0,
    }));
}
