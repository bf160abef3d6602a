import { backTestRule } from './back-test';
import type { CloseFigures } from './close-figures';
import { fiscalYear2023, fiscalYear2024 } from './published-book.fixture';
import type { CoverageShift, LossRateShift } from './rule-definition';

const COVERAGE: CoverageShift = {
  type: 'coverage-shift',
  assessed: 'all',
  kinds: ['trade'],
  segment: null,
  base: 'previous-close',
  enter: '0.05',
  exit: '0.04',
};
const settings = { forPeriods: 1, recoverPeriods: 1, worsenBy: '0.5' };

/** A close of one bucket; coverage in percent. */
function close(asOf: string, coverage: number | null): CloseFigures {
  const figures = { gross: 100_000n, allowance: BigInt(coverage ?? 0) * 1_000n };
  const none = { gross: 0n, allowance: 0n };
  const cell = { kind: 'trade', scheme: 'months-6-12-24-36-48', segment: '', bucket: 'Up to 6 months', rate: '0.5', ...figures };
  const provision = { kinds: [{ kind: 'trade', collective: figures, individual: none }], cells: [cell] };
  return { asOf, currency: 'CNY', ageing: [], provision: coverage === null ? null : provision };
}
const month = (index: number): string => new Date(Date.UTC(2024, index + 1, 0)).toISOString().slice(0, 10);
const closesOf = (...coverages: readonly (number | null)[]): CloseFigures[] =>
  coverages.map((coverage, index) => close(month(index), coverage));

describe('a rule replayed over the closes there are', () => {
  it('answers how often it would have fired, when, on which figures, and when each alert would have ended and why', () => {
    const { closes, episodes } = backTestRule({ definition: COVERAGE, settings }, closesOf(50, 56, 57, 70, 70), null);
    expect(closes).toHaveLength(5);
    expect(
      episodes.map(({ fired, resolved }) => [
        fired.asOf,
        fired.baseAsOf,
        fired.movement.change?.toDecimal(2),
        resolved?.asOf,
        resolved?.reason,
      ]),
    ).toEqual([
      [month(1), month(0), '0.06', month(2), 'below-exit'],
      [month(3), month(2), '0.13', month(4), 'below-exit'],
    ]);
    expect(episodes[0]?.fired.cause).toContain('Coverage rose from 50.00 %');
    expect(episodes[0]?.fired.reason).toBe('at-or-above-enter');
  });

  it('counts periods as the rule itself would: one quiet close is no recovery, and one loud one no alert', () => {
    const patient = { ...settings, forPeriods: 2, recoverPeriods: 2 };
    const { episodes } = backTestRule({ definition: COVERAGE, settings: patient }, closesOf(50, 60, 60, 70, 80, 80, 80), null);
    expect(episodes.map(({ periods, resolved }) => [periods, resolved?.asOf])).toEqual([[[month(3), month(4)], month(6)]]);
  });

  it('names the closes that could not be judged and why, so that silence is not taken for calm', () => {
    const { episodes, notJudged } = backTestRule({ definition: COVERAGE, settings }, closesOf(50, null, 70), null);
    expect(episodes).toEqual([]);
    expect(notJudged.map(({ asOf, reason }) => [asOf, reason])).toEqual([
      [month(0), 'no-base'],
      [month(1), 'no-provision'],
      [month(2), 'no-provision'],
    ]);
  });

  it('says of a close over which the rule breaks down that it could not be judged, and goes on with the others', () => {
    const [first, second, third] = closesOf(50, 56, 70);
    if (first === undefined || second === undefined || third === undefined) throw new Error('three closes');
    const broken: CloseFigures = {
      ...second,
      get provision(): never {
        throw new Error('figures nobody foresaw');
      },
    };
    const yearly = { ...COVERAGE, base: 'previous-month-end' } as const;
    const { notJudged, closes } = backTestRule({ definition: yearly, settings }, [first, broken, third], null);
    expect(closes).toHaveLength(3);
    expect(notJudged.map(({ asOf, reason }) => [asOf, reason])).toEqual([
      [month(0), 'no-base'],
      [month(1), 'evaluation-failed'],
      [month(2), 'evaluation-failed'],
    ]);
  });

  it('takes closes before the asked-for day for bases only', () => {
    const { closes, episodes, notJudged } = backTestRule({ definition: COVERAGE, settings }, closesOf(50, 60, 70), month(2));
    expect(closes).toEqual([month(2)]);
    expect(episodes.map(({ fired }) => [fired.asOf, fired.baseAsOf])).toEqual([[month(2), month(1)]]);
    expect(notJudged).toEqual([]);
  });

  it('keeps the alerts of a rule with many buckets apart, and ends the one whose bucket is gone', () => {
    const definition: LossRateShift = {
      type: 'loss-rate-shift',
      bucket: null,
      kinds: ['trade'],
      segment: null,
      base: 'previous-close',
      enter: '0.03',
      exit: '0.024',
      materiality: '0.01',
    };
    const { provision } = fiscalYear2024;
    if (provision === null) throw new Error('the published year has an allowance');
    const without = { ...provision, cells: provision.cells.filter(({ bucket }) => bucket !== '2 to 3 years') };
    const nextYear: CloseFigures = { ...fiscalYear2024, asOf: '2025-12-31', provision: without };
    const { episodes } = backTestRule({ definition, settings }, [nextYear, fiscalYear2024, fiscalYear2023], null);
    expect(
      episodes.map(({ labels, fired, resolved }) => [labels['bucket'], fired.asOf, resolved?.reason, resolved?.figure === null]),
    ).toEqual([
      ['Up to 6 months', '2024-12-31', 'immaterial', false],
      ['2 to 3 years', '2024-12-31', 'nothing-left', true],
      ['3 to 4 years', '2024-12-31', 'immaterial', false],
    ]);
  });
});
