import { Body, Controller, Get, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { CLOCK, type Clock, type RequestContext } from '@app/platform';
import { ApproveLossRatesCommand, ListLossRateSetsQuery, ProposeLossRatesCommand, type LossRateSetView } from '@app/provisioning';
import type { z } from 'zod';
import { Context, notFound, Permit, positionNumber, Returns, type EdgeReply } from '../http';
import {
  approved,
  identifierParams,
  lossRateSetAnswer,
  lossRateSetList,
  lossRateSetsQuery,
  policyQuery,
  proposedLossRates,
  proposeLossRatesBody,
  type lossRateSet,
} from './provisioning.schemas';

@Controller('v1/loss-rate-sets')
export class LossRateSetsController {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @Permit('manager')
  @Returns({ status: 201, summary: 'Propose loss rates by segment and bucket', body: proposedLossRates })
  async propose(
    @Context() context: RequestContext,
    @Body({ schema: proposeLossRatesBody }) body: z.output<typeof proposeLossRatesBody>,
    @Res({ passthrough: true }) reply: EdgeReply,
  ): Promise<z.input<typeof proposedLossRates>> {
    const proposal = await this.commands.execute(new ProposeLossRatesCommand(context, body));
    void reply.header('location', `/v1/loss-rate-sets/${proposal.id}`);
    return proposal;
  }

  @Post(':id/approve')
  @Permit('approver')
  @Returns({ summary: 'Approve proposed loss rates; another principal than the one who proposed them', body: approved })
  approve(
    @Context() context: RequestContext,
    @Param({ schema: identifierParams }) { id }: z.output<typeof identifierParams>,
  ): Promise<z.input<typeof approved>> {
    return this.commands.execute(new ApproveLossRatesCommand(context, id));
  }

  @Get()
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver', 'admin')
  @Returns({ summary: 'Loss-rate sets as known at any moment, and which are in force on a date', body: lossRateSetList })
  async list(
    @Context() context: RequestContext,
    @Query({ schema: lossRateSetsQuery }) query: z.output<typeof lossRateSetsQuery>,
  ): Promise<z.input<typeof lossRateSetList>> {
    const { asOf, knownAt, position, items } = await this.read(context, query);
    return { asOf, knownAt, position: positionNumber(position), items: items.map(setOnTheWire) };
  }

  @Get(':id')
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver', 'admin')
  @Returns({ summary: 'A loss-rate set as known at any moment', body: lossRateSetAnswer })
  async get(
    @Context() context: RequestContext,
    @Param({ schema: identifierParams }) { id }: z.output<typeof identifierParams>,
    @Query({ schema: policyQuery }) query: z.output<typeof policyQuery>,
  ): Promise<z.input<typeof lossRateSetAnswer>> {
    const { asOf, knownAt, position, items } = await this.read(context, query);
    const found = items.find(({ setId }) => setId === id);
    if (found === undefined) throw notFound('loss-rate set', id);
    return { asOf, knownAt, position: positionNumber(position), ...setOnTheWire(found) };
  }

  private read(context: RequestContext, query: z.output<typeof lossRateSetsQuery>) {
    const asOf = query.asOf ?? this.clock.today();
    return this.queries.execute(new ListLossRateSetsQuery(context.tenantId, { ...query, asOf }));
  }
}

function setOnTheWire(set: LossRateSetView): z.input<typeof lossRateSet> {
  const { kind, scheme, effectiveOn, status, proposedBy, proposedAt, inForce } = set;
  return {
    id: set.setId,
    ...{ kind, scheme, effectiveOn, status, proposedBy, proposedAt, inForce },
    approvedBy: set.status === 'approved' ? set.approvedBy : null,
    approvedAt: set.status === 'approved' ? set.approvedAt : null,
    rates: set.rates.map((rate) => ({ ...rate })),
  };
}
