import type { LossRate } from '@app/credit-domain';
import type { RequestContext } from '@app/platform';
import { Command } from '@nestjs/cqrs';
import type { LossRateEvidence } from '../policy/loss-rate-set.fold';
import type { ProposedPolicy } from '../policy/policy-book';

export interface LossRateProposal {
  /** chosen by the caller, else made here. */
  readonly id?: string | undefined;
  readonly kind: string;
  readonly scheme: string;
  readonly effectiveOn: string;
  readonly rates: readonly LossRate[];
  /** where the rates come from; default not stated. */
  readonly evidence?: LossRateEvidence | undefined;
  /** the approved set of the same kind, scheme and effective date it is to take the place of. */
  readonly replaces?: string | undefined;
}

/**
 * Proposes loss rates; nothing uses them before another principal approves. Rates that fall with age are told in `warnings`.
 * Refused `loss-rates-invalid`, `ageing-scheme-unknown`, `kind-without-ecl`, `replaced-policy-unknown`, `conflict`, `period-closed`.
 */
export class ProposeLossRatesCommand extends Command<ProposedPolicy> {
  constructor(
    readonly context: RequestContext,
    readonly proposal: LossRateProposal,
  ) {
    super();
  }
}
