import * as fc from 'fast-check';
import type { CoverageCell } from './close-figures';
import { totalOf } from './close-figures';
import { coverageEffects } from './coverage-effects';
import { Ratio } from '../values/ratio';
import { pointsOfParts, points } from './wording';

const gross = fc.oneof(fc.constant(0n), fc.bigInt({ min: 1n, max: 10n ** 15n }));
const cell = fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), gross, share: fc.bigInt({ min: 0n, max: 1000n }) });
const book = fc
  .uniqueArray(cell, { selector: ({ key }) => key, minLength: 1 })
  .map((cells) =>
    cells.map((made): CoverageCell => ({
      key: made.key,
      kind: 'trade',
      segment: made.key,
      name: 'bucket',
      gross: made.gross,
      allowance: (made.gross * made.share) / 1000n,
    })),
  )
  .filter((cells) => totalOf(cells).gross > 0n);

const coverageOf = (cells: readonly CoverageCell[]): Ratio => Ratio.of(totalOf(cells).allowance, totalOf(cells).gross);

describe('mix and rate effects of a coverage change', () => {
  it('add up to the change exactly for any two books, buckets appearing and vanishing included', () => {
    fc.assert(
      fc.property(book, book, (before, after) => {
        const effects = coverageEffects(before, after);
        expect(effects.mix.plus(effects.rate).compare(coverageOf(after).minus(coverageOf(before)))).toBe(0);
      }),
      { numRuns: 500 },
    );
  });

  it('are what the textbook formula gives: sum (w1 - w0) r0 and sum (r1 - r0) w1', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.bigInt({ min: 1n, max: 10n ** 12n }),
            fc.bigInt({ min: 1n, max: 10n ** 12n }),
            fc.bigInt({ min: 0n, max: 99n }),
            fc.bigInt({ min: 0n, max: 99n }),
          ),
          { minLength: 1, maxLength: 6 },
        ),
        (rows) => {
          const make = (amount: bigint, share: bigint, index: number): CoverageCell => ({
            key: String(index),
            kind: 'trade',
            segment: '',
            name: String(index),
            gross: amount,
            allowance: (amount * share) / 100n,
          });
          const before = rows.map(([g0, , s0], index) => make(g0, s0, index));
          const after = rows.map(([, g1, , s1], index) => make(g1, s1, index));
          const weight = (cells: readonly CoverageCell[], index: number): Ratio =>
            Ratio.of(cells[index]?.gross ?? 0n, totalOf(cells).gross);
          const rate = (cells: readonly CoverageCell[], index: number): Ratio =>
            Ratio.of(cells[index]?.allowance ?? 0n, cells[index]?.gross ?? 1n);
          const mix = Ratio.sum(rows.map((_, index) => weight(after, index).minus(weight(before, index)).times(rate(before, index))));
          const effects = coverageEffects(before, after);
          expect(effects.mix.compare(mix)).toBe(0);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('are printed so that a reader who adds the two finds the printed change', () => {
    const third = Ratio.of(1n, 30_000n);
    expect(pointsOfParts([third.plus(third), third], Ratio.of(1n, 10_000n))).toEqual(['+0.01 points', '0.00 points']);
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 9n), max: 10n ** 9n }), fc.bigInt({ min: -(10n ** 9n), max: 10n ** 9n }), (left, right) => {
        const parts = [Ratio.of(left, 10n ** 9n), Ratio.of(right, 10n ** 9n)];
        const change = Ratio.sum(parts);
        const unitsOf = (text: string): bigint => BigInt(text.replace(' points', '').replace('.', '').replace('+', ''));
        const printed = pointsOfParts(parts, change).map(unitsOf);
        expect(printed.reduce((sum, units) => sum + units, 0n)).toBe(unitsOf(points(change)));
      }),
    );
  });
});
