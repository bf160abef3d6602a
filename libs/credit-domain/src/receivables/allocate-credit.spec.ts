import fc from 'fast-check';
import { addDays, localDate } from '../values/local-date';
import type { AllocationTarget } from './allocate-credit';
import { allocateAsStated, allocateOldestFirst } from './allocate-credit';
import type { CreditStep, MovementStep } from './balances';
import { creditFrom, receivableFrom } from './balances';
import { outstandingOn } from './decide-open-item';

const target = (receivableId: string, amount: bigint, recognisedOn = '2024-01-31', invoicedOn = recognisedOn): AllocationTarget => ({
  receivableId,
  invoicedOn: localDate(invoicedOn),
  balance: receivableFrom(localDate(recognisedOn), amount, []),
});
const credit = (...steps: readonly [bigint, string][]) =>
  creditFrom(steps.map(([amount, on]): CreditStep => ({ credit: amount, effectiveOn: localDate(on) })));
const on = localDate('2024-06-30');
const summary = (decided: ReturnType<typeof allocateOldestFirst>): string =>
  decided.ok ? decided.parts.map((part) => `${part.target.receivableId} ${String(part.amount)}`).join(', ') : decided.refused.code;

describe('putting unapplied credit onto receivables', () => {
  const targets = [
    target('C', 50n, '2024-02-29'),
    target('B', 50n, '2024-01-31', '2024-03-01'),
    target('Z', 50n, '2024-01-31', '2024-02-01'),
    target('A', 50n, '2024-01-31', '2024-03-01'),
  ];

  it('takes the oldest first by recognition, then invoice date, then id, or two people would allocate differently', () => {
    expect(summary(allocateOldestFirst(credit([170n, '2024-05-31']), targets, on))).toBe('Z 50, A 50, B 50, C 20');
  });

  it.each([
    ['an amount of the credit', credit([100n, '2024-05-31']), 60n, 'Z 50, A 10'],
    ['more than the credit holds', credit([100n, '2024-05-31']), 101n, 'exceeds-credit-balance'],
    ['more than is owed', credit([999n, '2024-05-31']), 201n, 'exceeds-outstanding'],
    ['credit that came later', credit([100n, '2024-07-01']), undefined, 'nothing-to-allocate'],
    ['credit that was paid back later', credit([100n, '2024-05-31'], [-70n, '2024-08-31']), undefined, 'Z 30'],
    ['no credit at all', credit(), undefined, 'nothing-to-allocate'],
  ])('of %s never goes beyond credit or debt on any later date', (_name, held, amount, expected) => {
    expect(summary(allocateOldestFirst(held, targets, on, amount))).toBe(expected);
  });

  it('puts stated amounts where they are stated, and names the one that does not fit', () => {
    const [first, second] = [target('A', 50n), target('B', 50n)];
    const stated = (...amounts: readonly [bigint, bigint]) =>
      allocateAsStated(
        credit([60n, '2024-05-31']),
        [
          { target: first, amount: amounts[0] },
          { target: second, amount: amounts[1] },
        ],
        on,
      );
    expect(stated(20n, 40n)).toMatchObject({ ok: true });
    expect(stated(20n, 41n)).toMatchObject({ ok: false, index: 1, refused: { code: 'exceeds-credit-balance' } });
    expect(stated(51n, 1n)).toMatchObject({ ok: false, index: 0, refused: { code: 'exceeds-outstanding' } });
  });

  it('leaves neither credit nor debt below zero on any date, and never moves more than there is', () => {
    const recognisedOn = localDate('2024-01-01');
    const dated = fc.array(fc.tuple(fc.bigInt({ min: 1n, max: 60n }), fc.integer({ min: 0, max: 40 })), { maxLength: 5 });
    fc.assert(
      fc.property(dated, fc.array(dated, { maxLength: 4 }), fc.integer({ min: 0, max: 40 }), (credits, paid, day) => {
        const steps = credits.map(([amount, days], index): CreditStep => ({
          ...{ effectiveOn: addDays(recognisedOn, days), credit: index === 1 ? -1n : amount },
        }));
        const held = creditFrom([{ effectiveOn: recognisedOn, credit: 1n }, ...steps]);
        const book = paid.map((payments, index) => {
          const history = payments.map(([, days]): MovementStep => ({
            ...{ type: 'payment', effectiveOn: addDays(recognisedOn, days), gross: -10n, credit: 0n, recovered: 0n },
          }));
          return { receivableId: String(index), invoicedOn: recognisedOn, balance: receivableFrom(recognisedOn, 60n, history) };
        });
        const effectiveOn = addDays(recognisedOn, day);
        const decided = allocateOldestFirst(held, book, effectiveOn);
        if (!decided.ok) return;
        const moved = decided.parts.reduce((sum, part) => sum + part.amount, 0n);
        for (let later = day; later <= 40; later++) {
          const date = addDays(recognisedOn, later);
          const known = held.steps?.reduce((sum, step) => (step.effectiveOn <= date ? sum + step.credit : sum), 0n) ?? 0n;
          expect(known - moved >= 0n).toBe(true);
          for (const part of decided.parts) expect(outstandingOn(part.target.balance, date) - part.amount >= 0n).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});
