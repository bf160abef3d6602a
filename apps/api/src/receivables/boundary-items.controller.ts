import { Controller, Get, Inject, Query, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { Clock, RequestContext } from '@app/platform';
import { CLOCK } from '@app/platform';
import { ListBoundaryItemsQuery } from '@app/receivables';
import { RECEIVABLE_KINDS } from '@app/credit-domain';
import { z } from 'zod';
import type { EdgeReply, EdgeRequest } from '../http';
import {
  Context,
  Permit,
  Returns,
  decodeCursor,
  encodeCursor,
  figureQueryShape,
  figureStampShape,
  money,
  moneySchema,
  pageQueryShape,
  pageSchema,
  positionNumber,
  setNextLink,
} from '../http';

const SCHEME_LENGTH_MAX = 64;
const { asOf, knownAt } = figureQueryShape;
const boundaryQuery = z.strictObject({
  asOf,
  knownAt,
  scheme: z
    .string()
    .max(SCHEME_LENGTH_MAX)
    .optional()
    .describe('default the one of the kind’s loss rates in force, else months-6-12-24-36-48'),
  kind: z.enum(RECEIVABLE_KINDS).optional().describe('default every kind with expected credit losses'),
  ...pageQueryShape,
});
const date = z.string().meta({ format: 'date' });
const boundaryItem = z.object({
  id: z.string(),
  debtorId: z.string(),
  entityId: z.string(),
  kind: z.string(),
  anchor: date.describe('the date its age counts from'),
  outstanding: moneySchema,
  bucket: z.string(),
  nextBucket: z.string().describe('the bucket it is in the next day'),
});
const boundaryAnswer = z.object({
  ...figureStampShape,
  scheme: z.string(),
  basis: z.enum(['recognition', 'invoice', 'due']),
  ...pageSchema(boundaryItem).shape,
});
const boundaryCursor = z.tuple([z.string(), z.string(), z.string()]);

@Controller('v1/ageing/boundary-items')
export class BoundaryItemsController {
  constructor(
    private readonly queries: QueryBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver', 'admin')
  @Returns({
    summary: 'Receivables on the last day of their bucket: those whose age lies exactly on a boundary.',
    body: boundaryAnswer,
  })
  async list(
    @Context() context: RequestContext,
    @Query({ schema: boundaryQuery }) query: z.output<typeof boundaryQuery>,
    @Req() request: EdgeRequest,
    @Res({ passthrough: true }) reply: EdgeReply,
  ): Promise<z.input<typeof boundaryAnswer>> {
    // Every page is read at the moment of the first one, so that facts arriving meanwhile shift nothing.
    const cursor = decodeCursor(query.cursor, boundaryCursor);
    const list = await this.queries.execute(
      new ListBoundaryItemsQuery({
        tenantId: context.tenantId,
        asOf: query.asOf ?? cursor?.[1] ?? this.clock.today(),
        knownAt: query.knownAt ?? cursor?.[0],
        ...{ scheme: query.scheme, kind: query.kind, limit: query.limit, after: cursor?.[2] },
      }),
    );
    const last = list.items.at(-1);
    const next = list.hasMore && last !== undefined ? encodeCursor([list.knownAt, list.asOf, last.receivableId]) : null;
    if (next !== null) setNextLink({ request, reply }, { cursor: next });
    return {
      asOf: list.asOf,
      knownAt: list.knownAt,
      position: positionNumber(list.position),
      scheme: list.scheme,
      basis: list.basis,
      items: list.items.map(({ receivableId, debtorId, entityId, kind, anchor, outstanding, currency, bucket, nextBucket }) => ({
        ...{ id: receivableId, debtorId, entityId, kind, anchor, bucket, nextBucket },
        outstanding: money(outstanding, currency),
      })),
      next,
    };
  }
}
