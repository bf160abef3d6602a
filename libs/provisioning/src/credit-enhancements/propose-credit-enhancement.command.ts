import type { CreditEnhancement } from '@app/credit-domain';
import type { RequestContext } from '@app/platform';
import { Command } from '@nestjs/cqrs';
import type { ProposedPolicy } from '../policy/policy-book';

/** `id` is chosen by the caller, else made here; limit and deductible are minor units of `currency`. */
export type CreditEnhancementProposal = Omit<CreditEnhancement, 'enhancementId'> & { readonly id: string | undefined };

/**
 * Proposes cover for the losses on a debtor (IFRS 9 B5.5.55). Refused `debtor-unknown`, `entity-unknown`, `fraction-out-of-range`, `reason-missing`, `policy-invalid`,
 * `kind-without-ecl`, `conflict`, `period-closed`.
 */
export class ProposeCreditEnhancementCommand extends Command<ProposedPolicy> {
  constructor(
    readonly context: RequestContext,
    readonly proposal: CreditEnhancementProposal,
  ) {
    super();
  }
}
