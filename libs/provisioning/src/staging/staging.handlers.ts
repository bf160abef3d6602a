import { checkStageAssignment, checkStagingPolicy } from '@app/credit-domain';
import type { EventStore } from '@app/event-store';
import { EVENT_STORE } from '@app/platform';
import { Inject } from '@nestjs/common';
import { CommandHandler, QueryBus, type ICommandHandler } from '@nestjs/cqrs';
import { requireKindsWithLosses } from '../policy/kinds';
import { PolicyBook, type ProposedPolicy } from '../policy/policy-book';
import { requireNoFaults } from '../policy/refusal-places';
import { requireDebtor, requireEntity } from '../policy/require-known';
import { stageAssignments } from '../policy/stage-assignment.fold';
import { stagingPolicies } from '../policy/staging-policy.fold';
import { ProposeStageAssignmentCommand, ProposeStagingPolicyCommand } from './staging.commands';

@CommandHandler(ProposeStagingPolicyCommand)
export class ProposeStagingPolicyHandler implements ICommandHandler<ProposeStagingPolicyCommand> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  async execute({ context, proposal: { id, ...content } }: ProposeStagingPolicyCommand): Promise<ProposedPolicy> {
    requireKindsWithLosses([content.kind], 'kind');
    const policy = { policyId: id ?? context.newId(), ...content };
    requireNoFaults(checkStagingPolicy(policy));
    return new PolicyBook(this.store).propose(context, stagingPolicies, policy);
  }
}

@CommandHandler(ProposeStageAssignmentCommand)
export class ProposeStageAssignmentHandler implements ICommandHandler<ProposeStageAssignmentCommand> {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(QueryBus) private readonly queries: QueryBus,
  ) {}

  async execute({ context, proposal: { id, ...content } }: ProposeStageAssignmentCommand): Promise<ProposedPolicy> {
    requireKindsWithLosses(content.kinds ?? [], 'kinds');
    const assignment = { assignmentId: id ?? context.newId(), ...content };
    requireNoFaults(checkStageAssignment(assignment));
    await requireDebtor(this.queries, context, content.debtorId);
    await requireEntity(this.queries, context, content);
    return new PolicyBook(this.store).propose(context, stageAssignments, assignment);
  }
}
