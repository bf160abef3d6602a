import { Body, Controller, Get, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { RequestContext } from '@app/platform';
import {
  ApprovePeriodCloseCommand,
  ListPeriodClosesQuery,
  ProposePeriodCloseCommand,
  ProposePeriodReopenCommand,
  type PeriodClose,
} from '@app/provisioning';
import type { z } from 'zod';
import { Context, Permit, positionNumber, Returns, type EdgeReply } from '../http';
import {
  approvedPeriodClose,
  approvePeriodCloseBody,
  periodCloseList,
  periodClosesQuery,
  proposedPeriodClose,
  proposedReopening,
  proposePeriodCloseBody,
  reopenPeriodBody,
  type periodClose,
} from './period-closes.schemas';
import { identifierParams } from './provisioning.schemas';

@Controller('v1/period-closes')
export class PeriodClosesController {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(QueryBus) private readonly queries: QueryBus,
  ) {}

  @Post()
  @Permit('manager')
  @Returns({
    status: 201,
    summary: 'Propose to close a period: nothing but facts may take effect in it afterwards',
    body: proposedPeriodClose,
  })
  async propose(
    @Context() context: RequestContext,
    @Body({ schema: proposePeriodCloseBody }) body: z.output<typeof proposePeriodCloseBody>,
    @Res({ passthrough: true }) reply: EdgeReply,
  ): Promise<z.input<typeof proposedPeriodClose>> {
    const proposal = await this.commands.execute(new ProposePeriodCloseCommand(context, body));
    void reply.header('location', '/v1/period-closes');
    return proposal;
  }

  @Post(':id/approve')
  @Permit('approver')
  @Returns({
    summary: 'Approve a proposed close, or its proposed reopening; another principal than the one who proposed it',
    body: approvedPeriodClose,
  })
  approve(
    @Context() context: RequestContext,
    @Param({ schema: identifierParams }) { id }: z.output<typeof identifierParams>,
    @Body({ schema: approvePeriodCloseBody }) { contentHash }: z.output<typeof approvePeriodCloseBody>,
  ): Promise<z.input<typeof approvedPeriodClose>> {
    return this.commands.execute(new ApprovePeriodCloseCommand(context, id, contentHash));
  }

  @Post(':id/reopen')
  @Permit('manager')
  @Returns({ summary: 'Propose to reopen a closed period; it stays shut until another principal approves', body: proposedReopening })
  reopen(
    @Context() context: RequestContext,
    @Param({ schema: identifierParams }) { id }: z.output<typeof identifierParams>,
    @Body({ schema: reopenPeriodBody }) { reason }: z.output<typeof reopenPeriodBody>,
  ): Promise<z.input<typeof proposedReopening>> {
    return this.commands.execute(new ProposePeriodReopenCommand(context, id, reason));
  }

  @Get()
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver', 'admin')
  @Returns({ summary: 'Period closes as known at any moment, and up to which day each entity is closed', body: periodCloseList })
  async list(
    @Context() context: RequestContext,
    @Query({ schema: periodClosesQuery }) query: z.output<typeof periodClosesQuery>,
  ): Promise<z.input<typeof periodCloseList>> {
    const { knownAt, position, closedThrough, items } = await this.queries.execute(new ListPeriodClosesQuery(context.tenantId, query));
    return {
      ...{ knownAt, position: positionNumber(position) },
      closedThrough: closedThrough.map((each) => ({ ...each })),
      items: items.map(closeOnTheWire),
    };
  }
}

function closeOnTheWire(close: PeriodClose): z.input<typeof periodClose> {
  const { closeId, through, entityId, status, runId, runHash, contentHash, reopenReason } = close;
  const { proposed, approved, reopenProposed, reopenApproved } = close;
  return {
    id: closeId,
    ...{ through, entityId, status, runId, runHash, contentHash, reopenReason },
    ...{ proposed, approved, reopenProposed, reopenApproved },
  };
}
