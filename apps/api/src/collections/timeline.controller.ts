import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ReadBusinessDateQuery, ReadTimelineQuery, type TimelineEntry } from '@app/collections';
import type { RequestContext } from '@app/platform';
import { z } from 'zod';
import {
  Context,
  decodeCursor,
  figureQueryShape,
  figureStampShape,
  page,
  pageQueryShape,
  pageSchema,
  Permit,
  positionNumber,
  Returns,
  type EdgeReply,
  type EdgeRequest,
} from '../http';
import { debtorIdParams, note } from './cases.schemas';

const TYPES_LENGTH_MAX = 2_000;

const timelineQuery = z.strictObject({
  asOf: figureQueryShape.asOf,
  knownAt: figureQueryShape.knownAt,
  types: z
    .string()
    .min(1)
    .max(TYPES_LENGTH_MAX)
    .transform((types) => types.split(','))
    .optional()
    .describe('types of events, with commas between; default all'),
  order: z.enum(['asc', 'desc']).default('asc').describe('by business date, then by position'),
  ...pageQueryShape,
});

const entry = z.object({
  position: z.int(),
  effectiveOn: z.string().meta({ format: 'date' }),
  recordedAt: z.string().meta({ format: 'date-time' }),
  type: z.string(),
  summary: z.string(),
  note,
  principalId: z.string(),
  stream: z.object({ category: z.string(), key: z.string() }),
  event: z.string().describe('where the event itself is'),
});
const timelineAnswer = z.object({ ...figureStampShape, debtorId: z.string(), ...pageSchema(entry).shape });

/** The moment and the as-of date the first page was read at, and the date and position of the last item shown. */
const cursorSchema = z.tuple([z.string(), z.string(), z.string(), z.int().nonnegative()]);

function entryOnTheWire({ position, recordedAt, ...shown }: TimelineEntry): z.input<typeof entry> {
  const at = positionNumber(position);
  return { ...shown, position: at, recordedAt: recordedAt.toISOString(), event: `/v1/events?after=${String(at - 1)}&limit=1` };
}

@Controller('v1/debtors/:id/timeline')
export class TimelineController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver')
  @Returns({
    summary: 'Every fact about a debtor in one order, on any date, as known at any moment',
    description:
      'From invoices and payments to promises, letters, assessments and alerts. Pages are read at the position of the first one, so that facts ' +
      'arriving meanwhile shift nothing. Each entry links to its event.',
    body: timelineAnswer,
  })
  async timeline(
    @Context() { tenantId }: RequestContext,
    @Param({ schema: debtorIdParams }) { id }: z.output<typeof debtorIdParams>,
    @Query({ schema: timelineQuery }) query: z.output<typeof timelineQuery>,
    @Req() request: EdgeRequest,
    @Res({ passthrough: true }) reply: EdgeReply,
  ): Promise<z.input<typeof timelineAnswer>> {
    const { types, order, limit } = query;
    const cursor = decodeCursor(query.cursor, cursorSchema);
    const asOf = cursor?.[1] ?? query.asOf ?? (await this.queries.execute(new ReadBusinessDateQuery(tenantId)));
    const knownAt = cursor?.[0] ?? query.knownAt;
    const after = cursor === undefined ? undefined : { effectiveOn: cursor[2], position: BigInt(cursor[3]) };
    const found = await this.queries.execute(new ReadTimelineQuery(tenantId, id, { asOf, knownAt, types, order, after, limit: limit + 1 }));
    const at = positionNumber(found.position);
    const next = page(found.items, limit, (last) => [found.knownAt, asOf, last.effectiveOn, positionNumber(last.position)], {
      request,
      reply,
    });
    return { asOf, knownAt: found.knownAt, position: at, debtorId: id, items: next.items.map(entryOnTheWire), next: next.next };
  }
}
