import { Decimal } from '../../values/decimal';
import { chiSquareQuantile, DENOMINATOR_DEGREES_MAX, fQuantile } from './quantiles';

describe('quantiles', () => {
  // NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.4 and 1.3.6.7.3 (tables of critical values, three decimals).
  const chiSquares: readonly (readonly [degrees: number, probability: string, value: string])[] = [
    [1, '0.95', '3.841'],
    [2, '0.95', '5.991'],
    [4, '0.95', '9.488'],
    [5, '0.95', '11.070'],
    [5, '0.99', '15.086'],
    [9, '0.999', '27.877'],
    [20, '0.95', '31.410'],
    [50, '0.95', '67.505'],
  ];
  it.each(chiSquares)('chi-square of %s degrees at %s is %s, as printed in the tables', (degrees, probability, value) => {
    expect(chiSquareQuantile(degrees, new Decimal(probability)).toFixed(3)).toBe(value);
  });

  const fs: readonly (readonly [above: number, below: number, probability: string, value: string])[] = [
    [1, 10, '0.95', '4.965'],
    [4, 10, '0.95', '3.478'],
    [5, 20, '0.95', '2.711'],
    [4, 50, '0.95', '2.557'],
    [3, 100, '0.95', '2.696'],
    [4, 10, '0.99', '5.994'],
    [5, 20, '0.99', '4.103'],
  ];
  it.each(fs)('F of %s and %s degrees at %s is %s, as printed in the tables', (above, below, probability, value) => {
    expect(fQuantile(above, below, new Decimal(probability)).toFixed(3)).toBe(value);
  });

  it('takes fewer debtors for more uncertainty, never for less: an odd number counts as the even one below', () => {
    const probability = new Decimal('0.999');
    const sizes = [2, 3, 4, 9, 10, 11, 50, 51, DENOMINATOR_DEGREES_MAX, DENOMINATOR_DEGREES_MAX + 1];
    const quantiles = sizes.map((below) => fQuantile(4, below, probability));
    quantiles.slice(1).forEach((quantile, index) => {
      expect(quantile.lessThanOrEqualTo(quantiles[index] ?? 0)).toBe(true);
    });
    expect(fQuantile(4, 11, probability)).toEqual(fQuantile(4, 10, probability));
  });

  it('goes over from F to chi-square without a step that anybody could see', () => {
    const at = (below: number): Decimal => fQuantile(4, below, new Decimal('0.999'));
    expect(
      at(DENOMINATOR_DEGREES_MAX)
        .div(at(DENOMINATOR_DEGREES_MAX + 1))
        .toNumber(),
    ).toBeLessThan(1.03);
  });
});
