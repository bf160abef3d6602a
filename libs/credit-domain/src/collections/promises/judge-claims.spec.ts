import * as fc from 'fast-check';
import { addDays, localDate } from '../../values';
import { cashPieces, type CashMovement } from './cash-pieces';
import { judgeClaims, type Claim } from './judge-claims';

const DAY = localDate('2026-03-01');
const day = (n: number) => addDays(DAY, n);

let position = 0n;
const movement = (stated: Partial<CashMovement>): CashMovement => {
  position += 1n;
  return {
    movementId: `m${String(position)}`,
    position,
    type: 'payment',
    effectiveOn: DAY,
    receivableId: 'A',
    entityId: 'main',
    currency: 'CNY',
    gross: 0n,
    credit: 0n,
    recovered: 0n,
    ...stated,
  };
};
const claim = (stated: Partial<Claim>): Claim => ({
  ...{ id: 'c', madeOn: DAY, order: 1n, dueOn: day(10), graceDays: 0, amount: 100n, currency: 'CNY', receivableIds: null },
  ...stated,
});
const judge = (claims: readonly Claim[], movements: readonly CashMovement[], on: number) =>
  judgeClaims(claims, cashPieces(movements, day(on)), day(on));

describe('a promise judged from cash', () => {
  const cases: readonly [
    name: string,
    claim: Partial<Claim>,
    movements: Partial<CashMovement>[],
    on: number,
    outcome: string | null,
    paid: bigint,
  ][] = [
    ['is open while its day is not over', {}, [], 10, null, 0n],
    ['is broken the day after', {}, [], 11, 'broken', 0n],
    ['is not broken within its grace', { graceDays: 2 }, [], 12, null, 0n],
    ['is kept at once by the whole amount', {}, [{ effectiveOn: day(1), gross: -100n }], 1, 'kept', 100n],
    ['is kept in part by less', {}, [{ effectiveOn: day(1), gross: -40n }], 11, 'part-kept', 40n],
    ['is not kept by a payment before it was made', {}, [{ effectiveOn: day(-1), gross: -100n }], 11, 'broken', 0n],
    ['is not kept by a payment after its day', {}, [{ effectiveOn: day(11), gross: -100n }], 12, 'broken', 0n],
    ['is not kept by a payment in another currency', {}, [{ effectiveOn: day(1), gross: -100n, currency: 'USD' }], 11, 'broken', 0n],
    [
      'for named items is not kept by payments on others',
      { receivableIds: ['B'] },
      [{ effectiveOn: day(1), gross: -100n }],
      11,
      'broken',
      0n,
    ],
    ['is not kept by a credit note', {}, [{ effectiveOn: day(1), gross: -100n, type: 'credit_note' }], 11, 'broken', 0n],
    ['is not kept by a write-off', {}, [{ effectiveOn: day(1), gross: -100n, type: 'write_off' }], 11, 'broken', 0n],
    ['is kept by money on what was written off', {}, [{ effectiveOn: day(1), recovered: 100n }], 2, 'kept', 100n],
    ['for the account is kept by cash on account', {}, [{ effectiveOn: day(1), receivableId: null, credit: 100n }], 2, 'kept', 100n],
    [
      'for named items is kept by cash on account that was put onto them, by the day it was paid',
      { receivableIds: ['A'], dueOn: day(3) },
      [
        { effectiveOn: day(2), receivableId: null, credit: 100n },
        { effectiveOn: day(8), type: 'allocation', gross: -100n, credit: -100n },
      ],
      9,
      'kept',
      100n,
    ],
    [
      'for named items is not kept by a credit note on account that was put onto them',
      { receivableIds: ['A'] },
      [
        { effectiveOn: day(1), receivableId: null, credit: 100n, type: 'credit_note' },
        { effectiveOn: day(2), type: 'allocation', gross: -100n, credit: -100n },
      ],
      11,
      'broken',
      0n,
    ],
    [
      'is broken after all by a cheque that bounces later',
      {},
      [
        { effectiveOn: day(1), gross: -100n },
        { effectiveOn: day(20), gross: 100n, type: 'payment_reversal' },
      ],
      20,
      'broken',
      0n,
    ],
    [
      'is not kept by a settlement nobody has classified',
      {},
      [{ effectiveOn: day(1), gross: -100n, type: 'unclassified' }],
      11,
      'broken',
      0n,
    ],
  ];
  it.each(cases)('%s', (_name, stated, movements, on, outcome, paid) => {
    expect(judge([claim(stated)], movements.map(movement), on)).toMatchObject([{ outcome, paid }]);
  });

  it('says what an unclassified settlement might have paid, so that no rate takes the promise for broken', () => {
    const settled = movement({ effectiveOn: day(1), gross: -70n, type: 'unclassified' });
    expect(judge([claim({})], [settled], 11)).toMatchObject([{ outcome: 'broken', unclassified: 70n }]);
  });

  it('holds from the payment that made it whole, and from the day after when it is broken', () => {
    const paid = [movement({ effectiveOn: day(2), gross: -60n }), movement({ effectiveOn: day(5), gross: -60n })];
    expect(judge([claim({})], paid, 8)).toMatchObject([{ outcome: 'kept', effectiveOn: day(5) }]);
    expect(judge([claim({})], [], 30)).toMatchObject([{ outcome: 'broken', effectiveOn: day(11) }]);
  });

  it('serves the oldest first, and takes what no other promise names before what one does', () => {
    const older = claim({ id: 'account', order: 1n });
    const newer = claim({ id: 'named', order: 2n, receivableIds: ['A'] });
    const onA = movement({ effectiveOn: day(1), gross: -100n });
    const onB = movement({ effectiveOn: day(2), gross: -100n, receivableId: 'B' });
    const both = judge([newer, older], [onB, onA], 3);
    expect(both.map(({ claimId, outcome }) => [claimId, outcome])).toEqual([
      ['account', 'kept'],
      ['named', 'kept'],
    ]);
    expect(judge([newer, older], [onA], 11).map(({ outcome }) => outcome)).toEqual(['kept', 'broken']);
  });
});

describe('promises of any debtor', () => {
  const item = fc.constantFrom('A', 'B', 'C');
  const amount = fc.bigInt(1n, 200n);
  const on = fc.integer({ min: 0, max: 30 }).map(day);
  const cash = fc.oneof(
    fc.record({ effectiveOn: on, receivableId: item, gross: amount.map((minor) => -minor) }),
    fc.record({ effectiveOn: on, receivableId: fc.constant(null), credit: amount }),
    fc.record({ type: fc.constant('payment_reversal' as const), effectiveOn: on, receivableId: item, gross: amount }),
    fc
      .record({ type: fc.constant('allocation' as const), effectiveOn: on, receivableId: item, of: amount })
      .map(({ of, ...rest }) => ({ ...rest, gross: -of, credit: -of })),
  );
  const promised = fc.record({
    madeOn: on,
    dueOn: on,
    graceDays: fc.integer({ min: 0, max: 3 }),
    amount,
    order: fc.bigInt(1n, 5n),
    receivableIds: fc.option(fc.uniqueArray(item, { minLength: 1 }), { nil: null }),
  });
  const book = fc
    .record({ claims: fc.array(promised, { maxLength: 8 }), movements: fc.array(cash, { maxLength: 15 }) })
    .map((generated) => ({
      claims: generated.claims.map((stated, index) => claim({ ...stated, id: `c${String(index)}` })),
      movements: generated.movements.map((stated) => movement(stated)),
    }));

  it('count each payment once, and never for more than was paid', () => {
    fc.assert(
      fc.property(book, ({ claims, movements }) => {
        const counted = new Map<string, bigint>();
        for (const judgement of judge(claims, movements, 40)) {
          expect(judgement.counted.reduce((sum, part) => sum + part.amount, 0n)).toBe(judgement.paid);
          for (const part of judgement.counted) counted.set(part.movementId, (counted.get(part.movementId) ?? 0n) + part.amount);
        }
        for (const [movementId, sum] of counted) {
          const paid = movements.find((candidate) => candidate.movementId === movementId);
          expect(sum <= (paid?.credit ?? 0n) - (paid?.gross ?? 0n)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('come out the same in whatever order claims and payments are read', () => {
    fc.assert(
      fc.property(book, fc.integer(), ({ claims, movements }, seed) => {
        const shuffled = <Item>(items: readonly Item[]): Item[] =>
          items
            .map((one, index) => ({ one, key: Math.imul(seed ^ (index + 1), 2_654_435_761) }))
            .sort((a, b) => a.key - b.key)
            .map(({ one }) => one);
        expect(judge(shuffled(claims), shuffled(movements), 40)).toEqual(judge(claims, movements, 40));
      }),
      { numRuns: 300 },
    );
  });
});
