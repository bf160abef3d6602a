import fc from 'fast-check';
import { CURRENCIES, currencyExponent, isCurrency } from './currency';
import { AMOUNT_MINOR_MAX, formatAmount, parseAmount } from './money';

describe('currencies', () => {
  it('refuses codes that are no currency, so that an item is never carried in money that does not exist', () => {
    expect(['RMB', 'XYZ', 'cny', '', 'XAU', 'XXX', 'XTS', 'US'].map(isCurrency)).toEqual(Array(8).fill(false));
    expect(() => currencyExponent('RMB')).toThrow(RangeError);
  });

  it.each<[string, number]>([
    ['CNY', 2],
    ['USD', 2],
    ['JPY', 0],
    ['KRW', 0],
    ['VND', 0],
    ['KWD', 3],
    ['TND', 3],
    ['CLF', 4],
    ['UYW', 4],
    ['HUF', 2],
    ['MGA', 2],
    ['ZWG', 2],
    ['XCG', 2],
  ])('%s has %d decimals, so that its amounts are not off by powers of ten', (code, exponent) => {
    expect(isCurrency(code)).toBe(true);
    expect(currencyExponent(code)).toBe(exponent);
  });

  it('lists each code once, in capitals of three, sorted', () => {
    expect(CURRENCIES.every((code) => /^[A-Z]{3}$/.test(code))).toBe(true);
    expect([...new Set(CURRENCIES)].sort()).toEqual(CURRENCIES);
    expect(CURRENCIES.length).toBe(166);
  });
});

describe('parseAmount', () => {
  it.each<[string, string, bigint]>([
    ['1234.50', 'CNY', 123450n],
    ['1234.5', 'CNY', 123450n],
    ['1234', 'CNY', 123400n],
    ['0', 'CNY', 0n],
    ['-0.01', 'CNY', -1n],
    ['-0', 'CNY', 0n],
    ['007', 'CNY', 700n],
    ['100', 'JPY', 100n],
    ['1.234', 'KWD', 1234n],
    ['0.0001', 'CLF', 1n],
    ['100000000000000.00', 'CNY', AMOUNT_MINOR_MAX],
    ['-100000000000000.00', 'CNY', -AMOUNT_MINOR_MAX],
  ])('reads %s %s exactly, so that nothing is lost on entry', (text, currency, minor) => {
    expect(parseAmount(text, currency)).toEqual({ ok: true, minor });
  });

  it.each<[string, string, string]>([
    ['1,234.50', 'CNY', 'amount-format'],
    ['1.234,50', 'CNY', 'amount-format'],
    ['12,5', 'CNY', 'amount-format'],
    ['1 234', 'CNY', 'amount-format'],
    [' 12', 'CNY', 'amount-format'],
    ['12 ', 'CNY', 'amount-format'],
    ['12\n', 'CNY', 'amount-format'],
    ['1e3', 'CNY', 'amount-format'],
    ['+12', 'CNY', 'amount-format'],
    ['--12', 'CNY', 'amount-format'],
    ['12-', 'CNY', 'amount-format'],
    ['(12)', 'CNY', 'amount-format'],
    ['.5', 'CNY', 'amount-format'],
    ['5.', 'CNY', 'amount-format'],
    ['', 'CNY', 'amount-format'],
    ['¥12', 'CNY', 'amount-format'],
    ['１２', 'CNY', 'amount-format'],
    ['NaN', 'CNY', 'amount-format'],
    ['0x10', 'CNY', 'amount-format'],
    ['1'.repeat(41), 'CNY', 'amount-format'],
    ['1.234', 'CNY', 'amount-decimals'],
    ['1.230', 'CNY', 'amount-decimals'],
    ['1.0', 'JPY', 'amount-decimals'],
    ['100000000000000.01', 'CNY', 'amount-too-large'],
    ['-100000000000000.01', 'CNY', 'amount-too-large'],
    ['1'.repeat(40), 'CNY', 'amount-too-large'],
  ])('refuses %j %s as %s instead of guessing what was meant', (text, currency, code) => {
    expect(parseAmount(text, currency)).toEqual({ ok: false, code });
  });

  it('reads back what it wrote in every currency, so that a book can be exported and taken on again', () => {
    fc.assert(
      fc.property(fc.constantFrom(...CURRENCIES), fc.bigInt({ min: -AMOUNT_MINOR_MAX, max: AMOUNT_MINOR_MAX }), (currency, minor) => {
        expect(parseAmount(formatAmount(minor, currency), currency)).toEqual({ ok: true, minor });
      }),
    );
  });

  it.each<[bigint, string, string]>([
    [123450n, 'CNY', '1234.50'],
    [-5n, 'CNY', '-0.05'],
    [0n, 'CNY', '0.00'],
    [7n, 'JPY', '7'],
    [1n, 'CLF', '0.0001'],
  ])('writes %d minor units of %s as %s, every decimal shown', (minor, currency, text) => {
    expect(formatAmount(minor, currency)).toBe(text);
  });
});
