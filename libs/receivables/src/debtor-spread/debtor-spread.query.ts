import { Query } from '@nestjs/cqrs';
import type { AgeingScheme, ExchangeRate } from '@app/credit-domain';
import type { Position } from '@app/event-store';

export interface DebtorSpreadRequest {
  readonly asOf: string;
  readonly position: Position;
  readonly schemes: readonly AgeingScheme[];
  readonly kinds: readonly string[];
  /** Closing rates by currency of the exposure into the currency of the figures; what has no rate is left out. */
  readonly rates: ReadonlyMap<string, ExchangeRate>;
  /** How many of the largest debtors are named. */
  readonly largest: number;
  /** Books with more entries are not counted: counting reads each of them once, in some 1.5 seconds a million. */
  readonly entriesMax: number;
}

/** Sums over the debtors of one kind (`null` = all of them together), segment and side; x is what a debtor owes in a bucket, X in all. */
export interface SpreadOfDebtors {
  readonly scheme: string;
  readonly kind: string | null;
  readonly segment: string;
  readonly assessed: boolean;
  readonly debtors: number;
  /** Sum of X squared. */
  readonly squares: bigint;
  /** One a bucket of the scheme: debtors that owe in it, sum of x squared, sum of x times X. */
  readonly buckets: readonly { readonly debtors: number; readonly squares: bigint; readonly products: bigint }[];
}

/** Who owes a part of the book. `null` = every kind, or every segment. */
export interface DebtorShares {
  readonly kind: string | null;
  readonly segment: string | null;
  readonly debtors: number;
  readonly total: bigint;
  readonly squares: bigint;
  readonly largest: readonly { readonly debtorId: string; readonly amount: bigint }[];
}

export interface DebtorSpread {
  readonly spreads: readonly SpreadOfDebtors[];
  readonly shares: readonly DebtorShares[];
}

/**
 * How the book is spread over its debtors at (asOf, position), by one scan of its entries; `null` for a book larger than asked for. Credit
 * balances are in none of it.
 */
export class ReadDebtorSpreadQuery extends Query<DebtorSpread | null> {
  constructor(
    readonly tenantId: number,
    readonly request: DebtorSpreadRequest,
  ) {
    super();
  }
}
