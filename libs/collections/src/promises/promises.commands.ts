import { Command } from '@nestjs/cqrs';
import type { RequestContext } from '@app/platform';

export interface PromiseTermsStated {
  /** minor units. */
  readonly amount: bigint;
  readonly currency: string;
  readonly dueOn: string;
  /** The day it was said; left out = today. */
  readonly madeOn?: string | undefined;
  /** null = for the account as a whole. */
  readonly receivableIds: readonly string[] | null;
  readonly note: string | null;
}

/**
 * Takes down what a debtor promised to pay.
 * @throws Refusal `debtor-not-found`, `receivable-unknown`, `debtor-mismatch`, `currency-mismatch`, `amount-not-positive`, `promise-in-the-past`,
 * `promise-above-balance`, `date-in-future`
 */
export class MakePromiseCommand extends Command<{ id: string }> {
  constructor(
    readonly context: RequestContext,
    readonly debtorId: string,
    readonly terms: PromiseTermsStated,
  ) {
    super();
  }
}

/** @throws Refusal `promise-not-found`, `promise-not-open`, `promise-in-the-past`, `promise-above-balance`, `currency-mismatch`, `amount-not-positive` */
export class MovePromiseCommand extends Command<{ id: string }> {
  constructor(
    readonly context: RequestContext,
    readonly promiseId: string,
    readonly to: {
      readonly dueOn: string;
      readonly amount?: { readonly minor: bigint; readonly currency: string } | undefined;
      readonly reason: string;
    },
  ) {
    super();
  }
}

/** @throws Refusal `promise-not-found`, `promise-not-open` */
export class WithdrawPromiseCommand extends Command<{ id: string }> {
  constructor(
    readonly context: RequestContext,
    readonly promiseId: string,
    readonly reason: string | null,
  ) {
    super();
  }
}
