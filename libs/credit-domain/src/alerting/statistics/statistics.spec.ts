import fc from 'fast-check';
import { Ratio } from '../../values/ratio';
import { normal, randomFrom } from '../rules/living-book.fixture';
import { chartReading, HISTORY_PERIODS_MIN, limitWidening, median, robustLevel, seasonalEffects } from './control-charts';
import { populationStability } from './population-stability';
import type { DebtorSums } from './sampling-noise';
import { criticalIndex, kishSize, mixSize } from './sampling-noise';

const amounts = fc
  .array(fc.bigInt({ min: 0n, max: 10n ** 14n }), { minLength: 2, maxLength: 8 })
  .filter((all) => all.some((one) => one > 0n));
const size = fc.tuple(fc.bigInt({ min: 1n, max: 10n ** 6n }), fc.bigInt({ min: 1n, max: 1_000n })).map(([n, d]) => Ratio.of(n + d, d));
const pair = fc.tuple(amounts, size, size).chain(([before, sizeBefore, sizeAfter]) =>
  fc
    .array(fc.bigInt({ min: 0n, max: 10n ** 14n }), { minLength: before.length, maxLength: before.length })
    .filter((all) => all.some((one) => one > 0n))
    .map((after) => ({
      before: { amounts: before, effectiveSize: sizeBefore },
      after: { amounts: after, effectiveSize: sizeAfter },
    })),
);

describe('population stability index', () => {
  it('is the sum of its contributions exactly as printed, and none of them is below zero: a bridge that adds up', () => {
    fc.assert(
      fc.property(pair, ({ before, after }) => {
        const { index, contributions } = populationStability(before, after);
        expect(Ratio.sum(contributions).compare(index)).toBe(0);
        expect(contributions.every((contribution) => !contribution.isNegative())).toBe(true);
      }),
    );
  });

  it('is the same whichever close is called the base', () => {
    fc.assert(
      fc.property(pair, ({ before, after }) => {
        expect(populationStability(after, before).index.toDecimal()).toBe(populationStability(before, after).index.toDecimal());
      }),
    );
  });

  it('does not depend on the order of the buckets', () => {
    fc.assert(
      fc.property(pair, ({ before, after }) => {
        const backwards = (side: typeof before): typeof before => ({ ...side, amounts: [...side.amounts].reverse() });
        const turned = populationStability(backwards(before), backwards(after));
        const straight = populationStability(before, after);
        expect(turned.index.compare(straight.index)).toBe(0);
        expect(turned.contributions.map((each) => each.toDecimal()).reverse()).toEqual(
          straight.contributions.map((each) => each.toDecimal()),
        );
      }),
    );
  });

  it('is zero for a book that grew and kept its mix: growth is no shift', () => {
    fc.assert(
      fc.property(amounts, size, fc.bigInt({ min: 2n, max: 9n }), (before, effectiveSize, factor) => {
        const after = before.map((amount) => amount * factor);
        const { index } = populationStability({ amounts: before, effectiveSize }, { amounts: after, effectiveSize });
        expect(index.isZero()).toBe(true);
      }),
    );
  });

  // By hand: shares (n p + 0.5) / (n + 1) with n = 99 are 50/100 and 50/100 against 80.5.../100: (9.9 + 0.5) / 100 = 0.104 and 0.896.
  it('smooths by half a count: 50:50 against 10:90 of 99 debtors is 0.792 x ln(8.615), and an empty bucket is no infinite shift', () => {
    const effectiveSize = Ratio.of(99n);
    const { index } = populationStability({ amounts: [50n, 50n], effectiveSize }, { amounts: [10n, 90n], effectiveSize });
    expect(index.toDecimal(6)).toBe(((0.5 - 0.104) * Math.log((0.5 / 0.104) * (0.896 / 0.5))).toFixed(6));
    const emptied = populationStability({ amounts: [50n, 50n], effectiveSize }, { amounts: [0n, 100n], effectiveSize });
    expect(Number(emptied.index.toDecimal(3))).toBeLessThan(3);
  });
});

/** Debtors with what each owes by bucket, as a close counts them. */
function sumsOf(debtors: readonly (readonly bigint[])[]): DebtorSums {
  const total = (owed: readonly bigint[]): bigint => owed.reduce((sum, amount) => sum + amount, 0n);
  const over = (valueOf: (owed: readonly bigint[]) => bigint): bigint => total(debtors.map(valueOf));
  return {
    debtors: debtors.length,
    squares: over((owed) => total(owed) ** 2n),
    buckets: (debtors[0] ?? []).map((_, bucket) => ({
      gross: over((owed) => owed[bucket] ?? 0n),
      scatter: { squares: over((owed) => (owed[bucket] ?? 0n) ** 2n), products: over((owed) => (owed[bucket] ?? 0n) * total(owed)) },
    })),
  };
}

describe('effective size of a book', () => {
  it('counts equal debtors each as one, and one giant among dwarfs as hardly more than one', () => {
    const equal = sumsOf(Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? [10n, 0n] : [0n, 10n])));
    expect(kishSize(equal).toDecimal(3)).toBe('40.000');
    expect(mixSize(equal).toDecimal(3)).toBe('40.000');
    const giant = sumsOf([[1_000_000n, 0n], ...Array.from({ length: 40 }, () => [0n, 1n])]);
    expect(kishSize(giant).toDecimal(3)).toBe('1.000');
  });

  it('counts a debtor for more where its invoices lie in several buckets: it cannot swing the mix as far', () => {
    const halves = sumsOf(Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? [8n, 2n] : [2n, 8n])));
    expect(kishSize(halves).toDecimal(3)).toBe('40.000');
    expect(mixSize(halves).compare(Ratio.of(100n))).toBe(1);
  });

  it('never depends on the order of debtors or on the unit of money', () => {
    const book = fc.array(fc.array(fc.bigInt({ min: 0n, max: 10n ** 9n }), { minLength: 3, maxLength: 3 }), {
      minLength: 2,
      maxLength: 20,
    });
    fc.assert(
      fc.property(
        book.filter((debtors) => debtors.some((owed) => owed.some((amount) => amount > 0n))),
        (debtors) => {
          const inCents = debtors.map((owed) => owed.map((amount) => amount * 100n));
          expect(mixSize(sumsOf(inCents)).toDecimal(9)).toBe(mixSize(sumsOf([...debtors].reverse())).toDecimal(9));
          expect(kishSize(sumsOf(inCents)).toDecimal(9)).toBe(kishSize(sumsOf(debtors)).toDecimal(9));
        },
      ),
    );
  });
});

describe('critical value of the index', () => {
  const equal = (debtors: bigint): { mix: Ratio; kish: Ratio } => ({ mix: Ratio.of(debtors), kish: Ratio.of(debtors) });
  const at = (debtors: bigint, looksPerYear = 1, confidence = '0.95'): number =>
    Number(
      criticalIndex({
        before: equal(debtors),
        after: equal(debtors),
        buckets: 6,
        confidence: Ratio.parse(confidence),
        looksPerYear,
      }).value.toDecimal(4),
    );

  // (1/N + 1/M) x chi-square(5, 0.95): 0.022 at 1,000 debtors, where F has gone over into chi-square.
  it('is the known 0.0221 of one look at 1,000 debtors each time', () => {
    expect(at(1_000n)).toBe(0.0221);
  });

  it('is higher the fewer debtors there are, and above the known value where they are few: their scatter is a guess itself', () => {
    expect(at(50n)).toBeGreaterThan(0.443);
    expect(at(50n)).toBeLessThan(0.5);
    expect(at(5n)).toBeGreaterThan(10 * at(50n));
  });

  it('rises with the looks of a year: daily closes must not cry wolf twenty times as often', () => {
    const looks = [1, 12, 52, 250].map((count) => at(200n, count));
    looks.slice(1).forEach((value, index) => {
      expect(value).toBeGreaterThan(looks[index] ?? Infinity);
    });
    expect(at(200n, 12, '0.99')).toBeGreaterThan(at(200n, 12, '0.95'));
  });
});

describe('control charts', () => {
  const of = (values: readonly number[]): Ratio[] => values.map((value) => Ratio.parse(value.toFixed(9)));

  /** Periods until a chart reaches its limit, level and scatter known. */
  function runLength(chart: 'ewma' | 'cusum', random: () => number, shift: number): number {
    const residuals: number[] = [];
    for (;;) {
      residuals.push(normal(random) + shift);
      if (
        chartReading(of(residuals.slice(-60)))
          [chart].absolute()
          .compare(Ratio.ONE) >= 0
      )
        return residuals.length;
    }
  }

  it('find a shift of one standard deviation after some ten periods on average, as published: 9.6 for EWMA and 10.4 for CUSUM', () => {
    const runs = 150;
    const means = (['ewma', 'cusum'] as const).map((chart) => {
      const random = randomFrom(7);
      return Array.from({ length: runs }, () => runLength(chart, random, 1)).reduce((sum, length) => sum + length, 0) / runs;
    });
    process.stdout.write(
      `shift of 1 sigma, level known, ${String(runs)} runs: told after ${means.map((mean) => mean.toFixed(1)).join(' (EWMA) and ')} (CUSUM) periods on average\n`,
    );
    for (const mean of means) {
      expect(mean).toBeGreaterThan(7);
      expect(mean).toBeLessThan(12);
    }
  });

  it('stay silent about one odd period, however odd, once it is bounded, and say on which side a drift is', () => {
    const flat = Array.from({ length: 20 }, () => 0);
    expect(chartReading(of([...flat, 4])).ewma.compare(Ratio.ONE)).toBe(-1);
    expect(chartReading(of([...flat, 4])).cusum.compare(Ratio.ONE)).toBe(-1);
    const falling = chartReading(of([...flat, -2, -2, -2, -2, -2, -2]));
    expect(falling.ewma.isNegative()).toBe(true);
    expect(falling.cusum.compare(Ratio.of(-1n))).toBe(-1);
  });

  it('take level and scatter from the middle of the history, not from its outliers', () => {
    const { centre, sigma } = robustLevel(of([10, 11, 9, 10, 12, 8, 10, 1_000]));
    expect(centre.toDecimal(2)).toBe('10.00');
    expect(Number(sigma.toDecimal(3))).toBeLessThan(2);
    expect(median(of([1, 2, 3, 10])).toDecimal(2)).toBe('2.50');
  });

  it('take off what returns every quarter once two years have shown it, and nothing before', () => {
    const months = Array.from({ length: 24 }, (_, index) => ({
      asOf: `20${String(20 + Math.floor(index / 12))}-${String((index % 12) + 1).padStart(2, '0')}-28`,
      value: Ratio.of(index % 3 === 2 ? 14n : 10n),
    }));
    expect(seasonalEffects(months).get('quarter-end')?.toDecimal(0)).toBe('4');
    expect(seasonalEffects(months.slice(0, 12)).get('quarter-end')).toBeUndefined();
  });

  it('widen their limits while little is known, and hardly at all once much is', () => {
    const at = (periods: number): number => Number(limitWidening(periods).toDecimal(2));
    expect([at(HISTORY_PERIODS_MIN), at(36), at(1_000)]).toEqual([1.97, 1.31, 1.01]);
  });
});
