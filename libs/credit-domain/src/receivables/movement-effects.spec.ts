import fc from 'fast-check';
import type { ReceivableBalance } from '.';
import { MOVEMENT_EFFECTS, MOVEMENT_TYPES, applyMovement, collectionSign, creditFrom, decideMovement, openReceivable } from '.';
import { localDate } from '../values/local-date';

const ON = localDate('2024-06-30');

/** Receivables of 100: open, part written off, written off and recovered, over-paid. */
function standings(): ReceivableBalance[] {
  const open = openReceivable(localDate('2024-01-31'), 100n);
  const after = (from: ReceivableBalance, type: 'payment' | 'write_off', amount: bigint): ReceivableBalance => {
    const decided = decideMovement(from, { type, amount, effectiveOn: ON });
    if (!decided.ok) throw new Error(decided.refused.detail);
    return applyMovement(from, { type, effectiveOn: ON, ...decided.effect });
  };
  const partWrittenOff = after(open, 'write_off', 40n);
  return [open, partWrittenOff, after(after(partWrittenOff, 'write_off', 60n), 'payment', 30n), after(open, 'payment', 130n)];
}

describe('what movements mean', () => {
  it.each(MOVEMENT_TYPES.filter((type) => type !== 'reclassify'))(
    'says of a %s what deciding it does to gross, or legs and journal would book what never happened',
    (type) => {
      const { gross } = MOVEMENT_EFFECTS[type];
      const credit = creditFrom([{ effectiveOn: ON, credit: 200n }]);
      fc.assert(
        fc.property(fc.constantFrom(...standings()), fc.bigInt({ min: 0n, max: 150n }), (receivable, amount) => {
          const decided = decideMovement(receivable, { type, amount, effectiveOn: ON, reason: 'price' }, credit);
          if (!decided.ok) return;
          const change = decided.effect.gross;
          expect(change === 0n || gross === 'signed' || (change < 0n ? gross === 'lowers' : gross === 'raises')).toBe(true);
        }),
      );
    },
  );

  it('utilises the allowance in a write-off alone, and leaves it in peace in a recovery, or losses would be booked twice', () => {
    expect(MOVEMENT_TYPES.filter((type) => MOVEMENT_EFFECTS[type].allowance === 'utilised')).toEqual(['write_off']);
    expect(MOVEMENT_TYPES.filter((type) => MOVEMENT_EFFECTS[type].cause === null)).toEqual(['recovery']);
    expect(MOVEMENT_EFFECTS.recovery).toMatchObject({ gross: 'none', allowance: 'none', profitOrLoss: 'recovery' });
  });

  it('counts payments and what bounced as collections and nothing else, or a write-off would look like good collecting', () => {
    expect(MOVEMENT_TYPES.filter((type) => collectionSign(type) !== 0)).toEqual(['payment', 'payment_reversal', 'refund']);
    expect(['payment', 'payment_reversal', 'write_off', 'unclassified', 'toString', ''].map(collectionSign)).toEqual([1, -1, 0, 0, 0, 0]);
  });
});
