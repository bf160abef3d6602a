import { Command } from '@nestjs/cqrs';
import type { RequestContext } from '@app/platform';

/**
 * Takes down that items are to be paid in instalments. Their due dates stay, and with them their age.
 * @throws Refusal `debtor-not-found`, `receivable-unknown`, `debtor-mismatch`, `currency-mismatch`, `amount-not-positive`, `promise-in-the-past`,
 * `plan-dates-not-rising`, `plan-on-settled`, `plan-above-balance`, `plan-running-already`
 */
export class AgreePlanCommand extends Command<{ id: string }> {
  constructor(
    readonly context: RequestContext,
    readonly debtorId: string,
    readonly plan: {
      readonly receivableIds: readonly string[];
      readonly currency: string;
      readonly instalments: readonly { readonly dueOn: string; readonly amount: bigint }[];
      readonly reason: string;
      /** The creditor has bound itself to it: the contract is modified. */
      readonly approved: boolean;
    },
  ) {
    super();
  }
}

/** @throws Refusal `plan-not-found`, `plan-not-running` */
export class CancelPlanCommand extends Command<{ id: string }> {
  constructor(
    readonly context: RequestContext,
    readonly planId: string,
    readonly reason: string | null,
  ) {
    super();
  }
}
