import type { RequestContext } from '@app/platform';
import { Command } from '@nestjs/cqrs';
import type { DecidedPolicy } from './policy-book';
import type { PolicyCollection } from './policy-types';

/**
 * Approves a proposal, which from then on is used; what counts for knownAt is this moment. Approving again changes nothing. With a contentHash only
 * that content is approved. Refused `four-eyes`, `content-changed`, `proposal-withdrawn`, `effective-date-overlap`, `period-closed`, and as not found.
 */
export class ApprovePolicyCommand extends Command<DecidedPolicy> {
  constructor(
    readonly context: RequestContext,
    readonly collection: PolicyCollection,
    readonly approval: { readonly id: string; readonly contentHash?: string | undefined },
  ) {
    super();
  }
}

/** Takes a proposal back before anybody has approved it. Again changes nothing. Refused `already-approved`, and as not found. */
export class WithdrawPolicyCommand extends Command<DecidedPolicy> {
  constructor(
    readonly context: RequestContext,
    readonly collection: PolicyCollection,
    readonly withdrawal: { readonly id: string; readonly reason: string | null },
  ) {
    super();
  }
}
