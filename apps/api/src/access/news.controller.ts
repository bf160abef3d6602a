import { Controller, Get, Inject, Query, Req, Res } from '@nestjs/common';
import type { EventStore, Position } from '@app/event-store';
import { EVENT_STORE, Refusal, type RequestContext } from '@app/platform';
import { z } from 'zod';
import { Context, type EdgeReply, type EdgeRequest, openEventStream, Permit, positionNumber, Returns } from '../http';
import { NewsWatch } from './news-watch';

/** After so long the stream ends and the client comes back with its key: one that was revoked meanwhile is not let in again. */
const STREAM_LIFETIME_MS_MAX = 10 * 60_000;
const STREAM_TYPES_MAX = 50;
/** Codes below belong to access: who has which keys is told to auditors and administrators only. */
const BUSINESS_CODES_FROM = 100;
const SEES_ACCESS = ['auditor', 'admin'];

const streamQuery = z.strictObject({
  types: z
    .string()
    .max(2_000)
    .optional()
    .describe('event types to hear of, separated by commas, e.g. `AlertFired,AlertResolved`; default: every type'),
  after: z.coerce
    .number()
    .int()
    .min(0)
    .max(Number.MAX_SAFE_INTEGER)
    .optional()
    .describe('position to go on from; default: now. `Last-Event-ID` wins'),
});

/** Tells clients what has changed, so that they read it again: what happened and to what, never the data. */
@Controller('v1/stream')
export class NewsController {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    private readonly watch: NewsWatch,
  ) {}

  @Get()
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver', 'admin')
  @Returns({
    summary: 'Follow what happens, as server-sent events that resume from any position',
    description:
      'Each message is of type `news`, its id the position it reaches: `{position, news: [{category, type, count, keys}]}`. Events of one ' +
      'kind are counted together, with the keys of at most 20 of their streams.',
    contentType: 'text/event-stream',
  })
  async follow(
    @Context() context: RequestContext,
    @Query({ schema: streamQuery }) query: z.output<typeof streamQuery>,
    @Req() request: EdgeRequest,
    @Res() reply: EdgeReply,
  ): Promise<void> {
    const types = this.#types(query.types, context.roles);
    const resumed = request.headers['last-event-id'];
    const asked = resumed === undefined ? query.after : positionOf(String(resumed));
    let reached = asked === undefined ? await this.store.settledMark() : BigInt(asked);
    const stream = openEventStream(request, reply);
    const lifetime = setTimeout(() => {
      stream.close();
    }, STREAM_LIFETIME_MS_MAX);
    lifetime.unref();
    stream.signal.addEventListener('abort', () => {
      clearTimeout(lifetime);
    });
    const tell = async (settled: Position): Promise<void> => {
      while (reached < settled && !stream.signal.aborted) {
        const { through, news } = await this.store.database.read(context.tenantId, (tx) =>
          this.store.summariseAfter(tx, reached, settled, types),
        );
        reached = through;
        if (news.length > 0) {
          stream.send({ id: String(through), event: 'news', data: { position: positionNumber(through), news } });
        }
      }
    };
    this.watch.follow(reached, tell, stream.signal);
  }

  #types(asked: string | undefined, roles: readonly string[]): string[] {
    const seesAccess = roles.some((role) => SEES_ACCESS.includes(role));
    const visible = this.store.catalogue.types().filter(({ code }) => seesAccess || code >= BUSINESS_CODES_FROM);
    const known = new Set(visible.map(({ type }) => type));
    if (asked === undefined) return [...known];
    const names = asked.split(',').map((name) => name.trim());
    const unknown = names.find((name) => !known.has(name));
    if (unknown !== undefined || names.length > STREAM_TYPES_MAX) {
      const detail =
        unknown === undefined ? `At most ${String(STREAM_TYPES_MAX)} types can be named.` : `There is no event type "${unknown}".`;
      throw new Refusal('event-type-unknown', detail, [{ field: 'types' }]);
    }
    return names;
  }
}

function positionOf(lastEventId: string): number {
  const position = Number(lastEventId);
  if (/^\d{1,16}$/.test(lastEventId) && Number.isSafeInteger(position)) return position;
  throw new Refusal('position-invalid', 'Last-Event-ID is the id of a message of this stream: a position of the log.', [
    { field: 'Last-Event-ID' },
  ]);
}
