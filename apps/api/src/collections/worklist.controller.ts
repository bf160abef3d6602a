import {
  AssignDebtorCommand,
  FinishWorkCommand,
  GetWorklistPolicyQuery,
  ReadBusinessDateQuery,
  ReadWorklistQuery,
  SnoozeDebtorCommand,
  StateWorklistPolicyCommand,
  type WorkItem,
} from '@app/collections';
import { Ratio } from '@app/credit-domain';
import type { RequestContext } from '@app/platform';
import { NO_CURRENCY } from '@app/receivables';
import { Body, Controller, Get, Inject, Param, Post, Put, Query, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { z } from 'zod';
import { Context, decodeCursor, encodeCursor, entityTag, IfMatch, money, Permit, positionNumber, Returns, setNextLink } from '../http';
import type { EdgeReply, EdgeRequest } from '../http';
import { createdAnswer } from './limits.schemas';
import {
  assignBody,
  debtorAnswer,
  debtorIdParam,
  doneBody,
  snoozeBody,
  worklist,
  worklistPolicy,
  worklistPolicyBody,
  worklistQuery,
} from './worklist.schemas';

/** Position, score and debtor: pages of one list never shift while facts arrive. */
const worklistCursor = z.tuple([z.int().nonnegative(), z.int(), z.string()]);
const TENTHS = 10;

const plainTenths = (tenths: number): string => Ratio.of(BigInt(tenths), BigInt(TENTHS)).toDecimal(1);

@Controller('v1')
export class WorklistController {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(QueryBus) private readonly queries: QueryBus,
  ) {}

  @Get('worklist')
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver')
  @Returns({ summary: 'Overdue debtors in the order in which they are worth chasing, with what each score is made of', body: worklist })
  async list(
    @Context() context: RequestContext,
    @Query({ schema: worklistQuery }) { asOf, knownAt, controller, putOff, cursor, limit }: z.output<typeof worklistQuery>,
    @Req() request: EdgeRequest,
    @Res({ passthrough: true }) reply: EdgeReply,
  ): Promise<z.input<typeof worklist>> {
    const [pinned, tenths = 0, debtorId = ''] = decodeCursor(cursor, worklistCursor) ?? [];
    const read = await this.queries.execute(
      new ReadWorklistQuery(context.tenantId, {
        ...{ asOf: asOf ?? (await this.queries.execute(new ReadBusinessDateQuery(context.tenantId))), knownAt, withPutOff: putOff },
        controller: controller === 'me' ? context.principalId : controller,
        ...(pinned !== undefined && { position: BigInt(pinned) }),
        page: { after: pinned === undefined ? undefined : { tenths, debtorId }, limit },
      }),
    );
    const position = positionNumber(read.position);
    const last = read.items.at(-1);
    const next = read.hasMore && last !== undefined ? encodeCursor([position, last.tenths, last.debtorId]) : null;
    if (next !== null) setNextLink({ request, reply }, { cursor: next });
    const { currency } = read;
    return {
      ...{ asOf: read.asOf, knownAt: read.knownAt, position, currency, next },
      halfPointsAt: currency === NO_CURRENCY ? null : money(read.halfAmount, currency),
      items: read.items.map((item) => itemOnTheWire(item, currency)),
    };
  }

  @Post('worklist/:debtorId/assign')
  @Permit('controller', 'manager')
  @Returns({ summary: 'Put a debtor into the hands of a controller, or back into those of the rules', body: debtorAnswer })
  async assign(
    @Context() context: RequestContext,
    @Param({ schema: debtorIdParam }) { debtorId }: z.output<typeof debtorIdParam>,
    @Body({ schema: assignBody }) { controllerId }: z.output<typeof assignBody>,
  ): Promise<z.input<typeof debtorAnswer>> {
    await this.commands.execute(new AssignDebtorCommand(context, debtorId, controllerId));
    return { debtorId };
  }

  @Post('worklist/:debtorId/snooze')
  @Permit('controller', 'manager')
  @Returns({ status: 201, summary: 'Put a debtor off until a day; it comes back early when it becomes worse', body: createdAnswer })
  snooze(
    @Context() context: RequestContext,
    @Param({ schema: debtorIdParam }) { debtorId }: z.output<typeof debtorIdParam>,
    @Body({ schema: snoozeBody }) { until }: z.output<typeof snoozeBody>,
  ): Promise<z.input<typeof createdAnswer>> {
    return this.commands.execute(new SnoozeDebtorCommand(context, debtorId, until));
  }

  @Post('worklist/:debtorId/done')
  @Permit('controller', 'manager')
  @Returns({ status: 201, summary: 'Be done with a debtor for now', body: createdAnswer })
  done(
    @Context() context: RequestContext,
    @Param({ schema: debtorIdParam }) { debtorId }: z.output<typeof debtorIdParam>,
    @Body({ schema: doneBody }) { outcome, until }: z.output<typeof doneBody>,
  ): Promise<z.input<typeof createdAnswer>> {
    return this.commands.execute(new FinishWorkCommand(context, debtorId, { outcome, until }));
  }

  @Get('worklist-policy')
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver')
  @Returns({ summary: 'Who works on what by rule, and what a segment weighs', body: worklistPolicy })
  async policy(@Context() context: RequestContext, @Res({ passthrough: true }) reply: EdgeReply): Promise<z.input<typeof worklistPolicy>> {
    const { assignments, segmentTenths, streamVersion } = await this.queries.execute(new GetWorklistPolicyQuery(context.tenantId));
    void reply.header('etag', entityTag(streamVersion));
    return {
      assignments: assignments.map(({ segments, controllerId }) => ({ segments: segments === null ? null : [...segments], controllerId })),
      segmentPoints: Object.entries(segmentTenths).map(([segment, tenths]) => ({ segment, points: tenths / TENTHS })),
    };
  }

  @Put('worklist-policy')
  @Permit('manager')
  @Returns({ status: 204, summary: 'State who works on what by rule, and what a segment weighs' })
  async statePolicy(
    @Context() context: RequestContext,
    @Body({ schema: worklistPolicyBody }) { assignments, segmentPoints }: z.output<typeof worklistPolicyBody>,
    @IfMatch() expectedVersion: number | undefined,
    @Res({ passthrough: true }) reply: EdgeReply,
  ): Promise<void> {
    const policy = {
      assignments: assignments.map(({ segments, controllerId }) => ({ segments: segments ?? null, controllerId })),
      segmentTenths: Object.fromEntries(segmentPoints.map(({ segment, points }) => [segment, points * TENTHS])),
    };
    const { streamVersion } = await this.commands.execute(new StateWorklistPolicyCommand(context, policy, expectedVersion));
    void reply.header('etag', entityTag(streamVersion));
  }
}

function itemOnTheWire(item: WorkItem, currency: string): z.input<typeof worklist>['items'][number] {
  const { debtorId, segment, controllerId, assignedBy, oldestDueOn, daysPastDue, nextContactOn, putOff, backEarly } = item;
  return {
    ...{ debtorId, segment, controllerId, assignedBy, oldestDueOn, daysPastDue, nextContactOn, backEarly },
    score: plainTenths(item.tenths),
    parts: item.parts.map(({ part, tenths, why, positions, opens }) => ({
      ...{ part, points: plainTenths(tenths), why, opens, positions: positions.map(positionNumber) },
    })),
    overdue: item.overdue === null || currency === NO_CURRENCY ? null : money(item.overdue, currency),
    overdueBy: item.overdueBy.map(({ minor, currency: own }) => money(minor, own)),
    limitBand: item.credit.measured ? item.credit.use.band : null,
    putOff: putOff === null ? null : { how: putOff.how, until: putOff.until, since: putOff.since },
  };
}
