import { coverageCells } from '../close-figures';
import { fiscalYear2023, fiscalYear2024 } from '../published-book.fixture';
import type { CloseFigures } from '../close-figures';
import type { Evaluation, MeasuredEvaluation } from '../evaluation';
import { isMeasured } from '../evaluation';
import type { AgeingShareShift, CoverageShift, LossRateShift } from '../rule-definition';
import { isBoundary } from './ageing-share-shift.rule';
import { evaluateRule } from './evaluate-rule';

const BOTH = [fiscalYear2023, fiscalYear2024];

const overThreeYears = (change: Partial<AgeingShareShift> = {}): AgeingShareShift => ({
  type: 'ageing-share-shift',
  scheme: 'months-6-12-24-36-48',
  olderThan: { unit: 'months', count: 36 },
  assessed: 'all',
  kinds: ['trade'],
  segment: null,
  base: 'same-date-last-year',
  enter: '0.10',
  exit: '0.10',
  ...change,
});
const coverage = (change: Partial<CoverageShift> = {}): CoverageShift => ({
  type: 'coverage-shift',
  assessed: 'all',
  kinds: ['trade'],
  segment: null,
  base: 'previous-close',
  enter: '0.05',
  exit: '0.05',
  ...change,
});
const lossRate = (change: Partial<LossRateShift> = {}): LossRateShift => ({
  type: 'loss-rate-shift',
  bucket: null,
  kinds: ['trade'],
  segment: null,
  base: 'previous-close',
  enter: '0.03',
  exit: '0.03',
  materiality: '0.01',
  ...change,
});

function only(evaluations: readonly Evaluation[]): Evaluation {
  const [first] = evaluations;
  if (first === undefined || evaluations.length !== 1) throw new Error('one evaluation was expected');
  return first;
}

function measured(evaluation: Evaluation): MeasuredEvaluation {
  if (!isMeasured(evaluation)) throw new Error(`not measured: ${evaluation.reason}`);
  return evaluation;
}

describe('share of gross older than a limit', () => {
  it('tells the published shift of the over-three-years share from 19.48 % to 54.79 %, and which balances aged into it', () => {
    const evaluation = measured(only(evaluateRule(overThreeYears(), fiscalYear2024, BOTH)));
    expect(evaluation.reason).toBe('at-or-above-enter');
    expect(evaluation.cause).toBe(
      'Gross older than 36 months rose from 19.48 % (CNY 1,541,637,000 of 7,912,019,000) at 2023-12-31 to 54.79 % (CNY 3,821,085,000 of 6,973,566,000) ' +
        'at 2024-12-31: CNY 3,195,901,000 that was 2 to 3 years at 2023-12-31 aged past it; 916,453,000 of that and of what was older before has been ' +
        'settled, written off or moved',
    );
    expect(evaluation.movement.change?.toDecimal(6)).toBe('0.353091');
  });

  it('names the buckets that moved most where the dates do not fit the buckets, instead of guessing what aged', () => {
    const october: CloseFigures = { ...fiscalYear2023, asOf: '2024-11-17' };
    const rule = overThreeYears({ base: 'previous-close' });
    const evaluation = measured(only(evaluateRule(rule, fiscalYear2024, [october, fiscalYear2024])));
    expect(evaluation.cause).toMatch(/: 3 to 4 years 16\.27 % to 43\.59 %, 1 to 2 years 23\.91 % to 3\.76 %$/);
  });

  it('does not call a falling share a rise', () => {
    const backwards = [
      { ...fiscalYear2024, asOf: '2023-12-31' },
      { ...fiscalYear2023, asOf: '2024-12-31' },
    ];
    const [, close] = backwards;
    if (close === undefined) throw new Error('two closes');
    expect(only(evaluateRule(overThreeYears(), close, backwards)).reason).toBe('below-exit');
  });

  const shifts: readonly (readonly [enter: string, exit: string, reason: string])[] = [
    ['0.10', '0.10', 'at-or-above-enter'],
    ['0.40', '0.40', 'below-exit'],
    ['0.40', '0.35', 'between-exit-and-enter'],
    ['0.40', '0.36', 'below-exit'],
  ];
  it.each(shifts)('compares the exact shift of 35.31 points with enter %s and exit %s: %s', (enter, exit, reason) => {
    expect(only(evaluateRule(overThreeYears({ enter, exit }), fiscalYear2024, BOTH)).reason).toBe(reason);
  });

  it('counts a shift of exactly the threshold as reached, where a rounded quotient would miss it', () => {
    const thirds = (older: bigint, asOf: string): CloseFigures => ({
      asOf,
      currency: 'CNY',
      provision: null,
      ageing: [
        {
          scheme: 'months-6-12-24-36-48',
          buckets: [
            { label: 'Up to 3 years', upTo: { unit: 'years', count: 3 } },
            { label: 'Over 3 years', upTo: null },
          ],
          groups: [{ kind: 'trade', segment: '', collective: [30n - older, older], individual: [0n, 0n] }],
        },
      ],
    });
    const closes = [thirds(10n, '2023-12-31'), thirds(13n, '2024-12-31')];
    const [, close] = closes;
    if (close === undefined) throw new Error('two closes');
    expect(only(evaluateRule(overThreeYears(), close, closes)).reason).toBe('at-or-above-enter');
  });

  it('looks only at the part of the book it names', () => {
    const collective = measured(only(evaluateRule(overThreeYears({ assessed: 'collective' }), fiscalYear2024, BOTH)));
    expect(collective.movement.after.toDecimal(4)).toBe('0.5009');
    expect(only(evaluateRule(overThreeYears({ kinds: ['other'] }), fiscalYear2024, BOTH)).reason).toBe('nothing-owed');
    expect(only(evaluateRule(overThreeYears({ segment: 'Government' }), fiscalYear2024, BOTH)).reason).toBe('nothing-owed');
  });

  const unmeasured: readonly (readonly [string, AgeingShareShift, readonly CloseFigures[], string])[] = [
    ['there is no close of that date last year', overThreeYears(), [fiscalYear2024], 'no-base'],
    ['there is no month-end close before', overThreeYears({ base: 'previous-month-end' }), BOTH, 'no-base'],
    ['the close holds no such scheme', overThreeYears({ scheme: 'of-ours' }), BOTH, 'no-snapshot'],
    ['no base comes before a missing scheme', overThreeYears({ scheme: 'of-ours' }), [fiscalYear2024], 'no-base'],
    ['the presentation currency changed', overThreeYears(), [{ ...fiscalYear2023, currency: 'USD' }, fiscalYear2024], 'currency-differs'],
  ];
  it.each(unmeasured)('says why nothing can be said when %s', (_when, rule, closes, reason) => {
    expect(only(evaluateRule(rule, fiscalYear2024, closes)).reason).toBe(reason);
  });

  it('takes 3 years and 36 months for the same limit, and 365 days for another', () => {
    const buckets = [{ upTo: { unit: 'years', count: 3 } as const }, { upTo: null }];
    expect(isBoundary({ unit: 'months', count: 36 }, buckets)).toBe(true);
    expect(isBoundary({ unit: 'days', count: 1095 }, buckets)).toBe(false);
  });
});

describe('coverage', () => {
  it('tells the published shift from 52.97 % to 65.70 % and splits it into 9.93 points of mix and 2.80 of rates', () => {
    const evaluation = measured(only(evaluateRule(coverage(), fiscalYear2024, BOTH)));
    expect(evaluation.reason).toBe('at-or-above-enter');
    expect(evaluation.cause).toBe(
      'Coverage rose from 52.97 % (CNY 4,191,392,000 of 7,912,019,000) at 2023-12-31 to 65.70 % (CNY 4,581,875,000 of 6,973,566,000) at 2024-12-31: ' +
        'the mix of the book moved it by +9.93 points, most of all 3 to 4 years (+4.25 points); loss rates moved it by +2.80 points',
    );
  });

  it('names a fall as a fall and fires on it too', () => {
    const closes = [
      { ...fiscalYear2024, asOf: '2023-12-31' },
      { ...fiscalYear2023, asOf: '2024-12-31' },
    ];
    const [, close] = closes;
    if (close === undefined) throw new Error('two closes');
    const evaluation = measured(only(evaluateRule(coverage(), close, closes)));
    expect(evaluation.reason).toBe('at-or-above-enter');
    expect(evaluation.cause).toContain('Coverage fell from 65.70 %');
  });

  const parts: readonly (readonly ['all' | 'collective' | 'individual', string])[] = [
    ['all', '0.1273'],
    ['collective', '0.1255'],
    ['individual', '0.0798'],
  ];
  it.each(parts)('measures %s apart', (assessed, change) => {
    expect(measured(only(evaluateRule(coverage({ assessed }), fiscalYear2024, BOTH))).movement.change?.toDecimal(4)).toBe(change);
  });

  it('counts what is measured by stages: a kind that leaves the matrix must not leave the watch with it', () => {
    const { provision } = fiscalYear2024;
    if (provision === null) throw new Error('the published year has an allowance');
    const stages = [
      { kind: 'other', segment: '', stage: 1, gross: 900n, allowance: 9n },
      { kind: 'other', segment: '', stage: 3, gross: 100n, allowance: 80n },
    ];
    const cells = coverageCells({ ...provision, stages }, { kinds: ['other'], segment: null }, 'all');
    expect(cells.map(({ name, allowance }) => [name, allowance])).toEqual([
      ['stage 1', 9n],
      ['stage 3', 80n],
    ]);
    expect(coverageCells({ ...provision, stages }, { kinds: ['other'], segment: null }, 'individual')).toEqual([]);
  });

  it('says that no allowance was computed rather than that coverage fell to nothing', () => {
    const close = { ...fiscalYear2024, provision: null };
    expect(only(evaluateRule(coverage(), close, [fiscalYear2023, close])).reason).toBe('no-provision');
  });
});

describe('loss rate of a bucket', () => {
  it('tells the changes that matter in currency, the falls as well as the rises, each for itself', () => {
    const told = evaluateRule(lossRate(), fiscalYear2024, BOTH).filter(({ reason }) => reason === 'at-or-above-enter');
    expect(told.map(({ labels }) => labels['bucket'])).toEqual(['Up to 6 months', '2 to 3 years', '3 to 4 years']);
    const rise = told[2];
    if (rise === undefined) throw new Error('three alerts');
    expect(measured(rise).cause).toBe(
      'Loss rate of 3 to 4 years rose from 75.54 % at 2023-12-31 to 81.55 % at 2024-12-31 (+6.01 points): on CNY 2,103,532,000 gross that is ' +
        'CNY 126,350,168.88 of allowance',
    );
  });

  it('keeps a large change of a small bucket quiet: 12.1 points on 6 months to 1 year are less than 1 % of the allowance', () => {
    const evaluation = only(evaluateRule(lossRate({ bucket: '6 months to 1 year' }), fiscalYear2024, BOTH));
    expect(evaluation.reason).toBe('immaterial');
    expect(only(evaluateRule(lossRate({ bucket: '6 months to 1 year', materiality: '0.005' }), fiscalYear2024, BOTH)).reason).toBe(
      'at-or-above-enter',
    );
  });

  it('takes the segments of a bucket together, or a change that matters would be split until none of it does', () => {
    const split = (close: CloseFigures): CloseFigures => {
      const cells = (close.provision?.cells ?? []).flatMap((cell) => {
        const part = cell.gross / 4n;
        const quarter = { ...cell, gross: part, allowance: cell.allowance / 4n };
        return ['A', 'B', 'C']
          .map((segment) => ({ ...quarter, segment }))
          .concat({ ...quarter, segment: 'D', gross: cell.gross - 3n * part });
      });
      return { ...close, provision: close.provision === null ? null : { ...close.provision, cells } };
    };
    const [before, after] = [split(fiscalYear2023), split(fiscalYear2024)];
    const told = evaluateRule(lossRate(), after, [before, after]).filter(({ reason }) => reason === 'at-or-above-enter');
    expect(told.map(({ labels }) => labels)).toEqual(
      ['Up to 6 months', '2 to 3 years', '3 to 4 years'].map((bucket) => ({ kind: 'trade', bucket })),
    );
    expect(only(evaluateRule(lossRate({ segment: 'A', bucket: '3 to 4 years' }), after, [before, after])).reason).toBe('immaterial');
  });

  it('does not take a change of the scheme for a change of a rate', () => {
    const cells = fiscalYear2023.provision?.cells.map((cell) => ({ ...cell, scheme: 'another' })) ?? [];
    const other = { ...fiscalYear2023, provision: { kinds: fiscalYear2023.provision?.kinds ?? [], cells } };
    expect(only(evaluateRule(lossRate(), fiscalYear2024, [other, fiscalYear2024])).reason).toBe('nothing-owed');
  });

  it('has one named reason when there is nothing to compare', () => {
    expect(only(evaluateRule(lossRate(), fiscalYear2024, [fiscalYear2024])).reason).toBe('no-base');
    expect(only(evaluateRule(lossRate({ bucket: 'Unheard of' }), fiscalYear2024, BOTH)).reason).toBe('nothing-owed');
  });
});
