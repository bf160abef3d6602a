import { Body, Controller, Post, Res } from '@nestjs/common';
import type { RequestContext } from '@app/platform';
import { ProposeStageAssignmentCommand, ProposeStagingPolicyCommand } from '@app/provisioning';
import type { z } from 'zod';
import { Context, Permit, Returns, type EdgeReply } from '../http';
import { proposedPolicy, proposeStageAssignmentBody, proposeStagingPolicyBody, stageAssignment, stagingPolicy } from './policies.schemas';
import { filteredByDebtor, filteredByKind, located, policyRoutes, progressOf } from './policy-routes';

const policyRoutesOfStages = policyRoutes({
  collection: 'staging-policies',
  noun: 'staging policy',
  plural: 'Staging policies',
  item: stagingPolicy,
  onTheWire: (view) => {
    const { kind, sicrDays, defaultDays, rebuttalReason, probationDays, parameters, replaces } = view.content;
    return {
      ...progressOf(view),
      ...{ kind, sicrDays, defaultDays, rebuttalReason, probationDays, replaces },
      parameters: parameters.map((row) => ({ ...row, term: row.term?.map((period) => ({ ...period })) ?? null })),
    };
  },
  ...filteredByKind,
});

@Controller('v1/staging-policies')
export class StagingPoliciesController extends policyRoutesOfStages {
  @Post()
  @Permit('manager')
  @Returns({ status: 201, summary: 'Propose to measure a kind in three stages', body: proposedPolicy })
  async propose(
    @Context() context: RequestContext,
    @Body({ schema: proposeStagingPolicyBody }) body: z.output<typeof proposeStagingPolicyBody>,
    @Res({ passthrough: true }) reply: EdgeReply,
  ): Promise<z.input<typeof proposedPolicy>> {
    const { id, kind, effectiveOn, sicrDays, defaultDays, probationDays } = body;
    const parameters = body.parameters.map((row) => ({
      ...row,
      effectiveRate: row.effectiveRate ?? null,
      recoveryMonths: row.recoveryMonths ?? null,
      term: row.term ?? null,
    }));
    const proposal = {
      ...{ id, kind, effectiveOn, sicrDays, defaultDays, probationDays, parameters },
      ...{ rebuttalReason: body.rebuttalReason ?? null, replaces: body.replaces ?? null },
    };
    return located(reply, 'staging-policies', await this.commands.execute(new ProposeStagingPolicyCommand(context, proposal)));
  }
}

const assignmentRoutes = policyRoutes({
  collection: 'stage-assignments',
  noun: 'stage assignment',
  plural: 'Stage assignments',
  item: stageAssignment,
  onTheWire: (view) => {
    const { debtorId, kinds, entityId, stage, endsOn, reason } = view.content;
    return { ...progressOf(view), debtorId, kinds: kinds === null ? null : [...kinds], entityId, stage, endsOn, reason };
  },
  ...filteredByDebtor,
});

@Controller('v1/stage-assignments')
export class StageAssignmentsController extends assignmentRoutes {
  @Post()
  @Permit('manager')
  @Returns({ status: 201, summary: 'Propose to put a debtor into a stage by judgement', body: proposedPolicy })
  async propose(
    @Context() context: RequestContext,
    @Body({ schema: proposeStageAssignmentBody }) body: z.output<typeof proposeStageAssignmentBody>,
    @Res({ passthrough: true }) reply: EdgeReply,
  ): Promise<z.input<typeof proposedPolicy>> {
    const { id, debtorId, stage, effectiveOn, reason, kinds, entityId, endsOn } = body;
    const proposal = {
      ...{ id, debtorId, stage, effectiveOn, reason },
      ...{ kinds: kinds ?? null, entityId: entityId ?? null, endsOn: endsOn ?? null },
    };
    return located(reply, 'stage-assignments', await this.commands.execute(new ProposeStageAssignmentCommand(context, proposal)));
  }
}
