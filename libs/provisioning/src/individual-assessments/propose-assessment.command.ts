import type { RequestContext } from '@app/platform';
import { Command } from '@nestjs/cqrs';
import type { ProposedPolicy } from '../policy/policy-book';

export interface AssessmentProposal {
  /** chosen by the caller, else made here. */
  readonly id?: string | undefined;
  readonly debtorId: string;
  readonly effectiveOn: string;
  readonly endsOn: string | null;
  readonly kinds: readonly string[] | null;
  readonly entityId: string | null;
  readonly lossRate: string | null;
  /** amounts as plain decimals of `currency`. */
  readonly scenarios: readonly { probability: string; cashFlows: readonly { on: string; amount: string }[] }[] | null;
  /** currency of the scenarios; null = the book's presentation currency. */
  readonly currency: string | null;
  readonly discountRate: string | null;
  readonly reason: string;
  /** link or text that says where the evidence is; default not stated. */
  readonly evidence?: string | undefined;
}

/** Proposes to measure a debtor alone. Refused `assessment-invalid`, `debtor-unknown`, `entity-unknown`, `kind-without-ecl`, `conflict`, `period-closed`. */
export class ProposeAssessmentCommand extends Command<ProposedPolicy> {
  constructor(
    readonly context: RequestContext,
    readonly proposal: AssessmentProposal,
  ) {
    super();
  }
}

/** Proposes to put the debtor of an approved assessment back into the matrix. Refused `assessment-not-found`, `assessment-not-approved`, `assessment-invalid`, `period-closed`. */
export class ProposeReleaseCommand extends Command<ProposedPolicy> {
  constructor(
    readonly context: RequestContext,
    readonly assessmentId: string,
    readonly release: { readonly effectiveOn: string; readonly reason: string },
  ) {
    super();
  }
}
