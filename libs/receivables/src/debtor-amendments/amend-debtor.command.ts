import { Command } from '@nestjs/cqrs';
import type { RequestContext } from '@app/platform';

/** What is stated anew of a debtor; left out = as it is on the date. Null takes terms or the limit away. */
export interface DebtorAmendment {
  readonly effectiveOn: string;
  readonly segment?: string | undefined;
  readonly relatedParty?: boolean | undefined;
  readonly creditImpaired?: boolean | undefined;
  readonly termsDays?: number | null | undefined;
  readonly creditLimit?: { readonly minor: bigint; readonly currency: string } | null | undefined;
}

/**
 * Amends dated attributes of a debtor from a day on; whatever is dated later stays. `changed` is false when the debtor is like that already,
 * and nothing is recorded.
 * @throws Refusal `debtor-not-found`
 */
export class AmendDebtorCommand extends Command<{ id: string; changed: boolean }> {
  constructor(
    readonly context: RequestContext,
    readonly debtorId: string,
    readonly amendment: DebtorAmendment,
  ) {
    super();
  }
}
