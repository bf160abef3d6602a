import { Controller, Get, Inject, Query, Req, Res } from '@nestjs/common';
import type { EventStore, StoredEvent } from '@app/event-store';
import { EVENT_STORE, type RequestContext } from '@app/platform';
import { z } from 'zod';
import { Context, EVENT_PAGE_LIMIT_MAX, type EdgeReply, type EdgeRequest, Permit, positionNumber, Returns } from '../http';
import { setNextLink } from '../http/pagination';

const EVENT_PAGE_LIMIT_DEFAULT = 100;

const eventsQuery = z.strictObject({
  after: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(0).describe('position of the last event already read'),
  limit: z.coerce.number().int().min(1).max(EVENT_PAGE_LIMIT_MAX).default(EVENT_PAGE_LIMIT_DEFAULT),
});

const loggedEvent = z
  .object({
    position: z.int(),
    stream: z.object({ category: z.string(), key: z.string(), version: z.int() }),
    type: z.string(),
    schemaVersion: z.int(),
    effectiveOn: z.string().meta({ format: 'date' }),
    recordedAt: z.string().meta({ format: 'date-time' }),
    principalId: z.string(),
    correlationId: z.string(),
    causationPosition: z.int().nullable(),
    source: z.object({ id: z.string(), row: z.int().nullable() }).nullable().describe('import and row the event came from'),
    data: z.looseObject({}).describe('as recorded; personal data stays in its encrypted envelope'),
  })
  .meta({ id: 'Event' });

const eventsPage = z.object({
  events: z.array(loggedEvent),
  next: z.int().describe('pass as `after` to go on; unchanged when there was nothing new'),
  position: z.int().describe('the settled position of the log: everything up to it is in this page or behind it'),
});

@Controller('v1/events')
export class EventsController {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  @Get()
  @Permit('auditor', 'admin')
  @Returns({ summary: 'Read the log in order, resuming from any position', body: eventsPage })
  async read(
    @Context() context: RequestContext,
    @Query({ schema: eventsQuery }) { after, limit }: z.output<typeof eventsQuery>,
    @Req() request: EdgeRequest,
    @Res({ passthrough: true }) reply: EdgeReply,
  ): Promise<z.input<typeof eventsPage>> {
    const { position, events } = await this.store.database.read(context.tenantId, async (tx) => {
      const settled = (await this.store.latestSettled(tx)).position;
      // No event is behind the mark, and none of those before it can still appear: a reader that resumes misses nothing.
      const found = settled > BigInt(after) ? await this.store.readAfter(tx, BigInt(after), settled, { limit }) : [];
      return { position: settled, events: found };
    });
    const last = events.at(-1);
    const next = last === undefined ? after : positionNumber(last.position);
    if (events.length === limit) setNextLink({ request, reply }, { after: String(next) });
    return { events: events.map(onTheWire), next, position: positionNumber(position) };
  }
}

function onTheWire(event: StoredEvent): z.input<typeof loggedEvent> {
  const { category, key, version, causationPosition, sourceId, sourceRow } = event;
  return {
    position: positionNumber(event.position),
    stream: { category, key, version },
    type: event.type,
    schemaVersion: event.schemaVersion,
    effectiveOn: event.effectiveOn,
    recordedAt: event.recordedAt.toISOString(),
    principalId: event.principalId,
    correlationId: event.correlationId,
    causationPosition: causationPosition === null ? null : positionNumber(causationPosition),
    source: sourceId === null ? null : { id: sourceId, row: sourceRow },
    data: event.data,
  };
}
