import fc from 'fast-check';
import type { CloseFigures, CoverageCell } from '../close-figures';
import { totalOf } from '../close-figures';
import { coverageEffects } from '../coverage-effects';
import type { FigureBridge, MeasuredEvaluation } from '../evaluation';
import { isMeasured, movementOf } from '../evaluation';
import { printedBridge } from '../printed-bridge';
import { fiscalYear2023, fiscalYear2024 } from '../published-book.fixture';
import type { CloseRuleDefinition } from '../rule-definition';
import { Ratio } from '../../values/ratio';
import { coverageBridges } from './coverage-bridges';
import { evaluateRule } from './evaluate-rule';
import { lossRateBridges } from './loss-rate-bridges';

const shift = { base: 'previous-close', kinds: ['trade'], segment: null } as const;
const SHARE: CloseRuleDefinition = {
  ...shift,
  type: 'ageing-share-shift',
  scheme: 'months-6-12-24-36-48',
  olderThan: { unit: 'months', count: 36 },
  assessed: 'all',
  enter: '0.10',
  exit: '0.08',
};
const COVERAGE: CloseRuleDefinition = { ...shift, type: 'coverage-shift', assessed: 'all', enter: '0.05', exit: '0.04' };
const LOSS_RATE: CloseRuleDefinition = {
  ...shift,
  type: 'loss-rate-shift',
  bucket: null,
  enter: '0.03',
  exit: '0.024',
  materiality: '0.01',
};

/** Fen in a thousand yuan. */
const THOUSANDS = Ratio.of(100_000n);

function told(rule: CloseRuleDefinition, close: CloseFigures, base: CloseFigures): MeasuredEvaluation[] {
  return evaluateRule(rule, close, [base, close]).filter(isMeasured);
}
const published = (rule: CloseRuleDefinition): MeasuredEvaluation[] => told(rule, fiscalYear2024, fiscalYear2023);

/** One line a bridge, thousands cut off: what a reader sees. */
function shown(bridge: FigureBridge | undefined): string {
  if (bridge === undefined) return 'no bridge';
  const { opening, legs, closing } = printedBridge(bridge);
  return [opening, ...legs.map(({ cause, amount }) => `${cause} ${amount}`), closing].join(' | ');
}

describe('why the published book moved', () => {
  it('leads the share over three years from 19.48 % to 54.79 % by what aged, what left and what the shrinking book makes of it', () => {
    const [evaluation] = published(SHARE);
    expect(evaluation?.bridges.map(shown)).toEqual([
      '19.48 % | aged past the limit: 2 to 3 years +40.39 points | settled, written off or moved -11.58 points | total of the book shrank +6.50 points | 54.79 %',
      'CNY 1,541,637,000 | aged past the limit: 2 to 3 years +3,195,901,000 | settled, written off or moved -916,453,000 | CNY 3,821,085,000',
    ]);
    expect(evaluation?.part).toEqual({
      kinds: ['trade'],
      segment: null,
      assessed: 'all',
      aged: { scheme: 'months-6-12-24-36-48', buckets: ['3 to 4 years', 'Over 4 years'] },
    });
  });

  it('leads coverage by 9.93 points of mix and 2.80 of rates, each by bucket, and the allowance by volume, mix, rates and individual', () => {
    const [evaluation] = published(COVERAGE);
    const [whole, mix, rate, allowance] = evaluation?.bridges ?? [];
    expect(shown(whole)).toBe('52.97 % | mix of the book +9.93 points | loss rates +2.80 points | 65.70 %');
    expect(shown(mix)).toBe(
      '0.00 % | Up to 6 months +0.31 points | 6 months to 1 year -0.23 points | 1 to 2 years +1.75 points | 2 to 3 years -0.77 points | ' +
        '3 to 4 years +4.25 points | Over 4 years +3.76 points | individually assessed +0.86 points | 9.93 %',
    );
    expect(shown(rate)).toMatch(/^0\.00 % \| .* \| 2\.80 %$/);
    expect(shown(allowance)).toBe(
      'CNY 4,191,392,000.00 | volume -605,219,536.80 | mix of the book +624,507,749.76 | loss rates +98,349,787.04 | ' +
        'individual assessments +272,845,000.00 | CNY 4,581,875,000.00',
    );
  });

  it('leads the allowance of each bucket whose rate moved: 82,923 and 126,350 thousand come from the rises', () => {
    const legs = new Map(
      published(LOSS_RATE).map(({ labels, bridges }) => [
        labels['bucket'],
        bridges[0]?.legs
          .find(({ cause }) => cause === 'loss rate')
          ?.amount.dividedBy(THOUSANDS)
          .toUnits(0),
      ]),
    );
    expect([legs.get('2 to 3 years'), legs.get('3 to 4 years'), legs.get('Up to 6 months')]).toEqual([82_923n, 126_350n, -72_072n]);
  });
});

const cellRow = fc.record({
  gross: fc.bigInt({ min: 0n, max: 10n ** 14n }),
  percent: fc.bigInt({ min: 0n, max: 1000n }),
  alone: fc.boolean(),
});
const cells = (rows: readonly { gross: bigint; percent: bigint; alone: boolean }[]): CoverageCell[] =>
  rows
    .map(({ gross, percent, alone }, index) => ({
      key: String(index),
      kind: 'trade',
      segment: alone ? null : '',
      name: `bucket ${String(index % 9)}`,
      gross,
      allowance: (gross * percent) / 1000n,
    }))
    .filter(({ gross }) => gross !== 0n);
const book = fc
  .array(cellRow, { minLength: 1, maxLength: 14 })
  .map(cells)
  .filter((all) => totalOf(all).gross > 0n);

/** The number a printed figure stands for, in its smallest printed unit. */
const unitsOf = (text: string): bigint => BigInt(text.replace(/[^\d-]/g, ''));

function addsUp(bridge: FigureBridge): void {
  const { opening, legs, closing } = printedBridge(bridge);
  expect(legs.reduce((sum, { amount }) => sum + unitsOf(amount), unitsOf(opening))).toBe(unitsOf(closing));
}

describe('any two books', () => {
  it('have legs short enough for an event, also with hundreds of segments', () => {
    const large = (rate: bigint): CoverageCell[] =>
      Array.from({ length: 400 }, (_, index) => {
        const gross = 10n ** 11n + BigInt(index * 7_919) * rate;
        const segment = `segment ${String(index % 50)}`;
        return { key: String(index), kind: 'trade', segment, name: `bucket ${String(index % 8)}`, gross, allowance: (gross * rate) / 100n };
      });
    const [before, after] = [large(31n), large(37n)];
    const [from, to] = [totalOf(before), totalOf(after)];
    const movement = movementOf(Ratio.of(from.allowance, from.gross), Ratio.of(to.allowance, to.gross));
    const effects = coverageEffects(before, after);
    for (const { legs } of coverageBridges({ subject: 'Coverage', currency: 'CNY', movement, effects, before, after }))
      for (const { amount } of legs) expect(String(amount.reduced().denominator).length).toBeLessThan(80);
  });

  it('have coverage bridges whose printed legs add up to the printed figures, whatever came, went or is assessed alone', () => {
    fc.assert(
      fc.property(book, book, (before, after) => {
        const [from, to] = [totalOf(before), totalOf(after)];
        const movement = movementOf(Ratio.of(from.allowance, from.gross), Ratio.of(to.allowance, to.gross));
        const effects = coverageEffects(before, after);
        coverageBridges({ subject: 'Coverage', currency: 'CNY', movement, effects, before, after }).forEach(addsUp);
      }),
      { numRuns: 300 },
    );
  });

  it('have share bridges that add up, whether or not the calendar says what aged', () => {
    const amounts = fc.array(fc.bigInt({ min: 0n, max: 10n ** 13n }), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(amounts, amounts, fc.constantFrom('2023-12-31', '2024-11-30', '2024-03-17'), (before, after, asOf) => {
        const close = (date: string, collective: readonly bigint[]): CloseFigures => ({
          ...fiscalYear2024,
          asOf: date,
          ageing: fiscalYear2024.ageing.map((snapshot) => ({
            ...snapshot,
            groups: [{ kind: 'trade', segment: '', collective, individual: collective.map(() => 0n) }],
          })),
        });
        for (const { bridges } of told(SHARE, close('2024-12-31', after), close(asOf, before))) bridges.forEach(addsUp);
      }),
      { numRuns: 300 },
    );
  });

  it('have loss rate bridges that lead to the allowance as it was computed, covers and roundings included', () => {
    const bucket = fc.record({
      gross: fc.bigInt({ min: 1n, max: 10n ** 14n }),
      rate: fc.bigInt({ min: 0n, max: 10n ** 9n }).map((rate) => Ratio.of(rate, 10n ** 9n)),
      allowance: fc.bigInt({ min: 0n, max: 10n ** 14n }),
    });
    fc.assert(
      fc.property(bucket, bucket, (before, after) => {
        lossRateBridges('Allowance of 1 to 2 years', 'JPY', before, after).forEach(addsUp);
      }),
    );
  });
});
