import { BUILT_IN_SCHEMES, type AgeingScheme } from '../ageing';
import { localDate } from '../values';
import { backTest } from './back-test';
import { groupsOfPeriod, groupsOfSizes } from './bucket-groups';
import { lossOnSales } from './loss-on-sales';
import { allowanceAt, paymentProfileRates } from './payment-profile';
import { EVIDENCE_PERIODS_MAX, monthsFrom, periodsBefore, periodsSince } from './period-ends';
import { Ratio } from '../values/ratio';
import { remainingRate, vintageLosses } from './vintage';

describe('a payment profile', () => {
  // ifrscommunity-entity-a-b2c: of 100,000 sold 50,000 are paid on time, then 27,000, 15,000, 6,000; 2,000 never.
  const rates = paymentProfileRates({ sold: 100_000n, collected: [50_000n, 27_000n, 15_000n, 6_000n, 0n] });
  const balances = [300_000n, 140_000n, 60_000n, 23_000n, 5_000n];

  it('divides by what enters a bucket: 2.0, 4.0, 8.7, 25.0 and 100 %', () => {
    expect(rates.map(({ entering }) => entering)).toEqual([100_000n, 50_000n, 23_000n, 8_000n, 2_000n]);
    expect(rates.map(({ rate }) => rate?.times(Ratio.of(100n)).toRate(1))).toEqual(['2', '4', '8.7', '25', '100']);
  });

  it('provides 27,567 at full precision; rates rounded first give three more, and only when that is declared', () => {
    const exact = rates.map(({ rate }) => rate);
    const provided = allowanceAt(exact, balances);
    expect(provided).toEqual([6_000n, 5_600n, 5_217n, 5_750n, 5_000n]);
    expect(provided.reduce((sum, amount) => sum + amount, 0n)).toBe(27_567n);
    expect(allowanceAt(exact, balances, 3)[2]).toBe(5_220n);
  });

  it('has no rate for a bucket nothing ever entered', () => {
    expect(paymentProfileRates({ sold: 10n, collected: [10n, 0n] }).map(({ rate }) => rate?.toRate())).toEqual(['0', undefined]);
  });
});

describe('losses by cohort', () => {
  const cohorts = [
    { label: '2021', sales: 1_000n, netLosses: [10n, 10n, 5n] },
    { label: '2022', sales: 2_000n, netLosses: [20n, 40n] },
    { label: '2023', sales: 4_000n, netLosses: [40n] },
  ];

  it('are completed by chain-ladder factors, so that young sales of a growing book are not taken for good ones', () => {
    const { factors, cohorts: losses } = vintageLosses(cohorts, 'simple');
    // (0.02 + 0.03) / (0.01 + 0.01) and 0.025 / 0.02.
    expect(factors.map((factor) => factor?.toRate())).toEqual(['2.5', '1.25']);
    expect(losses.map(({ ultimate }) => ultimate?.toRate())).toEqual(['0.025', '0.0375', '0.03125']);
    const [, , youngest] = losses;
    if (youngest === undefined) throw new Error('no cohort');
    // (0.03125 - 0.01) x 4,000 / 850.
    expect(remainingRate(youngest, 850n)?.toRate()).toBe('0.1');
    expect(remainingRate(youngest, 0n)).toBeNull();
  });

  it('weigh by amount when pooled', () => {
    // (20 + 60) / (10 + 20).
    expect(vintageLosses(cohorts, 'pooled').factors[0]?.toRate(4)).toBe('2.6667');
  });

  it('stay undefined while nothing was lost at an age: no factor follows from nought', () => {
    const { factors, cohorts: losses } = vintageLosses(
      [
        { label: 'a', sales: 10n, netLosses: [0n, 1n] },
        { label: 'b', sales: 10n, netLosses: [0n] },
      ],
      'simple',
    );
    expect(factors).toEqual([null]);
    expect(losses.map(({ ultimate }) => ultimate?.toRate() ?? null)).toEqual(['0.1', null]);
  });
});

describe('losses on sales', () => {
  it('of the published example are 1.4 %: 75,000 written off, 5,000 recovered, 5,000,000 sold', () => {
    expect(lossOnSales({ writtenOff: 75_000n, recovered: 5_000n, sales: 5_000_000n })?.toRate()).toBe('0.014');
    expect(lossOnSales({ writtenOff: 1n, recovered: 0n, sales: 0n })).toBeNull();
  });
});

describe('a back-test', () => {
  it('holds what came, written off net of recoveries and still needed, against what was given', () => {
    const outcome = backTest({ given: 1_000n, writtenOff: 700n, recovered: 50n, stillNeeded: 600n });
    expect([outcome.came, outcome.shortfall, outcome.ratio?.toRate()]).toEqual([1_250n, 250n, '1.25']);
    expect(backTest({ given: 0n, writtenOff: 1n, recovered: 0n, stillNeeded: 0n }).ratio).toBeNull();
  });
});

describe('periods and groups', () => {
  it('start and end on month ends when the date is one, so that a half year before 30 June is 31 December', () => {
    expect(monthsFrom(localDate('2024-06-30'), -6)).toBe('2023-12-31');
    expect(monthsFrom(localDate('2024-06-15'), -6)).toBe('2023-12-15');
    expect(periodsBefore(localDate('2024-12-31'), 12, 2)).toEqual([
      { from: '2022-12-31', to: '2023-12-31' },
      { from: '2023-12-31', to: '2024-12-31' },
    ]);
    expect(periodsSince(localDate('2022-01-31'), localDate('2024-12-31'), 12)).toBe(2);
    expect(() => periodsSince(localDate('2024-06-30'), localDate('2024-12-31'), 12)).toThrow(
      expect.objectContaining({ code: 'evidence-window-invalid' }) as Error,
    );
  });

  it('refuse a window of too many periods, so that rates are never those of a shorter window than was asked for', () => {
    expect(periodsSince(localDate('2014-12-31'), localDate('2024-12-31'), 1)).toBe(EVIDENCE_PERIODS_MAX);
    expect(() => periodsSince(localDate('2014-11-30'), localDate('2024-12-31'), 1)).toThrow(
      expect.objectContaining({ code: 'evidence-window-invalid', field: 'from' }) as Error,
    );
  });

  const scheme = (id: string): AgeingScheme => BUILT_IN_SCHEMES.find((each) => each.id === id) ?? BUILT_IN_SCHEMES[0] ?? fail();
  const fail = (): never => {
    throw new Error('no scheme');
  };

  it('merge unequal buckets to the width of the period and name the bucket that does not fit', () => {
    const sizes = (id: string, months: number) => groupsOfPeriod(scheme(id), months).map(({ buckets }) => buckets.length);
    expect(sizes('months-6-12-24-36-48', 12)).toEqual([2, 1, 1, 1, 1]);
    expect(sizes('months-6-12-24-36-48', 24)).toEqual([3, 2, 1]);
    expect(sizes('days-past-due-30-60-90', 1)).toEqual([1, 1, 1, 1, 1]);
    expect(() => sizes('months-6-12-24-36-48', 6)).toThrow("'1 to 2 years'");
    expect(() => groupsOfSizes(scheme('months-6-12-24-36'), [2, 2])).toThrow(
      expect.objectContaining({ code: 'evidence-groups-invalid' }) as Error,
    );
  });
});
