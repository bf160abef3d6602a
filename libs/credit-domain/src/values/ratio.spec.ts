import fc from 'fast-check';
import { Ratio } from './ratio';

const bounded = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n });
const ratio = fc
  .tuple(bounded, fc.bigInt({ min: 1n, max: 10n ** 15n }))
  .map(([numerator, denominator]) => Ratio.of(numerator, denominator));
const same = (left: Ratio, right: Ratio): boolean => left.compare(right) === 0;

describe('an exact ratio', () => {
  it('loses nothing in sums, differences, products and quotients, so that no alert or rate is decided by a rounding', () => {
    fc.assert(
      fc.property(ratio, ratio, ratio, (a, b, c) => {
        expect(same(a.plus(b).minus(b), a)).toBe(true);
        expect(same(a.plus(b).times(c), a.times(c).plus(b.times(c)))).toBe(true);
        if (!b.isZero()) expect(same(a.times(b).dividedBy(b), a)).toBe(true);
        expect(same(Ratio.sum([a, b, c]), c.plus(b).plus(a))).toBe(true);
      }),
    );
    const third = Ratio.of(1n, 3n);
    expect(same(Ratio.sum([third, third, third]), Ratio.ONE)).toBe(true);
  });

  it('tells ratios apart that print alike, so that a threshold is reached exactly or not at all', () => {
    const threshold = Ratio.parse('0.10');
    const below = Ratio.of(10n ** 30n - 1n, 10n ** 31n);
    expect(below.toDecimal()).toBe(threshold.toDecimal());
    expect([below.compare(threshold), threshold.compare(below), threshold.compare(Ratio.of(1n, 10n))]).toEqual([-1, 1, 0]);
    expect([below.exceeds(threshold), threshold.exceeds(below), threshold.exceeds(threshold)]).toEqual([false, true, false]);
  });

  it('keeps its value in lowest terms, so that a long calculation stays short and right', () => {
    fc.assert(
      fc.property(ratio, fc.bigInt({ min: 1n, max: 10n ** 12n }), (value, factor) => {
        const reduced = Ratio.of(value.numerator * factor, value.denominator * factor).reduced();
        expect(same(reduced, value)).toBe(true);
        expect(value.denominator % reduced.denominator).toBe(0n);
      }),
    );
    const { numerator, denominator } = Ratio.of(6n, -4n).reduced();
    expect([numerator, denominator]).toEqual([-3n, 2n]);
    expect(Ratio.of(0n, 7n).reduced().denominator).toBe(1n);
  });

  it('refuses a denominator of zero or says null, so that an undefined rate is never shown as 0 %', () => {
    expect(() => Ratio.of(1n, 0n)).toThrow(RangeError);
    expect(() => Ratio.ONE.dividedBy(Ratio.ZERO)).toThrow(RangeError);
    expect([Ratio.ofOrNull(1n, 0n), Ratio.ofOrNull(1n, 4n)?.toRate()]).toEqual([null, '0.25']);
    expect([Ratio.meanOfDefined([]), Ratio.meanOfDefined([null, null])]).toEqual([null, null]);
    expect(Ratio.productOfDefined([Ratio.ONE, null, Ratio.ZERO])).toBeNull();
  });

  it('takes means over what is defined and products over everything, so that a period without sales does not lower a rate', () => {
    expect(Ratio.meanOfDefined([Ratio.of(1n, 2n), null, Ratio.of(1n, 4n)])?.toRate()).toBe('0.375');
    expect(Ratio.productOfDefined([Ratio.of(1n, 2n), Ratio.of(2n, 3n)])?.reduced()).toEqual(Ratio.of(1n, 3n));
    expect([Ratio.sum([]).toRate(), Ratio.productOfDefined([])?.toRate()]).toEqual(['0', '1']);
  });

  it.each<[string, bigint, bigint]>([
    ['0.10', 10n, 100n],
    ['-0.5', -5n, 10n],
    ['12', 12n, 1n],
    ['-0', 0n, 1n],
  ])('reads %s exactly as written, so that a rule fires at the threshold people set', (text, numerator, denominator) => {
    expect(Ratio.parse(text)).toEqual(Ratio.of(numerator, denominator));
  });

  it.each(['', '.5', '5.', '1e3', '+1', '10%', '0,5', ' 1', '1/2'])('refuses %j, so that no rate is guessed at', (text) => {
    expect(() => Ratio.parse(text)).toThrow(RangeError);
  });

  it('rounds a half away from zero, once, so that gains and losses of the same size print alike', () => {
    expect([Ratio.of(1n, 8n).toDecimal(2), Ratio.of(-1n, 8n).toDecimal(2), Ratio.of(-1n, 8n).toUnits(2)]).toEqual(['0.13', '-0.13', -13n]);
    expect([Ratio.of(5n, 2n).shareOf(1n), Ratio.of(-5n, 2n).shareOf(1n), Ratio.of(1n, 3n).shareOf(100n)]).toEqual([3n, -3n, 33n]);
    expect(Ratio.of(2n, 3n).toDecimal()).toBe('0.666666666666666667');
  });

  it('is written with every decimal as a decimal and without trailing zeros as a rate, so that equal rates look equal', () => {
    const half = Ratio.of(1n, 2n);
    expect([half.toDecimal(4), half.toRate(4), Ratio.of(1200n).toRate(), Ratio.of(100n).toRate(0), Ratio.ZERO.toRate()]).toEqual([
      '0.5000',
      '0.5',
      '1200',
      '100',
      '0',
    ]);
    expect([Ratio.of(-1n, 1000n).toRate(2), Ratio.of(-5n, 100n).toDecimal(2), Ratio.of(7n).toDecimal(0)]).toEqual(['0', '-0.05', '7']);
  });
});
