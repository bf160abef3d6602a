import type { CloseFigures, DebtorConcentration } from '../close-figures';
import type { Evaluation, MeasuredEvaluation } from '../evaluation';
import { isMeasured } from '../evaluation';
import { fiscalYear2023, fiscalYear2024 } from '../published-book.fixture';
import { Ratio } from '../../values/ratio';
import type { AgeingMixShift, AllowanceJump, ConcentrationLevel, CoverageShift, LossRateShift, RollRateDrift } from '../rule-definition';
import { evaluateRule } from './evaluate-rule';

const BOTH = [fiscalYear2023, fiscalYear2024];
const SCHEME = 'days-past-due-30-60-90';
const scope = { kinds: null, segment: null, base: 'previous-close', assessed: 'all' } as const;
const mix = (change: Partial<AgeingMixShift> = {}): AgeingMixShift => ({
  ...{ type: 'ageing-mix-shift', scheme: SCHEME, ...scope, enter: '0.10', exit: '0.08', confidence: '0.995', minimumDebtors: 10 },
  ...change,
});
const drift = (change: Partial<RollRateDrift> = {}): RollRateDrift => ({
  ...{ type: 'roll-rate-drift', scheme: SCHEME, ...scope, bucket: 'Current', enter: '0.10', exit: '0.08' },
  ...change,
});
const jump = (change: Partial<AllowanceJump> = {}): AllowanceJump => ({
  ...{ type: 'allowance-jump', ...scope, enter: '0.05', exit: '0.04', materialityAmount: null },
  ...change,
});
const concentration = (change: Partial<ConcentrationLevel> = {}): ConcentrationLevel => ({
  ...{
    type: 'concentration',
    kinds: null,
    segment: null,
    base: 'previous-close',
    measure: 'largest-debtor',
    count: 1,
    enter: '0.30',
    exit: '0.24',
  },
  ...change,
});

const LABELS = ['Current', '1-30', '31-60', '61-90', 'Over 90'];
/** A close in which every debtor owes the same, all of it in one bucket. */
function closeOf(asOf: string, debtors: readonly number[], each = 10_000n): CloseFigures {
  const count = debtors.reduce((sum, bucket) => sum + bucket, 0);
  return {
    asOf,
    currency: 'CNY',
    provision: null,
    ageing: [
      {
        scheme: SCHEME,
        buckets: LABELS.map((label, index) => ({ label, upTo: index === 4 ? null : { unit: 'days', count: index * 30 } })),
        groups: [
          { kind: 'trade', segment: '', collective: debtors.map((bucket) => BigInt(bucket) * each), individual: [0n, 0n, 0n, 0n, 0n] },
        ],
        debtors: [
          {
            ...{ kind: 'trade', segment: '', assessed: false, debtors: count, squares: BigInt(count) * each * each },
            buckets: debtors.map((bucket) => {
              const squares = BigInt(bucket) * each * each;
              return { debtors: bucket, squares, products: squares };
            }),
          },
        ],
      },
    ],
  };
}

function one(evaluations: readonly Evaluation[]): Evaluation {
  const [first] = evaluations;
  if (first === undefined || evaluations.length !== 1) throw new Error('one evaluation was expected');
  return first;
}
function measured(evaluation: Evaluation | undefined): MeasuredEvaluation {
  if (evaluation === undefined || !isMeasured(evaluation)) throw new Error(`not measured: ${evaluation?.reason ?? 'nothing'}`);
  return evaluation;
}
/** What every message relies on: the legs of each bridge lead to the figure. */
function addsUp({ bridges }: MeasuredEvaluation): boolean {
  return bridges.every(({ opening, legs, closing }) => Ratio.sum([opening, ...legs.map(({ amount }) => amount)]).compare(closing) === 0);
}

describe('ageing mix', () => {
  const small = [closeOf('2024-05-31', [25, 10, 6, 4, 5]), closeOf('2024-06-30', [16, 10, 9, 5, 10])];
  const large = [closeOf('2024-05-31', [2_500, 1_000, 600, 400, 500]), closeOf('2024-06-30', [1_700, 1_000, 900, 400, 1_000])];
  const at = (closes: readonly CloseFigures[], rule = mix()): Evaluation => one(evaluateRule(rule, closes[1] ?? closeOf('', []), closes));

  it('tells a shift of a large book with the bucket that moved most and contributions that add up to the index', () => {
    const evaluation = measured(at(large));
    expect(evaluation.reason).toBe('at-or-above-enter');
    expect(evaluation.cause).toMatch(
      /^Population stability index of the ageing mix is 0\.\d{3} between 2024-05-31 and 2024-06-30, against a level of 0\.10; chance alone would stay below 0\.\d{3} in a book of 5000 debtors worth 5000\.0 equal ones then and 5000 debtors worth 5000\.0 now: most of all Over 90 from 10\.00 % to 20\.00 % of gross \(0\.\d{3} of it\), then Current/,
    );
    expect(evaluation.part?.aged).toEqual({ scheme: SCHEME, buckets: ['Over 90'] });
    expect(evaluation.bridges[0]?.legs.map(({ cause }) => cause)).toEqual(LABELS);
    expect(addsUp(evaluation)).toBe(true);
  });

  it('keeps quiet about what chance does to a book of fifty debtors, and names that as the reason', () => {
    expect(at(small).reason).toBe('within-sampling-noise');
    expect(measured(at(small)).movement.after.compare(Ratio.parse('0.10'))).toBe(1);
  });

  it('keeps quiet about a shift that is certain and does not matter', () => {
    const slight = [
      closeOf('2024-05-31', [50_000, 20_000, 12_000, 8_000, 10_000]),
      closeOf('2024-06-30', [49_000, 20_000, 12_000, 8_000, 11_000]),
    ];
    expect(at(slight).reason).toBe('below-exit');
  });

  it('takes one giant for what it is: the same amounts owed by few debtors prove nothing', () => {
    const giants = large.map((close) => ({
      ...close,
      ageing: close.ageing.map((snapshot) => ({
        ...snapshot,
        debtors: (snapshot.debtors ?? []).map((group) => ({
          ...{ ...group, squares: group.squares * 500n },
          buckets: group.buckets.map((bucket) => ({ ...bucket, squares: bucket.squares * 500n, products: bucket.products * 500n })),
        })),
      })),
    }));
    expect(at(giants).reason).toBe('within-sampling-noise');
  });

  it('asks for more certainty of a book that is closed every day', () => {
    const daily = Array.from({ length: 250 }, (_, index) =>
      closeOf(
        `2024-${String(1 + Math.floor(index / 28)).padStart(2, '0')}-${String(1 + (index % 28)).padStart(2, '0')}`,
        [25, 10, 6, 4, 5],
      ),
    );
    const critical = (closes: readonly CloseFigures[]): number => {
      const [close] = [closes.at(-1)];
      const { inputs } = measured(one(evaluateRule(mix(), close ?? closeOf('', []), closes)));
      return Number((inputs['critical'] as { value: string }).value);
    };
    expect(critical(daily)).toBeGreaterThan(critical(daily.slice(-2)));
  });

  const unmeasured: readonly (readonly [string, readonly CloseFigures[], Partial<AgeingMixShift>, string])[] = [
    ['there is nothing to compare with', large.slice(1), {}, 'no-base'],
    ['the close holds no such scheme', large, { scheme: 'of-ours' }, 'no-snapshot'],
    [
      'a close is from before debtors were counted',
      [
        {
          ...(large[0] ?? closeOf('', [])),
          ageing: (large[0]?.ageing ?? []).map(({ scheme, buckets, groups }) => ({ scheme, buckets, groups })),
        },
        ...large.slice(1),
      ],
      {},
      'debtors-not-counted',
    ],
    ['there are fewer debtors than the rule asks for', small, { minimumDebtors: 51 }, 'too-few-debtors'],
    ['nothing is owed', [closeOf('2024-05-31', [0, 0, 0, 0, 0]), ...large.slice(1)], {}, 'nothing-owed'],
  ];
  it.each(unmeasured)('says why nothing can be said when %s', (_when, closes, change, reason) => {
    const close = closes.at(-1);
    if (close === undefined) throw new Error('a close');
    expect(one(evaluateRule(mix(change), close, closes)).reason).toBe(reason);
  });

  it('has no mix to move where the whole book lies in one bucket', () => {
    const current = [closeOf('2024-05-31', [50, 0, 0, 0, 0]), closeOf('2024-06-30', [60, 0, 0, 0, 0])];
    expect(at(current).reason).toBe('below-exit');
  });
});

describe('roll-rate drift', () => {
  const monthEnd = (index: number): string => new Date(Date.UTC(2022, index + 1, 0)).toISOString().slice(0, 10);
  /** Of 1,000 current debtors so many are 1-30 days past due a month later. */
  const series = (rolled: readonly number[]): CloseFigures[] =>
    rolled.map((count, index) => closeOf(monthEnd(index), [1_000, count, 10, 10, 10]));
  const steady = [100, 102, 97, 101, 99, 103, 98, 100, 104, 96, 101, 99, 100, 102, 98, 101, 99, 100, 103, 97, 100, 101, 99, 100];
  const last = (closes: readonly CloseFigures[], rule = drift()): Evaluation[] =>
    evaluateRule(rule, closes.at(-1) ?? closeOf('', []), closes);

  it('tells a small shift that stays, within six periods, and not before there is one', () => {
    const shifted = [...steady, 104, 105, 104, 105, 104, 105];
    const reasons = shifted.map((_, index) => last(series(shifted.slice(0, index + 1))).at(-1)?.reason);
    expect(reasons.slice(14, 24).every((reason) => reason === 'below-exit')).toBe(true);
    expect(reasons.indexOf('at-or-above-enter')).toBeGreaterThanOrEqual(24);
    const fired = measured(last(series(shifted)).at(-1));
    expect(fired.cause).toContain('Roll rate from Current to 1-30 is 10.50 %');
    expect(fired.inputs['method']).toBe('control-charts');
    expect(fired.part?.aged?.buckets).toEqual(['1-30']);
    expect(addsUp(fired)).toBe(true);
  });

  it('is not carried away by one odd month', () => {
    const evaluation = measured(last(series([...steady, 300])).at(-1));
    expect(evaluation.reason).not.toBe('at-or-above-enter');
  });

  it('says that there is too little history, and judges by the absolute rule meanwhile', () => {
    const [said, absolute] = last(series([100, 101, 99, 230]));
    expect(said?.reason).toBe('too-little-history');
    expect(absolute?.reason).toBe('at-or-above-enter');
    expect(measured(absolute).inputs).toMatchObject({ method: 'absolute', why: 'too-little-history', periods: 2, periodsNeeded: 12 });
    expect(measured(absolute).cause).toMatch(
      /rose from 9\.90 % at 2022-03-31 to 23\.00 % .* judged by that alone, since there are 2 periods/,
    );
    expect(addsUp(measured(absolute))).toBe(true);
  });

  it('rolls every bucket but the last two when none is named, each with labels of its own', () => {
    const evaluations = last(series(steady), drift({ bucket: null }));
    expect(evaluations.map(({ labels }) => labels['bucket'])).toEqual(['Current', '1-30', '31-60']);
  });

  it('knows no roll rate where the time between the closes is not the width of the buckets, and says so', () => {
    const yearly = [closeOf('2022-12-31', [100, 10, 5, 5, 5]), closeOf('2023-12-31', [100, 10, 5, 5, 5])];
    expect(one(last(yearly)).reason).toBe('dates-do-not-fit');
    expect(one(last([closeOf('2022-12-31', [100, 10, 5, 5, 5])])).reason).toBe('no-base');
    expect(one(last(series(steady), drift({ scheme: 'of-ours' }))).reason).toBe('no-snapshot');
  });
});

describe('allowance jump', () => {
  it('tells the published rise of 9.32 % with a bridge by volume, mix, rates and individual assessments that adds up', () => {
    const evaluation = measured(one(evaluateRule(jump(), fiscalYear2024, BOTH)));
    expect(evaluation.reason).toBe('at-or-above-enter');
    expect(evaluation.cause).toMatch(
      /^Allowance rose by 9\.32 %, from CNY 4,191,392,000 at 2023-12-31 to 4,581,875,000 at 2024-12-31: most of all /,
    );
    expect(evaluation.movement.unit).toBe('minor-units');
    expect(evaluation.bridges[0]?.legs.map(({ cause }) => cause)).toEqual([
      'volume',
      'mix of the book',
      'loss rates',
      'individual assessments',
    ]);
    expect(addsUp(evaluation)).toBe(true);
  });

  const floors: readonly (readonly [string, string, string])[] = [
    ['39048300000', 'CNY', 'at-or-above-enter'],
    ['39048300001', 'CNY', 'immaterial'],
    ['1', 'USD', 'currency-differs'],
  ];
  it.each(floors)('compares 390,483,000.00 with a floor of %s minor units of %s: %s', (minor, currency, reason) => {
    expect(one(evaluateRule(jump({ materialityAmount: { minor, currency } }), fiscalYear2024, BOTH)).reason).toBe(reason);
  });

  it('compares with the last sealed run when the rule says so, and not with the close before', () => {
    const sealed = { ...fiscalYear2023, asOf: '2024-06-30', ageing: [] };
    const evaluation = one(
      evaluateRule(jump({ base: 'last-sealed-run' }), fiscalYear2024, BOTH, [sealed, { ...sealed, asOf: '2022-12-31' }]),
    );
    expect(evaluation.baseAsOf).toBe('2024-06-30');
    expect(one(evaluateRule(jump({ base: 'last-sealed-run' }), fiscalYear2024, BOTH)).reason).toBe('no-base');
  });
});

describe('concentration', () => {
  const part = (amounts: readonly bigint[], change: Partial<DebtorConcentration> = {}): DebtorConcentration => ({
    ...{ kind: null, segment: null, debtors: amounts.length },
    total: amounts.reduce((sum, amount) => sum + amount, 0n),
    squares: amounts.reduce((sum, amount) => sum + amount * amount, 0n),
    largest: amounts.map((amount, index) => ({ debtorId: `D${String(index)}`, amount })),
    ...change,
  });
  const before = { ...closeOf('2024-05-31', [1, 0, 0, 0, 0]), concentration: [part([25n, 25n, 25n, 25n])] };
  const after = {
    ...closeOf('2024-06-30', [1, 0, 0, 0, 0]),
    concentration: [part([40n, 20n, 20n, 20n]), part([9n, 1n], { segment: 'North' })],
  };

  const levels: readonly (readonly [Partial<ConcentrationLevel>, string, string])[] = [
    [{ measure: 'largest-debtor' }, '0.4000', 'at-or-above-enter'],
    [{ measure: 'top-debtors', count: 2, enter: '0.61', exit: '0.50' }, '0.6000', 'between-exit-and-enter'],
    [{ measure: 'hhi' }, '0.2800', 'between-exit-and-enter'],
    [{ segment: 'North' }, '0.9000', 'at-or-above-enter'],
    [{ enter: '0.60', exit: '0.50' }, '0.4000', 'below-exit'],
  ];
  it.each(levels)('%j stands at %s: %s', (change, share, reason) => {
    const evaluation = measured(one(evaluateRule(concentration(change), after, [before, after])));
    expect([evaluation.movement.after.toDecimal(4), evaluation.reason]).toEqual([share, reason]);
    expect(addsUp(evaluation)).toBe(true);
  });

  it('is a level: a book without a close before is judged too, with the debtors themselves as its bridge', () => {
    const evaluation = measured(one(evaluateRule(concentration(), after, [after])));
    expect(evaluation.reason).toBe('at-or-above-enter');
    expect(evaluation.baseAsOf).toBeNull();
    expect(evaluation.bridges[0]?.legs).toEqual([{ cause: 'D0', amount: Ratio.of(40n, 100n) }]);
  });

  it('says why nothing can be said', () => {
    expect(one(evaluateRule(concentration(), closeOf('2024-06-30', [1, 0, 0, 0, 0]), [])).reason).toBe('debtors-not-counted');
    expect(one(evaluateRule(concentration({ kinds: ['other'] }), after, [after])).reason).toBe('nothing-owed');
  });
});

describe('floors of coverage and loss-rate shifts', () => {
  const coverage = (change: Partial<CoverageShift>): CoverageShift => ({
    ...{ type: 'coverage-shift', ...scope, kinds: ['trade'], enter: '0.05', exit: '0.04' },
    ...change,
  });
  const lossRate = (change: Partial<LossRateShift>): LossRateShift => ({
    ...{ type: 'loss-rate-shift', bucket: '3 to 4 years', kinds: ['trade'], segment: null, base: 'previous-close' },
    ...{ enter: '0.03', exit: '0.024', materiality: '0.01' },
    ...change,
  });
  // Coverage 52.97 % to 65.70 %: 24.03 % of what it was. The rate of 3 to 4 years 75.54 % to 81.55 %: 7.95 %, CNY 126,350,168.88 of allowance.
  const cases: readonly (readonly [string, CoverageShift | LossRateShift, string])[] = [
    ['coverage with a relative threshold below', coverage({ enterRelative: '0.24' }), 'at-or-above-enter'],
    ['coverage with a relative threshold above', coverage({ enterRelative: '0.25' }), 'between-exit-and-enter'],
    ['coverage with a share of the allowance above', coverage({ materiality: '0.20' }), 'immaterial'],
    ['coverage with a floor in another currency', coverage({ materialityAmount: { minor: '1', currency: 'USD' } }), 'currency-differs'],
    ['coverage with debtors asked for that were not counted', coverage({ minimumDebtors: 5 }), 'debtors-not-counted'],
    ['a rate with a relative threshold below', lossRate({ enterRelative: '0.07' }), 'at-or-above-enter'],
    ['a rate with a relative threshold far above', lossRate({ enterRelative: '0.20' }), 'below-exit'],
    [
      'a rate with a floor below its effect',
      lossRate({ materialityAmount: { minor: '12635016887', currency: 'CNY' } }),
      'at-or-above-enter',
    ],
    ['a rate with a floor above its effect', lossRate({ materialityAmount: { minor: '12635016900', currency: 'CNY' } }), 'immaterial'],
    ['a rate with debtors asked for that were not counted', lossRate({ minimumDebtors: 5 }), 'debtors-not-counted'],
  ];
  it.each(cases)('%s is %#', (_what, rule, reason) => {
    expect(one(evaluateRule(rule, fiscalYear2024, BOTH)).reason).toBe(reason);
  });
});
