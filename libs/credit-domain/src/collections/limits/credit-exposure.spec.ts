import fc from 'fast-check';
import { localDate } from '../../values';
import { creditExposure, limitUse, translationAt } from './credit-exposure';

const ON = localDate('2026-03-31');
const CNY = (minor: bigint) => ({ minor, currency: 'CNY' });

describe('the use of a credit limit', () => {
  it.each([
    [0n, 100n, 'below-80', 100n],
    [7_999n, 10_000n, 'below-80', 2_001n],
    [8_000n, 10_000n, '80', 2_000n],
    [8_999n, 10_000n, '80', 1_001n],
    [9_000n, 10_000n, '90', 1_000n],
    [9_999n, 10_000n, '90', 1n],
    [10_000n, 10_000n, '100', 0n],
    [10_001n, 10_000n, '100', -1n],
    [1n, 0n, '100', -1n],
    [0n, 0n, 'below-80', 0n],
  ])('of %s on %s is in band %s: a cent below a band is below it', (exposure, limit, band, headroom) => {
    expect(limitUse(exposure, limit)).toMatchObject({ band, headroom });
  });

  it('never gets better by owing more', () => {
    const order = ['below-80', '80', '90', '100'];
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 12n), fc.bigInt(0n, 10n ** 12n), fc.bigInt(0n, 10n ** 12n), (exposure, more, limit) => {
        const rank = (amount: bigint) => order.indexOf(limitUse(amount, limit).band);
        expect(rank(exposure + more)).toBeGreaterThanOrEqual(rank(exposure));
      }),
    );
  });

  it('is of all entities together in the currency of the limit, at the rates of the day', () => {
    const rates = [{ base: 'USD', quote: 'CNY', rate: '7.10', effectiveOn: '2026-03-01' }];
    const owed = [CNY(10_000n), { minor: 1_000n, currency: 'USD' }, CNY(5_000n)];
    expect(creditExposure(CNY(25_000n), owed, translationAt(rates, ON))).toMatchObject({
      ...{ measured: true, exposure: CNY(22_100n), use: { band: '80', headroom: 2_900n } },
    });
  });

  it('names a rate that is missing instead of leaving the money out, which would look like room', () => {
    expect(creditExposure(CNY(25_000n), [{ minor: 1n, currency: 'USD' }], translationAt([], ON))).toMatchObject({
      ...{ measured: false, why: 'fx-rate-missing', from: 'USD', to: 'CNY' },
    });
    expect(creditExposure(null, [CNY(2n), CNY(-2n), { minor: 1n, currency: 'USD' }], translationAt([], ON))).toEqual({
      ...{ measured: false, why: 'no-limit', owed: [{ minor: 1n, currency: 'USD' }] },
    });
  });
});
