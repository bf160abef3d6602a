import { Body, Controller, Param, Post, Res } from '@nestjs/common';
import { reviewDue } from '@app/credit-domain';
import type { RequestContext } from '@app/platform';
import { ProposeAssessmentCommand, ProposeReleaseCommand } from '@app/provisioning';
import type { z } from 'zod';
import { Context, localDateSchema, money, Permit, Returns, type EdgeReply } from '../http';
import { individualAssessment, proposeAssessmentBody, proposedPolicy, proposeReleaseBody } from './policies.schemas';
import { filteredByDebtor, located, policyRoutes, progressOf } from './policy-routes';
import { identifierParams } from './provisioning.schemas';

const routes = policyRoutes({
  collection: 'individual-assessments',
  noun: 'individual assessment',
  plural: 'Individual assessments',
  item: individualAssessment,
  onTheWire: (view, asOf) => {
    const { debtorId, endsOn, entityId, lossRate, discountRate, reason, evidence, release, kinds, scenarios } = view.content;
    const currency = view.content.scenarioCurrency ?? '';
    return {
      ...progressOf(view),
      ...{ debtorId, endsOn, entityId, lossRate, discountRate, reason, evidence, release },
      kinds: kinds === null ? null : [...kinds],
      scenarios:
        scenarios?.map(({ probability, cashFlows }) => ({
          probability,
          cashFlows: cashFlows.map(({ on, amount }) => ({ on, amount: money(amount, currency) })),
        })) ?? null,
      reviewDue: view.status === 'approved' && reviewDue(view.content, asOf),
    };
  },
  filter: {
    ...filteredByDebtor.filter,
    reviewDueBy: localDateSchema.optional().describe('only those in force whose last day lies before this date'),
  },
  matches: (view, { debtorId, reviewDueBy }) =>
    filteredByDebtor.matches(view, { debtorId }) && (reviewDueBy === undefined || (view.inForce && reviewDue(view.content, reviewDueBy))),
});

@Controller('v1/individual-assessments')
export class IndividualAssessmentsController extends routes {
  @Post()
  @Permit('manager')
  @Returns({ status: 201, summary: 'Propose to measure a debtor alone, outside the matrix', body: proposedPolicy })
  async propose(
    @Context() context: RequestContext,
    @Body({ schema: proposeAssessmentBody }) body: z.output<typeof proposeAssessmentBody>,
    @Res({ passthrough: true }) reply: EdgeReply,
  ): Promise<z.input<typeof proposedPolicy>> {
    const { id, debtorId, effectiveOn, endsOn, reason, evidence, kinds, entityId, lossRate, scenarios, currency, discountRate } = body;
    const proposal = {
      ...{ id, debtorId, effectiveOn, endsOn: endsOn ?? null, reason, evidence },
      ...{ kinds: kinds ?? null, entityId: entityId ?? null, lossRate: lossRate ?? null },
      ...{ scenarios: scenarios ?? null, currency: currency ?? null, discountRate: discountRate ?? null },
    };
    return located(reply, 'individual-assessments', await this.commands.execute(new ProposeAssessmentCommand(context, proposal)));
  }

  @Post(':id/release')
  @Permit('manager')
  @Returns({ status: 201, summary: 'Propose to put the debtor back into the matrix', body: proposedPolicy })
  async release(
    @Context() context: RequestContext,
    @Param({ schema: identifierParams }) { id }: z.output<typeof identifierParams>,
    @Body({ schema: proposeReleaseBody }) body: z.output<typeof proposeReleaseBody>,
    @Res({ passthrough: true }) reply: EdgeReply,
  ): Promise<z.input<typeof proposedPolicy>> {
    return located(reply, 'individual-assessments', await this.commands.execute(new ProposeReleaseCommand(context, id, body)));
  }
}
