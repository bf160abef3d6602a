import fc from 'fast-check';
import { Decimal } from './decimal';
import { formatRate, isFraction, parseRate, rateOf } from './rate';
import { divideHalfUp, largestRemainder, roundHalfUp } from './rounding';

const sum = (parts: readonly bigint[]): bigint => parts.reduce((left, right) => left + right, 0n);

describe('rounding', () => {
  it.each<[string, bigint]>([
    ['112.5', 113n],
    ['113.5', 114n],
    ['112.4999999999999999999999999999', 112n],
    ['-112.5', -113n],
    ['-112.4', -112n],
    ['0', 0n],
    ['0.5', 1n],
    ['10000000000000000.5', 10000000000000001n],
  ])('%s becomes %d: half up, declared once, so that re-performed figures agree', (value, rounded) => {
    expect(roundHalfUp(new Decimal(value))).toBe(rounded);
  });

  it('divides whole numbers with the same rule as decimals, so that translation and allowance round alike', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), fc.bigInt({ min: 1n, max: 1000n }), (numerator, denominator) => {
        expect(divideHalfUp(numerator, denominator)).toBe(roundHalfUp(new Decimal(numerator.toString()).div(denominator.toString())));
      }),
    );
    expect([divideHalfUp(1n, 2n), divideHalfUp(-1n, 2n), divideHalfUp(1n, 3n), divideHalfUp(2n, 3n)]).toEqual([1n, -1n, 0n, 1n]);
    expect(() => divideHalfUp(1n, 0n)).toThrow(RangeError);
    expect(() => divideHalfUp(1n, -1n)).toThrow(RangeError);
  });

  it('keeps 40 digits and no exponent notation, so that amount times rate is exact before the one rounding', () => {
    expect(new Decimal('9999999999999999').times('0.123456789012345678').toString()).toBe('1234567890123456.656543210987654322');
    expect(new Decimal('0.000000000000000001').toString()).toBe('0.000000000000000001');
    expect(new Decimal(1).div(3).toString()).toBe(`0.${'3'.repeat(40)}`);
  });
});

describe('largestRemainder', () => {
  it.each<[bigint, bigint[], bigint[]]>([
    [100n, [1n, 1n, 1n], [34n, 33n, 33n]],
    [101n, [1n, 1n, 1n], [34n, 34n, 33n]],
    [-100n, [1n, 1n, 1n], [-34n, -33n, -33n]],
    [10n, [1n, 0n, 3n], [3n, 0n, 7n]],
    [7n, [5n, 10n, 85n], [0n, 1n, 6n]],
    [0n, [0n, 0n], [0n, 0n]],
    [0n, [], []],
  ])('%d over %j is %j, so that receivables sum to their line', (total, weights, parts) => {
    expect(largestRemainder(total, weights)).toEqual(parts);
  });

  it('refuses negative weights and a total over nothing, which no split can honour', () => {
    expect(() => largestRemainder(1n, [1n, -1n])).toThrow('negative');
    expect(() => largestRemainder(1n, [0n])).toThrow('sum to zero');
    expect(() => largestRemainder(1n, [])).toThrow('sum to zero');
  });

  it('always sums to the total, stays within one unit of the exact share, and gives a zero weight nothing', () => {
    const weightLists = fc
      .array(fc.bigInt({ min: 0n, max: 10n ** 15n }), { minLength: 1, maxLength: 20 })
      .filter((weights) => sum(weights) > 0n);
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), weightLists, (total, weights) => {
        const parts = largestRemainder(total, weights);
        expect(sum(parts)).toBe(total);
        parts.forEach((part, index) => {
          const weight = weights[index] ?? 0n;
          const distance = part * sum(weights) - total * weight;
          expect(distance < sum(weights) && -distance < sum(weights)).toBe(true);
          if (weight === 0n) expect(part).toBe(0n);
        });
        expect(largestRemainder(total, weights)).toEqual(parts);
      }),
    );
  });
});

describe('rates', () => {
  it.each(['0.145285...', '1e-2', '14%', '0,5', '.5', '5.', ' 0.5', '', '+0.5', `0.${'1'.repeat(25)}`, '1'.repeat(13)])(
    'refuses %j, so that a rate is never read a hundred times too high',
    (text) => {
      expect(parseRate(text)).toBeUndefined();
    },
  );

  it.each(['0', '1', '0.0615', '0.145285989794494221', '123.45', '-0.5', `0.${'1'.repeat(24)}`])('keeps every digit of %s', (text) => {
    const rate = parseRate(text);
    expect(rate === undefined ? undefined : formatRate(rate)).toBe(text);
  });

  it('drops the sign of a zero and trailing zeros, so that equal rates look equal', () => {
    expect(['-0', '0.000', '0.50', '1.00'].map((text) => formatRate(parseRate(text) ?? new Decimal(9)))).toEqual(['0', '0', '0.5', '1']);
  });

  it('a loss rate is between 0 and 1, both included, so that no allowance exceeds its exposure', () => {
    expect(['0', '1', '0.5', '1.000000000001', '-0.000000000001'].map((rate) => isFraction(new Decimal(rate)))).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
  });

  it('shows allowance over gross half up, and nothing at all without exposure', () => {
    expect([rateOf(1n, 3n, 4), rateOf(2n, 3n, 4), rateOf(5n, 100_000n, 4), rateOf(1n, 1n, 4)]).toEqual(['0.3333', '0.6667', '0.0001', '1']);
    expect(rateOf(0n, 0n, 4)).toBeUndefined();
  });
});
