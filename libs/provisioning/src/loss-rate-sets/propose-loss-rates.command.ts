import type { LossRate, LossRateWarning } from '@app/credit-domain';
import type { RequestContext } from '@app/platform';
import { Command } from '@nestjs/cqrs';

export interface LossRateProposal {
  /** chosen by the caller, else made here. */
  readonly id?: string | undefined;
  readonly kind: string;
  readonly scheme: string;
  readonly effectiveOn: string;
  readonly rates: readonly LossRate[];
}

/** Proposes loss rates; nothing uses them before another principal approves. Refused `loss-rates-invalid`, `ageing-scheme-unknown`, `kind-without-ecl`, `conflict`. */
export class ProposeLossRatesCommand extends Command<{ id: string; status: 'proposed' | 'approved'; warnings: LossRateWarning[] }> {
  constructor(
    readonly context: RequestContext,
    readonly proposal: LossRateProposal,
  ) {
    super();
  }
}
