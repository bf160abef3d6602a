import fc from 'fast-check';
import { Ratio } from '../values/ratio';
import type { FigureUnit } from './evaluation';
import { FIGURE_UNITS, figureBridge } from './evaluation';
import { printedBridge } from './printed-bridge';
import { unitsThatAddUp } from './wording';

const bridgeOf = (unit: FigureUnit, currency: string | null, opening: Ratio, amounts: readonly Ratio[]) =>
  figureBridge({
    subject: 'anything',
    unit,
    currency,
    opening,
    legs: amounts.map((amount, index) => ({ cause: `cause ${String(index)}`, amount })),
    closing: Ratio.sum([opening, ...amounts]),
  });
const unitsOf = (text: string): bigint => BigInt(text.replace(/[^\d-]/g, ''));
const ratio = fc
  .tuple(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), fc.bigInt({ min: 1n, max: 10n ** 6n }))
  .map(([n, d]) => Ratio.of(n, d));

describe('a bridge as it is printed', () => {
  it.each(FIGURE_UNITS)('adds up for a reader in %s, for any figures and any number of legs', (unit) => {
    fc.assert(
      fc.property(ratio, fc.array(ratio, { maxLength: 12 }), fc.constantFrom('CNY', 'JPY', 'KWD'), (opening, amounts, currency) => {
        const printed = printedBridge(bridgeOf(unit, unit === 'minor-units' ? currency : null, opening, amounts));
        const reached = printed.legs.reduce((sum, { amount }) => sum + unitsOf(amount), unitsOf(printed.opening));
        expect(reached).toBe(unitsOf(printed.closing));
      }),
      { numRuns: 300 },
    );
  });

  it('puts no leg off by more than two of its last digits, however many share the roundings', () => {
    fc.assert(
      fc.property(fc.array(ratio, { minLength: 1, maxLength: 30 }), (parts) => {
        const total = Ratio.sum(parts);
        const units = unitsThatAddUp(parts, total.toUnits(2), 2);
        parts.forEach((part, index) => {
          const off = Ratio.of(units[index] ?? 0n, 100n)
            .minus(part)
            .absolute();
          expect(off.compare(Ratio.of(2n, 100n))).toBe(-1);
        });
      }),
    );
  });

  it('shows decimals of money throughout or nowhere, and no leg that is exactly nothing', () => {
    const whole = printedBridge(bridgeOf('minor-units', 'CNY', Ratio.of(100_00n), [Ratio.of(-40_00n), Ratio.ZERO]));
    expect([whole.opening, ...whole.legs.map(({ amount }) => amount), whole.closing]).toEqual(['CNY 100', '-40', 'CNY 60']);
    const mixed = printedBridge(bridgeOf('minor-units', 'CNY', Ratio.of(100_00n), [Ratio.of(1234_50n)]));
    expect([mixed.opening, ...mixed.legs.map(({ amount }) => amount), mixed.closing]).toEqual(['CNY 100.00', '+1,234.50', 'CNY 1,334.50']);
  });
});
