import { Body, Controller, Get, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { CLOCK, type Clock, type RequestContext } from '@app/platform';
import {
  ApproveAssessmentCommand,
  ListIndividualAssessmentsQuery,
  ProposeAssessmentCommand,
  ProposeReleaseCommand,
  type IndividualAssessmentView,
} from '@app/provisioning';
import type { z } from 'zod';
import { Context, money, notFound, Permit, positionNumber, Returns, type EdgeReply } from '../http';
import {
  approved,
  assessmentAnswer,
  assessmentList,
  assessmentsQuery,
  identifierParams,
  policyQuery,
  proposeAssessmentBody,
  proposed,
  proposeReleaseBody,
  type individualAssessment,
} from './provisioning.schemas';

@Controller('v1/individual-assessments')
export class IndividualAssessmentsController {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @Permit('manager')
  @Returns({ status: 201, summary: 'Propose to measure a debtor alone, outside the matrix', body: proposed })
  async propose(
    @Context() context: RequestContext,
    @Body({ schema: proposeAssessmentBody }) body: z.output<typeof proposeAssessmentBody>,
    @Res({ passthrough: true }) reply: EdgeReply,
  ): Promise<z.input<typeof proposed>> {
    const proposal = {
      ...{ debtorId: body.debtorId, effectiveOn: body.effectiveOn, endsOn: body.endsOn ?? null, reason: body.reason },
      ...{ kinds: body.kinds ?? null, entityId: body.entityId ?? null, lossRate: body.lossRate ?? null },
      ...{ scenarios: body.scenarios ?? null, currency: body.currency ?? null, discountRate: body.discountRate ?? null },
    };
    const answer = await this.commands.execute(new ProposeAssessmentCommand(context, proposal));
    void reply.header('location', `/v1/individual-assessments/${answer.id}`);
    return answer;
  }

  @Post(':id/approve')
  @Permit('approver')
  @Returns({ summary: 'Approve an assessment or a release; another principal than the one who proposed it', body: approved })
  approve(
    @Context() context: RequestContext,
    @Param({ schema: identifierParams }) { id }: z.output<typeof identifierParams>,
  ): Promise<z.input<typeof approved>> {
    return this.commands.execute(new ApproveAssessmentCommand(context, id));
  }

  @Post(':id/release')
  @Permit('manager')
  @Returns({ status: 201, summary: 'Propose to put the debtor back into the matrix', body: proposed })
  async release(
    @Context() context: RequestContext,
    @Param({ schema: identifierParams }) { id }: z.output<typeof identifierParams>,
    @Body({ schema: proposeReleaseBody }) body: z.output<typeof proposeReleaseBody>,
    @Res({ passthrough: true }) reply: EdgeReply,
  ): Promise<z.input<typeof proposed>> {
    const answer = await this.commands.execute(new ProposeReleaseCommand(context, id, body));
    void reply.header('location', `/v1/individual-assessments/${answer.id}`);
    return answer;
  }

  @Get()
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver', 'admin')
  @Returns({ summary: 'Individual assessments as known at any moment', body: assessmentList })
  async list(
    @Context() context: RequestContext,
    @Query({ schema: assessmentsQuery }) query: z.output<typeof assessmentsQuery>,
  ): Promise<z.input<typeof assessmentList>> {
    const { asOf, knownAt, position, items } = await this.read(context, query);
    return { asOf, knownAt, position: positionNumber(position), items: items.map(assessmentOnTheWire) };
  }

  @Get(':id')
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver', 'admin')
  @Returns({ summary: 'An individual assessment as known at any moment', body: assessmentAnswer })
  async get(
    @Context() context: RequestContext,
    @Param({ schema: identifierParams }) { id }: z.output<typeof identifierParams>,
    @Query({ schema: policyQuery }) query: z.output<typeof policyQuery>,
  ): Promise<z.input<typeof assessmentAnswer>> {
    const { asOf, knownAt, position, items } = await this.read(context, query);
    const found = items.find(({ assessment }) => assessment.assessmentId === id);
    if (found === undefined) throw notFound('individual assessment', id);
    return { asOf, knownAt, position: positionNumber(position), ...assessmentOnTheWire(found) };
  }

  private read(context: RequestContext, query: z.output<typeof assessmentsQuery>) {
    const asOf = query.asOf ?? this.clock.today();
    return this.queries.execute(new ListIndividualAssessmentsQuery(context.tenantId, { ...query, asOf }));
  }
}

function assessmentOnTheWire(view: IndividualAssessmentView): z.input<typeof individualAssessment> {
  const { debtorId, effectiveOn, endsOn, entityId, lossRate, discountRate, reason, release, kinds, scenarios } = view.assessment;
  const currency = view.assessment.scenarioCurrency ?? '';
  return {
    id: view.assessment.assessmentId,
    ...{ debtorId, effectiveOn, endsOn, entityId, lossRate, discountRate, reason, release },
    kinds: kinds === null ? null : [...kinds],
    scenarios:
      scenarios?.map(({ probability, cashFlows }) => ({
        probability,
        cashFlows: cashFlows.map(({ on, amount }) => ({ on, amount: money(amount, currency) })),
      })) ?? null,
    ...{ status: view.status, proposedBy: view.proposedBy, proposedAt: view.proposedAt, reviewDue: view.reviewDue },
    approvedBy: view.status === 'approved' ? view.approvedBy : null,
    approvedAt: view.status === 'approved' ? view.approvedAt : null,
  };
}
