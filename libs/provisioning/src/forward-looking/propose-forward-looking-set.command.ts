import type { ForwardLookingSet } from '@app/credit-domain';
import type { RequestContext } from '@app/platform';
import { Command } from '@nestjs/cqrs';
import type { ProposedPolicy } from '../policy/policy-book';

/** `id` is chosen by the caller, else made here; `replaces` names the approved set of the same kind and day it is to take the place of. */
export type ForwardLookingProposal = Omit<ForwardLookingSet, 'setId'> & {
  readonly id: string | undefined;
  readonly replaces: string | null;
};

/**
 * Proposes forward-looking scenarios for a kind. A direction that contradicts what is observed is told in `warnings`. Refused `weights-not-one`,
 * `fraction-out-of-range`, `reason-missing`, `policy-invalid`, `kind-without-ecl`, `replaced-policy-unknown`, `conflict`, `period-closed`.
 */
export class ProposeForwardLookingSetCommand extends Command<ProposedPolicy> {
  constructor(
    readonly context: RequestContext,
    readonly proposal: ForwardLookingProposal,
  ) {
    super();
  }
}
