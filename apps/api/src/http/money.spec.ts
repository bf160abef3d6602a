import { CURRENCIES, currencyExponent } from '@app/credit-domain';
import fc from 'fast-check';
import { money, moneyInput } from './money';

describe('money on the wire', () => {
  it('comes back as it was sent, in every currency and to the last minor unit', () => {
    fc.assert(
      fc.property(fc.constantFrom(...CURRENCIES), fc.bigInt({ min: -(10n ** 16n), max: 10n ** 16n }), (currency, minor) => {
        expect(moneyInput.parse(money(minor, currency))).toEqual({ minor, currency });
        expect(money(minor, currency).amount.split('.')[1]?.length ?? 0).toBe(currencyExponent(currency));
      }),
    );
  });

  it.each([
    ['a number', 12.5, 'CNY'],
    ['thousands separators', '1,234.50', 'CNY'],
    ['an exponent', '1e3', 'CNY'],
    ['more decimals than the currency has', '1.5', 'JPY'],
    ['spaces', ' 1', 'CNY'],
    ['no currency', '1', 'ABC'],
  ])('refuses %s', (_what, amount, currency) => {
    expect(moneyInput.safeParse({ amount, currency }).success).toBe(false);
  });

  it('points at the amount when the amount is at fault', () => {
    expect(moneyInput.safeParse({ amount: '1.5', currency: 'JPY' }).error?.issues[0]?.path).toEqual(['amount']);
  });
});
