import {
  averageDaysDelinquent,
  bestPossibleDso,
  chargeOf,
  collectionEffectiveness,
  concentrationOf,
  countBackDso,
  daysSalesOutstanding,
  trueDso,
} from '.';

describe('days sales outstanding', () => {
  it('of the published CreditGuru example are 45, at best 12, so 33 days delinquent', () => {
    expect(daysSalesOutstanding(15_000n, 10_000n, 30)).toEqual({ value: '45', gap: null });
    expect(bestPossibleDso(4_000n, 10_000n, 30)).toEqual({ value: '12', gap: null });
    expect(averageDaysDelinquent(15_000n, 4_000n, 10_000n, 30)).toEqual({ value: '33', gap: null });
  });

  it('of SenseTime in 2024 are 676.63 gross and 232.06 net over 366 days', () => {
    const dso = (receivables: bigint) => Number(daysSalesOutstanding(receivables, 3_772_101n, 366).value).toFixed(2);
    expect([dso(6_973_566n), dso(6_973_566n - 4_581_875n)]).toEqual(['676.63', '232.06']);
  });

  it('multiply before they divide: 25,000 on 15,000 in 30 days is 50, not 49.99', () => {
    expect(daysSalesOutstanding(25_000n, 15_000n, 30).value).toBe('50');
  });

  it('without sales are undefined and say why, for nought would look like prompt payment', () => {
    expect(daysSalesOutstanding(1n, 0n, 30)).toEqual({ value: null, gap: 'no-sales' });
  });

  it('counted back use up whole months of sales and a share of the last', () => {
    const months = [
      { month: '2024-03', sales: 100n, days: 31 },
      { month: '2024-02', sales: 0n, days: 29 },
      { month: '2024-01', sales: 80n, days: 31 },
    ];
    expect(countBackDso(120n, months).value).toBe('67.75');
    expect(countBackDso(50n, months).value).toBe('15.5');
    expect(countBackDso(0n, months).value).toBe('0');
    expect(countBackDso(181n, months)).toEqual({ value: null, gap: 'sales-exhausted' });
  });

  it('taken invoice by invoice weigh each by the sales of its month, and are undefined where a month has none', () => {
    expect(
      trueDso([
        { month: '2024-01', amountDays: 900n, sales: 100n },
        { month: '2024-02', amountDays: 50n, sales: 100n },
      ]).value,
    ).toBe('9.5');
    expect(trueDso([{ month: '2020-01', amountDays: 1n, sales: 0n }]).gap).toBe('sales-by-month-unknown');
    expect(trueDso([{ month: '2020-01', amountDays: 0n, sales: 0n }]).value).toBe('0');
  });
});

describe('collection effectiveness', () => {
  it('is the share of what became due that was settled, and undefined when nothing became due', () => {
    expect(collectionEffectiveness({ beginning: 100n, sales: 50n, ending: 60n, endingNotPastDue: 30n, unclassified: 0n }).value).toBe(
      '0.75',
    );
    // 40 vanished from a list: of the 110 there were to collect 50 were.
    expect(collectionEffectiveness({ beginning: 100n, sales: 50n, ending: 60n, endingNotPastDue: 30n, unclassified: 40n }).value).toBe(
      '0.625',
    );
    expect(collectionEffectiveness({ beginning: 0n, sales: 30n, ending: 30n, endingNotPastDue: 30n, unclassified: 0n })).toEqual({
      value: null,
      gap: 'nothing-became-due',
    });
  });
});

describe('concentration', () => {
  it('adds the largest shares and the squares of all, credit balances and settled debtors left out', () => {
    const { topShare, herfindahl, debtors } = concentrationOf([50n, 0n, 30n, 20n, -10n], 2);
    expect([topShare.value, herfindahl.value, debtors]).toEqual(['0.8', '0.38', 3]);
    expect(concentrationOf([], 5).herfindahl).toEqual({ value: null, gap: 'no-receivables' });
  });
});

describe('the charge of passing into an older bucket', () => {
  it('is the balance times the difference of the two rates, rounded once', () => {
    expect(chargeOf({ amount: 1_000n }, '0.15', '0.4')).toBe(250n);
    expect(chargeOf({ amount: 3n }, '0.4', '0.15')).toBe(-1n);
  });

  it('reproduces the published forward ageing of the collective book: 1,296,188 at FY2023 and 1,078,775 at FY2024', () => {
    const forward = (buckets: readonly (readonly [bigint, bigint])[]) => {
      const rate = (index: number) => exact(buckets[index] ?? [0n, 1n]);
      // Within twelve months both half years reach "1 to 2 years", every later bucket the one after it.
      return [2, 2, 3, 4, 5].reduce(
        (sum, to, from) => sum + chargeOf({ amount: (buckets[from]?.[0] ?? 0n) * 100_000n }, rate(from), rate(to)),
        0n,
      );
    };
    const thousands = (minor: bigint) => (minor + 50_000n) / 100_000n;
    const fy2023 = forward([
      [1_039_635n, 151_044n],
      [242_753n, 67_720n],
      [1_715_868n, 740_980n],
      [2_804_371n, 1_637_059n],
      [895_657n, 676_609n],
      [254_058n, 254_058n],
    ]);
    const fy2024 = forward([
      [860_087n, 52_886n],
      [278_278n, 43_963n],
      [262_169n, 108_031n],
      [1_474_035n, 943_395n],
      [2_103_532n, 1_715_428n],
      [781_405n, 781_405n],
    ]);
    expect([thousands(fy2023), thousands(fy2024)]).toEqual([1_296_188n, 1_078_775n]);
  });
});

/** Printed allowance over printed gross, to 18 decimals. */
function exact([gross, allowance]: readonly [bigint, bigint]): string {
  const scale = 10n ** 18n;
  const scaled = ((allowance * scale * 2n + gross) / (gross * 2n)).toString().padStart(19, '0');
  return `${scaled.slice(0, -18)}.${scaled.slice(-18)}`;
}
