import fc from 'fast-check';
import { addDays, localDate, type LocalDate } from '../../values';
import { translationAt } from '../limits';
import type { DunningLevel } from './dunning-policy';
import { type LetterFact, dunningRecord } from './dunning-record';
import { decideDunning, type DunningPolicy, type OverdueItem } from './dunning.decider';

const START = localDate('2026-01-01');
const day = (n: number): LocalDate => addDays(START, n);
const nobody = translationAt([], START);

const level = (number: number, daysPastDue: number, waitDays: number): DunningLevel => ({
  ...{ level: number, daysPastDue, waitDays, minimumAmount: null, channel: 'letter', subject: 'Reminder', body: 'Pay', fee: null },
});
const POLICY: DunningPolicy = {
  ...{ policyId: 'p', version: 1, name: 'Three letters' },
  appliesTo: { segments: null, kinds: null, minimumAmount: null },
  levels: [level(1, 5, 0), level(2, 15, 7), level(3, 30, 10)],
};
const item = (receivableId: string, dueOn: LocalDate, more: Partial<OverdueItem> = {}): OverdueItem => ({
  ...{ receivableId, kind: 'trade', currency: 'CNY', outstanding: 100n, dueOn, pausedBy: null, ...more },
});
const sent = (letterId: string, number: number, sentOn: LocalDate, ...receivableIds: string[]): LetterFact => ({
  ...{ letterId, level: number, state: 'sent', sentOn, receivableIds },
});
const decide = (items: readonly OverdueItem[], letters: readonly LetterFact[], asOf: LocalDate, policies = [POLICY]) =>
  decideDunning(policies, { debtorId: 'D', segment: 'S', items, record: dunningRecord(letters) }, asOf, nobody);
const told = (decision: ReturnType<typeof decide>) => ({
  letters: decision.letters.map(({ level: { level: number }, items }) => [number, items.map((line) => line.item.receivableId)]),
  left: decision.notDunned.map(({ receivableId, reason, until }) => [receivableId, reason, until]),
});

describe('what a debtor is sent next', () => {
  it.each([
    ['one day short of the first level', 4, [], [], [['A', 'not-long-past-due', day(5)]]],
    ['on the first day of the first level', 5, [], [[1, ['A']]], []],
    ['the first level again on the same day', 5, [sent('l1', 1, day(5), 'A')], [], [['A', 'not-long-past-due', day(15)]]],
    [
      'the second level, though past due long enough, before the wait is over',
      40,
      [sent('l1', 1, day(35), 'A')],
      [],
      [['A', 'waiting-after-former-level', day(42)]],
    ],
    ['the first level however long past due: none is skipped', 90, [], [[1, ['A']]], []],
    ['nothing after the last level', 90, [sent('l3', 3, day(40), 'A')], [], [['A', 'all-levels-sent', null]]],
    [
      'nothing while a letter has not gone out',
      60,
      [{ letterId: 'l1', level: 1, state: 'issued', sentOn: null, receivableIds: ['A'] }],
      [],
      [['A', 'earlier-letter-unsent', null]],
    ],
    [
      'nothing while a letter has failed and nobody has dealt with it',
      60,
      [{ letterId: 'l1', level: 1, state: 'failed', sentOn: null, receivableIds: ['A'] }],
      [],
      [['A', 'earlier-letter-unsent', null]],
    ],
    [
      'the level again once the letter was withdrawn',
      60,
      [{ letterId: 'l1', level: 1, state: 'withdrawn', sentOn: null, receivableIds: ['A'] }],
      [[1, ['A']]],
      [],
    ],
  ] as const)('is %s', (_name, asOf, letters, expected, left) => {
    expect(told(decide([item('A', day(0))], letters as readonly LetterFact[], day(asOf)))).toEqual({ letters: expected, left });
  });

  it('neither skips a level nor moves a clock when the oldest invoice is paid (killbill#2297)', () => {
    const letters = [sent('l1', 1, day(6), 'OLD'), sent('l2', 2, day(16), 'OLD'), sent('l3', 1, day(18), 'YOUNG')];
    const young = item('YOUNG', day(8));
    const before = decide([item('OLD', day(0)), young], letters, day(24));
    const after = decide([young], letters, day(24));
    expect(told(before).left).toContainEqual(['YOUNG', 'waiting-after-former-level', day(25)]);
    expect(told(after)).toEqual({ letters: [], left: [['YOUNG', 'waiting-after-former-level', day(25)]] });
    expect(told(decide([young], letters, day(25))).letters).toEqual([[2, ['YOUNG']]]);
  });

  it('is one level at a time, the one that has been due longest, and says so of the others', () => {
    const letters = [sent('l1', 1, day(6), 'OLD')];
    expect(told(decide([item('OLD', day(0)), item('NEW', day(11))], letters, day(16)))).toEqual({
      letters: [[2, ['OLD']]],
      left: [['NEW', 'another-level-first', null]],
    });
    expect(told(decide([item('OLD', day(0)), item('NEW', day(8))], letters, day(16))).letters).toEqual([[1, ['NEW']]]);
  });

  it('is a letter for each currency of that level', () => {
    const decision = decide([item('A', day(0)), item('B', day(0), { currency: 'USD' }), item('C', day(1))], [], day(10));
    expect(told(decision).letters).toEqual([
      [1, ['A', 'C']],
      [1, ['B']],
    ]);
    expect(decision.letters.map(({ currency, total }) => [currency, total])).toEqual([
      ['CNY', 200n],
      ['USD', 100n],
    ]);
  });

  it('leaves what is promised, disputed or on hold, by name, and sends the rest', () => {
    const items = [item('A', day(0), { pausedBy: 'promise' }), item('B', day(0), { pausedBy: 'dispute' }), item('C', day(0))];
    expect(told(decide(items, [], day(10)))).toEqual({
      letters: [[1, ['C']]],
      left: [
        ['A', 'promise', null],
        ['B', 'dispute', null],
      ],
    });
  });

  it('holds minimum amounts against the currency they are stated in, and names a missing rate', () => {
    const policy = { ...POLICY, appliesTo: { ...POLICY.appliesTo, minimumAmount: { minor: 150n, currency: 'CNY' } } };
    expect(told(decide([item('A', day(0)), item('B', day(0), { currency: 'USD' })], [], day(10), [policy])).left).toEqual([
      ['A', 'below-minimum', null],
      ['B', 'fx-rate-missing', null],
    ]);
  });

  it('does not let a letter that is too small stand in the way of another level', () => {
    const levels = [{ ...level(1, 5, 0), minimumAmount: { minor: 150n, currency: 'CNY' } }, level(2, 15, 7)];
    const decision = decide([item('A', day(0)), item('B', day(0))], [sent('l', 1, day(6), 'B')], day(20), [{ ...POLICY, levels }]);
    expect(told(decision)).toEqual({ letters: [[2, ['B']]], left: [['A', 'letter-below-minimum', null]] });
  });
});

/** A debtor's life of random days: invoices fall due, are paid and bounce, promises hold back, letters go out late, fail or are withdrawn. */
type Step =
  | { readonly type: 'pay' | 'bounce' | 'pause' | 'resume'; readonly of: number }
  | { readonly type: 'days'; readonly days: number }
  | { readonly type: 'run' | 'send' | 'fail' | 'withdraw' };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ type: fc.constant('days' as const), days: fc.integer({ min: 0, max: 12 }) }) },
  { weight: 6, arbitrary: fc.constant<Step>({ type: 'run' }) },
  { weight: 5, arbitrary: fc.constant<Step>({ type: 'send' }) },
  { weight: 1, arbitrary: fc.constantFrom<Step>({ type: 'fail' }, { type: 'withdraw' }) },
  {
    weight: 3,
    arbitrary: fc.record({ type: fc.constantFrom('pay' as const, 'bounce' as const, 'pause' as const, 'resume' as const), of: fc.nat(4) }),
  },
);

describe('over any life of a debtor', () => {
  it('no level is skipped, none is sent twice, none early, and never two at once', () => {
    const numberOfLetters: number[] = [];
    fc.assert(
      fc.property(fc.array(fc.nat(40), { minLength: 1, maxLength: 5 }), fc.array(step, { minLength: 20, maxLength: 120 }), (due, steps) => {
        const items = due.map((dueDay, index) => ({ id: `R${String(index)}`, dueOn: day(dueDay), isOpen: true, isPaused: false }));
        let letters: LetterFact[] = [];
        let today = 0;
        const history = new Map<string, { level: number; sentOn: LocalDate }[]>();
        const open = () => letters.find(({ state }) => state === 'issued' || state === 'failed');
        const change = (known: LetterFact | undefined, to: Partial<LetterFact>) => {
          if (known !== undefined) letters = letters.map((letter) => (letter === known ? { ...letter, ...to } : letter));
        };
        for (const next of steps) {
          const subject = 'of' in next ? items[next.of % items.length] : undefined;
          if (next.type === 'days') today += next.days;
          if (next.type === 'pay' && subject) subject.isOpen = false;
          if (next.type === 'bounce' && subject) subject.isOpen = true;
          if (next.type === 'pause' && subject) subject.isPaused = true;
          if (next.type === 'resume' && subject) subject.isPaused = false;
          if (next.type === 'fail') change(open(), { state: 'failed' });
          if (next.type === 'withdraw') change(open(), { state: 'withdrawn' });
          if (next.type === 'send') {
            const letter = open();
            change(letter, { state: 'sent', sentOn: day(today) });
            for (const id of letter?.receivableIds ?? []) {
              const past = history.get(id) ?? [];
              // None skipped, none twice: what goes out is always the one after what went out.
              expect(letter?.level).toBe(past.length + 1);
              history.set(id, [...past, { level: letter?.level ?? 0, sentOn: day(today) }]);
            }
          }
          if (next.type !== 'run') continue;
          const overdue = items.filter(({ isOpen, dueOn }) => isOpen && dueOn < day(today));
          const asked = overdue.map(({ id, dueOn, isPaused }) => item(id, dueOn, { pausedBy: isPaused ? 'promise' : null }));
          const decision = decide(asked, letters, day(today));
          expect(new Set(decision.letters.map((letter) => letter.level.level)).size).toBeLessThanOrEqual(1);
          if (open() !== undefined) expect(decision.letters).toEqual([]);
          // Every item is either in a letter or has its reason: nobody is forgotten.
          const accounted = [
            ...decision.letters.flatMap((letter) => letter.items.map((line) => line.item.receivableId)),
            ...decision.notDunned.map((left) => left.receivableId),
          ];
          expect([...accounted].sort()).toEqual(overdue.map(({ id }) => id).sort());
          for (const letter of decision.letters) {
            for (const { item: dunned, daysPastDue } of letter.items) {
              const past = history.get(dunned.receivableId) ?? [];
              expect(letter.level.level).toBe(past.length + 1);
              expect(daysPastDue).toBeGreaterThanOrEqual(letter.level.daysPastDue);
              const former = past.at(-1);
              if (former !== undefined) expect(addDays(former.sentOn, letter.level.waitDays) <= day(today)).toBe(true);
              expect(dunned.pausedBy).toBeNull();
            }
            letters = [
              ...letters,
              {
                letterId: `l${String(letters.length)}`,
                level: letter.level.level,
                state: 'issued',
                sentOn: null,
                receivableIds: letter.items.map((line) => line.item.receivableId),
              },
            ];
          }
          // The same day again sends nothing new, and the order in which facts are told plays no part.
          expect(decide(asked, letters, day(today)).letters).toEqual(
            decision.letters.length > 0 || open() !== undefined ? [] : decision.letters,
          );
          expect(told(decide(asked, [...letters].reverse(), day(today)))).toEqual(told(decide(asked, letters, day(today))));
          expect(told(decide([...asked].reverse(), letters, day(today))).letters).toEqual(told(decide(asked, letters, day(today))).letters);
        }
        numberOfLetters.push(letters.length);
      }),
      { numRuns: 400 },
    );
    // The lives are long enough for what is claimed of them.
    expect(Math.max(...numberOfLetters)).toBeGreaterThan(5);
  });
});
