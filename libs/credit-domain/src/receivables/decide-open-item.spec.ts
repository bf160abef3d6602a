import fc from 'fast-check';
import { addDays, localDate } from '../values/local-date';
import type { MovementStep } from './balances';
import { applyMovement, receivableFrom } from './balances';
import { decideMovement } from './decide-movement';
import { decideOpenItem, decideVanishedItem, outstandingOn } from './decide-open-item';

const recognisedOn = localDate('2024-01-01');
const paid = (amount: bigint, on: string): MovementStep => ({
  ...{ type: 'payment', effectiveOn: localDate(on) },
  ...{ gross: -amount, credit: 0n, recovered: 0n },
});
const halfPaid = receivableFrom(recognisedOn, 100n, [paid(50n, '2024-03-31')]);

const summary = (owed: bigint, asOf: string, receivable = halfPaid): string => {
  const decided = decideOpenItem(receivable, owed, localDate(asOf));
  if (!decided.ok) return decided.refused.code;
  return decided.change === null ? 'nothing' : `${decided.change.movement.type} ${String(decided.change.effect.gross)}`;
};

describe('a list of open items', () => {
  it.each([
    ['says what the book says', 50n, '2024-04-30', 'nothing'],
    ['was drawn up before the last payment', 100n, '2024-02-29', 'nothing'],
    ['says less: money is missing that came from somewhere', 20n, '2024-04-30', 'unclassified -30'],
    ['says nothing is left', 0n, '2024-04-30', 'unclassified -50'],
    ['says more: the book is raised with a reason', 80n, '2024-04-30', 'adjustment 30'],
    ['leaves less than a later payment took: nobody can have paid it', 40n, '2024-02-29', 'exceeds-outstanding'],
    ['says more on an earlier date', 120n, '2024-02-29', 'adjustment 20'],
    ['says something is open before it was recognised', 10n, '2023-12-31', 'before-recognition'],
    ['says nothing is open before it was recognised', 0n, '2023-12-31', 'nothing'],
  ])('that %s changes the book by just the difference', (_name, owed, asOf, expected) => {
    expect(summary(owed, asOf)).toBe(expected);
  });

  it.each([
    ['settles what was open', '2024-04-30', -50n],
    ['settles what a later payment left, never below zero', '2024-02-29', -50n],
    ['settles nothing of what was not yet there', '2023-12-31', undefined],
  ])('that no longer names an item %s', (_name, asOf, gross) => {
    expect(decideVanishedItem(halfPaid, localDate(asOf))?.effect.gross).toBe(gross);
  });

  it('sent again changes nothing, whatever happened to the item before and after its date', () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.bigInt({ min: 1n, max: 80n })), { maxLength: 8 });
    fc.assert(
      fc.property(steps, fc.integer({ min: 0, max: 60 }), fc.bigInt({ min: 0n, max: 150n }), (payments, day, owed) => {
        let receivable = receivableFrom(recognisedOn, 100n, []);
        for (const [days, amount] of payments) {
          const effectiveOn = addDays(recognisedOn, days);
          const decided = decideMovement(receivable, { type: 'payment', amount, effectiveOn });
          if (decided.ok) receivable = applyMovement(receivable, { type: 'payment', effectiveOn, ...decided.effect });
        }
        const asOf = addDays(recognisedOn, day);
        const decided = decideOpenItem(receivable, owed, asOf);
        if (!decided.ok || decided.change === null) return;
        const { movement, effect } = decided.change;
        const after = applyMovement(receivable, { type: movement.type, effectiveOn: asOf, ...effect });
        expect(outstandingOn(after, asOf)).toBe(owed);
        expect(decideOpenItem(after, owed, asOf)).toEqual({ ok: true, change: null });
        for (let later = 0; later <= 60; later++) expect(outstandingOn(after, addDays(recognisedOn, later)) >= 0n).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
