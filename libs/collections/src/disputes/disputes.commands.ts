import { Command } from '@nestjs/cqrs';
import type { DisputeReason, DisputeResolution } from '@app/credit-domain';
import type { RequestContext } from '@app/platform';

/**
 * Takes down that a debtor contests items. Their age and their balance stay what they are.
 * @throws Refusal `debtor-not-found`, `receivable-unknown`, `debtor-mismatch`, `dispute-on-settled`, `dispute-above-balance`, `currency-mismatch`,
 * `amount-not-positive`
 */
export class RaiseDisputeCommand extends Command<{ id: string }> {
  constructor(
    readonly context: RequestContext,
    readonly debtorId: string,
    readonly dispute: {
      readonly receivableIds: readonly string[];
      readonly reason: DisputeReason;
      /** minor units; left out = all that is owed on the items. */
      readonly amount?: { readonly minor: bigint; readonly currency: string } | undefined;
      readonly note: string | null;
    },
  ) {
    super();
  }
}

/** @throws Refusal `dispute-not-found`, `dispute-not-open`, `credit-note-missing`, `credit-note-unknown` */
export class ResolveDisputeCommand extends Command<{ id: string }> {
  constructor(
    readonly context: RequestContext,
    readonly disputeId: string,
    readonly outcome: { readonly resolution: DisputeResolution; readonly creditNoteIds: readonly string[]; readonly note: string | null },
  ) {
    super();
  }
}
