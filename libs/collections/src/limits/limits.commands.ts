import { Command } from '@nestjs/cqrs';
import type { RequestContext } from '@app/platform';

export interface DebtorGroupStatement {
  readonly name: string;
  readonly effectiveOn: string;
  readonly members: readonly string[];
  readonly limit: { readonly minor: bigint; readonly currency: string } | null;
}

/**
 * States a group anew from a day on; `groupId` null makes one. Stating what is in force already records nothing.
 * @throws Refusal `debtor-unknown`, `debtor-group-not-found`
 */
export class StateDebtorGroupCommand extends Command<{ readonly id: string; readonly streamVersion: number }> {
  constructor(
    readonly context: RequestContext,
    readonly groupId: string | null,
    readonly statement: DebtorGroupStatement,
    readonly expectedVersion?: number,
  ) {
    super();
  }
}

/** @throws Refusal `debtor-not-found`, `date-in-future`, `credit-hold-placed-already` */
export class PlaceCreditHoldCommand extends Command<{ readonly id: string }> {
  constructor(
    readonly context: RequestContext,
    readonly debtorId: string,
    readonly hold: { readonly on: string | undefined; readonly reason: string; readonly pausesDunning: boolean },
  ) {
    super();
  }
}

/** @throws Refusal `debtor-not-found`, `date-in-future`, `credit-hold-not-found` */
export class ReleaseCreditHoldCommand extends Command<{ readonly id: string }> {
  constructor(
    readonly context: RequestContext,
    readonly debtorId: string,
    readonly release: { readonly on: string | undefined; readonly reason: string },
  ) {
    super();
  }
}
