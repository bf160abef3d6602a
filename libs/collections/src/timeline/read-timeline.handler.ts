import { Inject } from '@nestjs/common';
import { QueryBus, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { waitForProcessor, type EventStore, type Position, type StoredEvent } from '@app/event-store';
import { EVENT_STORE, Refusal } from '@app/platform';
import { ReadDebtorStreamsQuery } from '@app/receivables';
import { Notes, type Note } from '../case/notes';
import { envelopeOf } from './envelopes';
import { summaryOf } from './summaries';
import { TIMELINE_PROCESSOR } from './timeline.processor';
import { ReadTimelineQuery, type Timeline, type TimelineEntry, type TimelineRequest } from './timeline.query';

const READ_WAIT_MS_MAX = 10_000;

/** $1 tenant, $2 debtor, $3 streams of its book, $4 as-of date, $5 position, $6 types or null, $7 $8 after date and position or null, $9 limit. */
const PAGE = (order: TimelineRequest['order']): string => `
  SELECT f.effective_on, f.position FROM (
    SELECT e.effective_on, e.position, e.type FROM unnest($3::bigint[]) AS w(stream_id)
    CROSS JOIN LATERAL (SELECT effective_on, position, type FROM es.event WHERE tenant_id = $1 AND stream_id = w.stream_id OFFSET 0) e
    UNION ALL
    SELECT effective_on, position, type FROM cl.timeline_entry WHERE tenant_id = $1 AND debtor_id = $2
  ) f
  WHERE f.effective_on <= $4 AND f.position <= $5 AND ($6::smallint[] IS NULL OR f.type = ANY($6))
    AND ($7::date IS NULL OR (f.effective_on, f.position) ${order === 'asc' ? '>' : '<'} ($7::date, $8::bigint))
  ORDER BY f.effective_on ${order}, f.position ${order} LIMIT $9`;

@QueryHandler(ReadTimelineQuery)
export class ReadTimelineHandler implements IQueryHandler<ReadTimelineQuery> {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    private readonly notes: Notes,
    private readonly queries: QueryBus,
  ) {}

  async execute({ tenantId, debtorId, request }: ReadTimelineQuery): Promise<Timeline> {
    const codes = request.types === undefined ? null : this.#codesOf(request.types);
    const { position, knownAt } = await this.store.database.read(tenantId, (tx) => this.store.resolveKnownAt(tx, request.knownAt));
    const { streamIds } = await this.queries.execute(new ReadDebtorStreamsQuery(tenantId, debtorId));
    await waitForProcessor(this.store.database, TIMELINE_PROCESSOR, tenantId, position, READ_WAIT_MS_MAX);
    return this.store.database.read(tenantId, async (tx) => {
      const { asOf, order, after, limit } = request;
      const from = [after?.effectiveOn ?? null, after?.position ?? null];
      const rows = await tx.query<{ position: Position }>(PAGE(order), [
        tenantId,
        debtorId,
        streamIds,
        asOf,
        position,
        codes,
        ...from,
        limit,
      ]);
      const events = await this.store.readPositions(
        tx,
        rows.map((row) => row.position),
      );
      const byPosition = new Map(events.map((event) => [event.position, event]));
      const inOrder = rows.flatMap((row) => byPosition.get(row.position) ?? []);
      const notes = await this.notes.open(
        tx,
        tenantId,
        inOrder.map((event) => envelopeOf(event)),
      );
      return { knownAt, position, items: inOrder.map((event, index) => entryOf(event, notes[index] ?? null)) };
    });
  }

  #codesOf(types: readonly string[]): number[] {
    const known = new Map(this.store.catalogue.types().map(({ type, code }) => [type, code]));
    return types.map((type) => {
      const code = known.get(type);
      if (code !== undefined) return code;
      throw new Refusal('event-type-unknown', `There is no event of type ${type}.`, [{ field: 'types' }]);
    });
  }
}

function entryOf(event: StoredEvent, note: Note | null): TimelineEntry {
  const { position, effectiveOn, recordedAt, type, principalId, category, key } = event;
  return { position, effectiveOn, recordedAt, type, principalId, summary: summaryOf(event), note, stream: { category, key } };
}
