import { Inject, Injectable } from '@nestjs/common';
import type { EventPage, EventStore, Processor, Tx } from '@app/event-store';
import { EVENT_STORE } from '@app/platform';
import { timelineTypes } from './timeline-types';

export const TIMELINE_PROCESSOR = 'collections-timeline';

/** $1 tenant, $2 after, $3 up to, $4 types: events that name a debtor, or the members of a group. */
const NAMED = `
  INSERT INTO cl.timeline_entry (tenant_id, debtor_id, position, effective_on, type, stream_id)
  SELECT $1, n.debtor_id, e.position, e.effective_on, e.type, e.stream_id
  FROM es.event e
  JOIN es.event_type t ON t.code = e.type AND t.name = ANY($4::text[])
  CROSS JOIN LATERAL (
    SELECT COALESCE(e.data->>'debtorId', e.data->'labels'->>'debtor') AS debtor_id
    UNION
    SELECT jsonb_array_elements_text(e.data->'members') WHERE t.name = 'DebtorGroupStated'
  ) n
  WHERE e.tenant_id = $1 AND e.position > $2 AND e.position <= $3 AND n.debtor_id IS NOT NULL
  ON CONFLICT DO NOTHING`;

/** The same: events that name nobody are about whom the events before them in their stream were. */
const FOLLOWING = `
  INSERT INTO cl.timeline_entry (tenant_id, debtor_id, position, effective_on, type, stream_id)
  SELECT DISTINCT $1::int, s.debtor_id, e.position, e.effective_on, e.type, e.stream_id
  FROM es.event e
  JOIN es.event_type t ON t.code = e.type AND t.name = ANY($4::text[])
  JOIN cl.timeline_entry s ON s.tenant_id = $1 AND s.stream_id = e.stream_id
  WHERE e.tenant_id = $1 AND e.position > $2 AND e.position <= $3
    AND e.data->>'debtorId' IS NULL AND e.data->'labels'->>'debtor' IS NULL AND NOT e.data ? 'members'
  ON CONFLICT DO NOTHING`;

/** Finds the debtors behind events beside the book, by two statements a page. */
@Injectable()
export class TimelineProcessor implements Processor {
  readonly name = TIMELINE_PROCESSOR;
  readonly lanes = 1;
  readonly eventTypes: readonly string[];
  readonly onError = 'stop' as const;

  constructor(@Inject(EVENT_STORE) store: EventStore) {
    this.eventTypes = timelineTypes(store.catalogue.types());
  }

  async apply(tx: Tx, { tenantId, after, upTo }: EventPage): Promise<void> {
    const range = [tenantId, after, upTo, this.eventTypes];
    await tx.execute(NAMED, range);
    await tx.execute(FOLLOWING, range);
  }
}
