import fc from 'fast-check';
import type { CreditStep, Movement, MovementStep, ReceivableBalance } from '.';
import { MOVEMENT_TYPES, applyMovement, creditFrom, decideMovement, decideUnallocated, openReceivable, receivableFrom } from '.';
import { addDays, localDate } from '../values/local-date';

const recognisedOn = localDate('2024-01-31');
const movements = fc.array(
  fc.record({
    type: fc.constantFrom(...MOVEMENT_TYPES),
    amount: fc.bigInt({ min: -60n, max: 120n }),
    effectiveOn: fc.integer({ min: -1, max: 12 }).map((days) => addDays(recognisedOn, days)),
    reason: fc.constantFrom(null, 'price'),
    allocated: fc.boolean(),
  }),
  { maxLength: 25, size: 'max' },
);

/** What the amount of the movement means for money owed: payments and the like lower it. */
const signedAmount = ({ type, amount }: Movement): bigint =>
  type === 'allocation' ? 0n : ['payment_reversal', 'refund', 'adjustment'].includes(type) ? amount : -amount;

interface Book {
  receivable: ReceivableBalance;
  steps: MovementStep[];
  credits: CreditStep[];
  accepted: number;
}

function record(book: Book, each: Movement & { readonly allocated: boolean }): void {
  const credit = creditFrom(book.credits);
  const decided = each.allocated ? decideMovement(book.receivable, each, credit) : decideUnallocated(credit, each);
  if (!decided.ok) return;
  const { gross, credit: creditChange, recovered } = decided.effect;
  expect(gross - creditChange - recovered).toBe(signedAmount(each));
  expect(recovered >= 0n || ['payment_reversal', 'refund'].includes(each.type)).toBe(true);
  book.accepted++;
  book.credits.push({ effectiveOn: each.effectiveOn, credit: creditChange });
  if (!each.allocated) return;
  const step = { type: each.type, effectiveOn: each.effectiveOn, ...decided.effect };
  book.steps.push(step);
  book.receivable = applyMovement(book.receivable, step);
}

function withoutSteps({ steps: _steps, ...balance }: ReceivableBalance): ReceivableBalance {
  return balance;
}

describe('any history of one debtor', () => {
  it('never owes less than nothing, holds negative credit, gives back more than it recovered or recovers more than was written off, on any business date', () => {
    let accepted = 0;
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 150n }), movements, (amount, history) => {
        const book: Book = { receivable: openReceivable(recognisedOn, amount), steps: [], credits: [], accepted: 0 };
        for (const each of history) {
          record(book, each);
          for (let days = 0; days <= 12; days++) {
            const asOf = addDays(recognisedOn, days);
            const { outstanding, writtenOff, ownCredit, recovered } = receivableFrom(
              recognisedOn,
              amount,
              book.steps.filter((step) => step.effectiveOn <= asOf),
            );
            const { credit } = creditFrom(book.credits.filter((step) => step.effectiveOn <= asOf));
            expect([outstanding, writtenOff, ownCredit, recovered, credit].every((standing) => standing >= 0n)).toBe(true);
          }
        }
        expect(book.receivable).toEqual(receivableFrom(recognisedOn, amount, book.steps));
        accepted += book.accepted;
      }),
      { numRuns: 400 },
    );
    expect(accepted).toBeGreaterThan(1000);
  });

  it('decides a fact that is not back-dated from the balance alone as it would from the whole history', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 150n }), movements, (amount, history) => {
        const book: Book = { receivable: openReceivable(recognisedOn, amount), steps: [], credits: [], accepted: 0 };
        for (const each of history.filter(({ allocated }) => allocated)) record(book, each);
        const balance = withoutSteps(book.receivable);
        for (const type of MOVEMENT_TYPES) {
          const next: Movement = { type, amount: 37n, effectiveOn: balance.lastEffectiveOn, reason: 'price' };
          expect(decideMovement(balance, next)).toEqual(decideMovement(book.receivable, next));
        }
      }),
      { numRuns: 200 },
    );
  });
});
