import { Decimal } from '../../values/decimal';
import { Ratio } from '../../values/ratio';
import { decimalOf } from './population-stability';
import { fQuantile, QUANTILE_DECIMALS } from './quantiles';

/**
 * Sums over debtors of what they owe, x by bucket and X in all, in minor units. They say how much of a book's mix is chance: few debtors, or few
 * large ones, swing it; a debtor whose invoices lie in several buckets swings it less than one whose whole balance lies in one.
 */
export interface DebtorSums {
  /** Debtors that owe something. */
  readonly debtors: number;
  /** Sum of X squared. */
  readonly squares: bigint;
  /** By bucket the amount, and how debtors scatter about it: sum of x squared, and sum of x times X; `null` where that is not known. */
  readonly buckets: readonly { readonly gross: bigint; readonly scatter: { readonly squares: bigint; readonly products: bigint } | null }[];
}

const LEAST_SIZE = Ratio.ONE;

/**
 * Kish's effective sample size, (sum of X)^2 / sum of X^2: how many debtors of equal size the book is worth. 1 for one debtor, n for n equal ones.
 * Source: Kish, Survey Sampling (1965), 11.7.
 */
export function kishSize(sums: DebtorSums): Ratio {
  const total = grossOf(sums);
  return sums.squares === 0n ? LEAST_SIZE : Ratio.of(total * total, sums.squares);
}

/**
 * Effective sample size of the mix: the number of independent equal draws whose shares would scatter as much as these do, from the scatter of
 * debtors about the book's mix, sum over debtors of (x - p X)^2. It is Rao and Scott's first-order correction: (k - 1) over the sum over buckets of
 * variance / share. Equal to Kish's size, but for the smoothing of few, where each debtor's balance lies in one bucket; larger where balances are
 * spread. At least 1, and never above the number of items a debtor can hold, which the sums bound by themselves.
 * Source: Rao and Scott, "On chi-squared tests for multiway contingency tables", Annals of Statistics 12 (1984).
 */
export function mixSize(sums: DebtorSums): Ratio {
  const total = grossOf(sums);
  const used = sums.buckets.filter(({ gross }) => gross > 0n);
  if (used.length < 2 || used.some(({ scatter }) => scatter === null)) return kishSize(sums);
  const relativeVariances = used.flatMap(({ gross, scatter }) => {
    if (scatter === null) return [];
    // sum of (x - pX)^2 / total^2 / p, with p = gross / total, over one denominator.
    const squares = scatter.squares * total * total - 2n * gross * total * scatter.products + gross * gross * sums.squares;
    return [Ratio.of(squares, total * total * total * gross)];
  });
  const sum = Ratio.sum(relativeVariances);
  if (sum.numerator <= 0n) return Ratio.of(BigInt(Math.max(1, sums.debtors)));
  const size = Ratio.of(BigInt(used.length - 1))
    .dividedBy(sum)
    .reduced();
  return size.compare(LEAST_SIZE) < 0 ? LEAST_SIZE : size;
}

export interface CriticalValue {
  readonly value: Ratio;
  /** k - 1. */
  readonly degreesAbove: number;
  /** Independent debtors behind the estimate of the scatter, less one: with few, the scatter itself is uncertain. */
  readonly degreesBelow: number;
  /** Probability of one look. */
  readonly confidencePerLook: Ratio;
}

/**
 * What a population stability index of an unchanged book stays below, with a probability that is stated for a year: `confidence` to the power of
 * 1 / looks. (1/N + 1/M) x (k - 1) x F(k - 1, v), where v is the smaller Kish size less one. With many debtors (k - 1) x F is the chi-square quantile
 * of k - 1 degrees of freedom, and the value is the known (1/N + 1/M) x chi-square(k - 1).
 *
 * Sources: Yurdakul, "Statistical properties of population stability index" (2018), for the chi-square; Thomas and Rao, "Small-sample comparisons of
 * level and power for simple goodness-of-fit statistics under cluster sampling", JASA 82 (1987), for F in place of it.
 */
export function criticalIndex(sizes: {
  readonly before: { readonly mix: Ratio; readonly kish: Ratio };
  readonly after: { readonly mix: Ratio; readonly kish: Ratio };
  readonly buckets: number;
  readonly confidence: Ratio;
  readonly looksPerYear: number;
}): CriticalValue {
  const { before, after, buckets, confidence, looksPerYear } = sizes;
  const perLook = decimalOf(confidence).pow(new Decimal(1).div(looksPerYear));
  const smaller = before.kish.compare(after.kish) < 0 ? before.kish : after.kish;
  const degreesAbove = buckets - 1;
  const degreesBelow = Math.max(1, Number(smaller.numerator / smaller.denominator) - 1);
  const quantile = fQuantile(degreesAbove, degreesBelow, perLook).times(degreesAbove);
  const scatter = Ratio.ONE.dividedBy(before.mix).plus(Ratio.ONE.dividedBy(after.mix));
  return {
    value: scatter.times(Ratio.parse(quantile.toFixed(QUANTILE_DECIMALS))).reduced(),
    degreesAbove,
    degreesBelow,
    confidencePerLook: Ratio.parse(perLook.toFixed(QUANTILE_DECIMALS)),
  };
}

function grossOf({ buckets }: DebtorSums): bigint {
  return buckets.reduce((sum, { gross }) => sum + gross, 0n);
}
