import { Decimal } from '../../values/decimal';
import { Ratio } from '../../values/ratio';

/** Decimals each contribution is rounded to, once: the index is then the exact sum of its contributions. */
export const CONTRIBUTION_DECIMALS = 18;
const HALF_A_COUNT = Ratio.of(1n, 2n);

/** How a book is spread over its buckets, and how many independent debtors that is worth. */
export interface Spread {
  /** Gross by bucket, none below zero, their sum above zero. */
  readonly amounts: readonly bigint[];
  /** Above zero. */
  readonly effectiveSize: Ratio;
}

/**
 * Population stability index between two spreads over the same buckets: the sum of (a - b) ln(a / b) over the buckets, one contribution each. It is
 * the symmetrised Kullback-Leibler divergence: never below zero, zero for equal shares, and the same whichever side is called the base.
 *
 * Shares are smoothed by half a count: share = (n x amount / total + 0.5) / (n + 0.5 k), n the effective size and k the number of buckets. An empty
 * bucket then has a share of half a debtor instead of an infinite index. Source: Jeffreys' prior for a multinomial.
 */
export function populationStability(before: Spread, after: Spread): { readonly index: Ratio; readonly contributions: readonly Ratio[] } {
  const [sharesBefore, sharesAfter] = [smoothedShares(before), smoothedShares(after)];
  const contributions = sharesAfter.map((share, bucket) => {
    const base = sharesBefore[bucket] ?? share;
    const difference = decimalOf(share.minus(base));
    const logarithm = decimalOf(share.dividedBy(base)).ln();
    return Ratio.parse(difference.times(logarithm).toFixed(CONTRIBUTION_DECIMALS));
  });
  return { index: Ratio.sum(contributions), contributions };
}

function smoothedShares({ amounts, effectiveSize }: Spread): Ratio[] {
  const total = amounts.reduce((sum, amount) => sum + amount, 0n);
  const counted = effectiveSize.plus(HALF_A_COUNT.times(Ratio.of(BigInt(amounts.length))));
  return amounts.map((amount) => effectiveSize.times(Ratio.of(amount, total)).plus(HALF_A_COUNT).dividedBy(counted).reduced());
}

export function decimalOf(ratio: Ratio): Decimal {
  return new Decimal(ratio.numerator.toString()).div(ratio.denominator.toString());
}
