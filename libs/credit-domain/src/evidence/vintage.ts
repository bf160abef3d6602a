import type { AverageChoice } from './roll-rates';
import { Ratio } from '../values/ratio';

/** Sales of one period and what was lost of them since, by age in periods. Minor units of one currency. */
export interface Cohort {
  readonly label: string;
  readonly sales: bigint;
  /** write-offs less recoveries in each period from the one of the sale on, as far as time has gone. */
  readonly netLosses: readonly bigint[];
}

export interface CohortLoss {
  readonly label: string;
  readonly sales: bigint;
  /** lost to date as a share of the sales, by age; null without sales. */
  readonly cumulative: readonly (Ratio | null)[];
  /** share of the sales that will have been lost in the end; null where a factor needed is undefined. */
  readonly ultimate: Ratio | null;
  /** ultimate less cumulative, as a share of the sales. */
  readonly remaining: Ratio | null;
}

export interface VintageLosses {
  /** by age k: how the cumulative loss grows from k to k + 1; null when nothing had been lost at k. */
  readonly factors: readonly (Ratio | null)[];
  readonly cohorts: readonly CohortLoss[];
}

/**
 * Development of losses by cohort of sale, completed by chain-ladder factors f_k = sum cumLoss(k+1) / sum cumLoss(k) over the cohorts that have
 * both (domain reference 7.4). `simple` sums the loss rates of the cohorts, `pooled` their amounts, so that large cohorts weigh more.
 */
export function vintageLosses(cohorts: readonly Cohort[], average: AverageChoice): VintageLosses {
  const amounts = cohorts.map(({ netLosses }) => runningTotals(netLosses));
  const shares = cohorts.map(({ sales }, index) => (amounts[index] ?? []).map((amount) => (sales > 0n ? Ratio.of(amount, sales) : null)));
  const ages = Math.max(0, ...amounts.map(({ length }) => length));
  const factors = Array.from({ length: Math.max(0, ages - 1) }, (_, age): Ratio | null => {
    const both = cohorts.map((_cohort, index) => index).filter((index) => (amounts[index]?.length ?? 0) > age + 1);
    const sumAt = (k: number): Ratio =>
      Ratio.sum(both.map((index) => (average === 'pooled' ? Ratio.of(amounts[index]?.[k] ?? 0n) : (shares[index]?.[k] ?? Ratio.ZERO))));
    const before = sumAt(age);
    return before.isZero()
      ? null
      : sumAt(age + 1)
          .dividedBy(before)
          .reduced();
  });
  return {
    factors,
    cohorts: cohorts.map(({ label, sales }, index) => {
      const cumulative = shares[index] ?? [];
      const latest = cumulative.at(-1) ?? null;
      const ultimate = Ratio.productOfDefined([latest, ...factors.slice(Math.max(0, cumulative.length - 1))]);
      return { label, sales, cumulative, ultimate, remaining: ultimate === null || latest === null ? null : ultimate.minus(latest) };
    }),
  };
}

/**
 * The loss still to come as a rate of today's balance: (ultimate - to date) x sales / outstanding. Null when nothing is outstanding or the
 * ultimate loss is undefined.
 */
export function remainingRate(loss: CohortLoss, outstanding: bigint): Ratio | null {
  if (loss.remaining === null || outstanding <= 0n) return null;
  return loss.remaining.times(Ratio.of(loss.sales, outstanding));
}

function runningTotals(amounts: readonly bigint[]): bigint[] {
  let total = 0n;
  return amounts.map((amount) => (total += amount));
}
