import type { RequestContext } from '@app/platform';
import { Command } from '@nestjs/cqrs';

export interface AssessmentProposal {
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
}

/** Proposes to measure a debtor alone. Refused `assessment-invalid`, `debtor-unknown`, `kind-without-ecl`. */
export class ProposeAssessmentCommand extends Command<{ id: string; status: 'proposed' }> {
  constructor(
    readonly context: RequestContext,
    readonly proposal: AssessmentProposal,
  ) {
    super();
  }
}

/** Proposes to put the debtor of an approved assessment back into the matrix. Refused `assessment-not-found`, `assessment-not-approved`. */
export class ProposeReleaseCommand extends Command<{ id: string; status: 'proposed' }> {
  constructor(
    readonly context: RequestContext,
    readonly assessmentId: string,
    readonly release: { readonly effectiveOn: string; readonly reason: string },
  ) {
    super();
  }
}
