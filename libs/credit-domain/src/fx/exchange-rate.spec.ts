import fc from 'fast-check';
import type { ExchangeRate, FxRate } from '.';
import { findRate, translate } from '.';
import { Decimal } from '../values/decimal';
import { localDate } from '../values/local-date';
import { roundHalfUp } from '../values/rounding';

const asOf = localDate('2024-12-31');
const rate = (base: string, quote: string, value: string, effectiveOn = '2024-12-31'): FxRate => ({
  base,
  quote,
  rate: value,
  effectiveOn,
});
const found = (rates: FxRate[], from: string, to: string, on = asOf): ExchangeRate => {
  const answer = findRate(rates, from, to, on);
  if (!answer.ok) throw new Error(answer.refused.detail);
  return answer.rate;
};

describe('findRate', () => {
  it('takes the pair itself before its inverse before a detour, so that one book has one translation', () => {
    const detour = [rate('USD', 'EUR', '0.9'), rate('EUR', 'CNY', '7.5')];
    const inverse = rate('CNY', 'USD', '0.2');
    const direct = rate('USD', 'CNY', '7');
    expect(translate(100n, found([...detour, inverse, direct], 'USD', 'CNY'))).toBe(700n);
    expect(translate(100n, found([...detour, inverse], 'USD', 'CNY'))).toBe(500n);
    expect(translate(100n, found(detour, 'USD', 'CNY'))).toBe(675n);
  });

  it('goes through the alphabetically first currency whatever the order of the rates, so that a rerun gives the same figure', () => {
    const rates = [rate('USD', 'HKD', '7.8'), rate('HKD', 'CNY', '1'), rate('EUR', 'USD', '2'), rate('CNY', 'EUR', '0.1')];
    expect(found(rates, 'USD', 'CNY').path).toEqual(['USD', 'EUR', 'CNY']);
    expect(found([...rates].reverse(), 'USD', 'CNY')).toEqual(found(rates, 'USD', 'CNY'));
    expect(translate(100n, found(rates, 'USD', 'CNY'))).toBe(500n);
  });

  it('goes through one currency only, because a chain of guesses is not a closing rate', () => {
    expect(findRate([rate('USD', 'EUR', '1'), rate('EUR', 'HKD', '1'), rate('HKD', 'CNY', '1')], 'USD', 'CNY', asOf).ok).toBe(false);
  });

  it('uses the latest rate not after the date, so that next month’s rate never reaches this close', () => {
    const rates = [rate('USD', 'CNY', '8', '2025-01-01'), rate('USD', 'CNY', '7', '2024-12-31'), rate('USD', 'CNY', '6', '2024-12-30')];
    expect(translate(1n, found(rates, 'USD', 'CNY'))).toBe(7n);
    expect(translate(1n, found([rate('USD', 'CNY', '6'), rate('USD', 'CNY', '9')], 'USD', 'CNY'))).toBe(9n);
  });

  it('refuses a missing rate by its pair and date, so that nothing is left out in silence', () => {
    expect(findRate([rate('USD', 'CNY', '7', '2025-01-01')], 'USD', 'CNY', asOf)).toEqual({
      ok: false,
      refused: { code: 'fx-rate-missing', detail: 'no exchange rate from USD to CNY on 2024-12-31', field: 'currency' },
    });
  });

  it('throws on a rate that is not a positive decimal, which no import lets in', () => {
    expect(() => found([rate('USD', 'CNY', '0')], 'USD', 'CNY')).toThrow(RangeError);
    expect(() => found([rate('USD', 'CNY', '7,1')], 'USD', 'CNY')).toThrow(RangeError);
  });

  it('needs no rate for the same currency', () => {
    expect(translate(-12345n, found([], 'CNY', 'CNY'))).toBe(-12345n);
    expect(found([], 'CNY', 'CNY').path).toEqual(['CNY']);
  });
});

describe('translate', () => {
  it.each<[bigint, string, string, string, bigint]>([
    [100_00n, 'USD', 'CNY', '7.2993', 729_93n],
    [1000n, 'JPY', 'CNY', '0.046233', 46_23n],
    [46_23n, 'CNY', 'JPY', '21.6296', 1000n],
    [1_000n, 'KWD', 'CNY', '23.6', 23_60n],
    [1n, 'CNY', 'USD', '0.5', 1n],
    [-1n, 'CNY', 'USD', '0.5', -1n],
    [1n, 'CNY', 'USD', '0.4999999999', 0n],
  ])('%d minor units of %s are in %s at %s: %d, decimals of both currencies counted, half up', (minor, from, to, value, expected) => {
    expect(translate(minor, found([rate(from, to, value)], from, to))).toBe(expected);
  });

  it('is exact by an inverse and by a detour before its one rounding, so that large books do not drift', () => {
    const positive = fc.integer({ min: 1, max: 10 ** 9 }).map((scaled) => new Decimal(scaled).div(1_000_000).toFixed());
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), positive, positive, (minor, first, second) => {
        const rates = [rate('EUR', 'USD', first), rate('EUR', 'CNY', second)];
        const expected = new Decimal(minor.toString()).times(second).div(first);
        expect(translate(minor, found(rates, 'USD', 'CNY'))).toBe(roundHalfUp(expected));
      }),
    );
  });
});
