import type { Overlay } from '@app/credit-domain';
import type { RequestContext } from '@app/platform';
import { Command } from '@nestjs/cqrs';
import type { ProposedPolicy } from '../policy/policy-book';

/** `id` is chosen by the caller, else made here; the amount is in minor units and may be negative. */
export type OverlayProposal = Omit<Overlay, 'overlayId'> & { readonly id: string | undefined };

/** Proposes an adjustment beside the model. Refused `entity-unknown`, `reason-missing`, `policy-invalid`, `kind-without-ecl`, `conflict`, `period-closed`. */
export class ProposeOverlayCommand extends Command<ProposedPolicy> {
  constructor(
    readonly context: RequestContext,
    readonly proposal: OverlayProposal,
  ) {
    super();
  }
}
