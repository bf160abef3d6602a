import { Ratio } from '../values/ratio';

/** How a closed set of sales was paid, by the bucket its age was in on the day of payment. Minor units of one currency. */
export interface PaymentProfile {
  /** sold, less credit notes and whatever left otherwise than by payment or loss. */
  readonly sold: bigint;
  /** one amount per bucket; recoveries of written-off items count as collected. */
  readonly collected: readonly bigint[];
}

export interface ProfileRate {
  /** still outstanding on entering the bucket: dividing by the balance at its end would shift every rate by one bucket. */
  readonly entering: bigint;
  readonly neverCollected: bigint;
  /** null when nothing entered the bucket. */
  readonly rate: Ratio | null;
}

/** Loss rates by bucket: what was never collected / balance outstanding on entering the bucket (domain reference 7.3). */
export function paymentProfileRates({ sold, collected }: PaymentProfile): ProfileRate[] {
  const neverCollected = sold - collected.reduce((sum, amount) => sum + amount, 0n);
  let entering = sold;
  return collected.map((amount) => {
    const row = { entering, neverCollected, rate: entering > 0n ? Ratio.of(neverCollected, entering) : null };
    entering -= amount;
    return row;
  });
}

/**
 * The allowance on balances by bucket, each line rounded once. `rateDecimals` rounds the rate first, as some published workings do; without it
 * the rate keeps its full precision.
 */
export function allowanceAt(rates: readonly (Ratio | null)[], balances: readonly bigint[], rateDecimals?: number): bigint[] {
  return balances.map((balance, index) => {
    const rate = rates[index] ?? null;
    if (rate === null) return 0n;
    return (rateDecimals === undefined ? rate : Ratio.parse(rate.toRate(rateDecimals))).shareOf(balance);
  });
}

/** A rate as text, rounded half up to `decimals`; without them as exactly as rates are written. Null = undefined. */
export function rateText(rate: Ratio | null, decimals?: number): string | null {
  return rate === null ? null : rate.toRate(decimals);
}
