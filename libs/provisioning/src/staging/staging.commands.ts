import type { StageAssignment, StagingPolicy } from '@app/credit-domain';
import type { RequestContext } from '@app/platform';
import { Command } from '@nestjs/cqrs';
import type { ProposedPolicy } from '../policy/policy-book';

/** `id` is chosen by the caller, else made here; `replaces` names the approved policy of the same kind and day it is to take the place of. */
export type StagingPolicyProposal = Omit<StagingPolicy, 'policyId'> & {
  readonly id: string | undefined;
  readonly replaces: string | null;
};

/**
 * Proposes to measure a kind in three stages. Refused `general-approach-not-allowed` (IFRS 9 5.5.15(a)(i)), `rebuttal-reason-missing`,
 * `fraction-out-of-range`, `policy-invalid`, `kind-without-ecl`, `replaced-policy-unknown`, `conflict`, `period-closed`.
 */
export class ProposeStagingPolicyCommand extends Command<ProposedPolicy> {
  constructor(
    readonly context: RequestContext,
    readonly proposal: StagingPolicyProposal,
  ) {
    super();
  }
}

export type StageAssignmentProposal = Omit<StageAssignment, 'assignmentId'> & { readonly id: string | undefined };

/**
 * Proposes to put a debtor into a stage by judgement (IFRS 9 5.5.9, Appendix A). Refused `debtor-unknown`, `entity-unknown`, `general-approach-not-allowed`,
 * `reason-missing`, `policy-invalid`, `kind-without-ecl`, `conflict`, `period-closed`.
 */
export class ProposeStageAssignmentCommand extends Command<ProposedPolicy> {
  constructor(
    readonly context: RequestContext,
    readonly proposal: StageAssignmentProposal,
  ) {
    super();
  }
}
