import fc from 'fast-check';
import { scoreOf, scoreParts, type WorkFacts, worsening } from './score';

const FACTS: WorkFacts = {
  ...{ overdue: 1_000n, daysPastDue: 60, brokenPromises: 0, band: null, contactDueDays: null, openDisputes: 0, segmentTenths: 0 },
};
const score = (more: Partial<WorkFacts>) => scoreOf(scoreParts({ ...FACTS, ...more }, 1_000n));

describe('the score of a worklist', () => {
  it('gives half of the most at the average debtor and at 60 days, and names its parts', () => {
    expect(scoreParts(FACTS, 1_000n)).toEqual([
      { part: 'overdue-amount', tenths: 200 },
      { part: 'days-past-due', tenths: 125 },
    ]);
  });

  it.each([
    ['more money', { overdue: 1_001n * 1_000n }],
    ['more days', { daysPastDue: 90 }],
    ['a broken promise', { brokenPromises: 1 }],
    ['a limit nearly used', { band: '80' as const }],
    ['a contact that is due', { contactDueDays: 0 }],
    ['a segment of weight', { segmentTenths: 30 }],
  ])('puts %s further up', (_name, more) => {
    expect(score(more)).toBeGreaterThan(score({}));
  });

  it('puts a disputed debtor further down, and leaves out an amount nobody can translate', () => {
    expect(score({ openDisputes: 1 })).toBeLessThan(score({}));
    expect(scoreParts({ ...FACTS, overdue: null }, 1_000n).map(({ part }) => part)).toEqual(['days-past-due']);
  });

  it('never ranks a debtor lower for owing more or longer, whatever the book', () => {
    const amount = fc.bigInt(0n, 10n ** 15n);
    fc.assert(
      fc.property(amount, amount, fc.bigInt(1n, 10n ** 12n), fc.nat(4_000), fc.nat(400), (overdue, more, half, days, later) => {
        const of = (facts: Partial<WorkFacts>) => scoreOf(scoreParts({ ...FACTS, ...facts }, half));
        expect(of({ overdue: overdue + more, daysPastDue: days + later })).toBeGreaterThanOrEqual(of({ overdue, daysPastDue: days }));
        expect(of({ overdue })).toBeLessThanOrEqual(400 + 125);
      }),
    );
  });
});

describe('a debtor that was put off', () => {
  const before = { overdue: { CNY: 1_000n }, brokenPromises: 1, band: '80' as const };
  it.each([
    ['as it was', {}, null],
    ['a tenth more', { overdue: { CNY: 1_100n } }, null],
    ['more than a tenth more', { overdue: { CNY: 1_101n } }, 'overdue-grew'],
    ['another currency', { overdue: { CNY: 1_000n, USD: 1n } }, 'overdue-grew'],
    ['less', { overdue: {}, band: null, brokenPromises: 0 }, null],
    ['another broken promise', { brokenPromises: 2 }, 'promise-broken'],
    ['a higher band', { band: '90' as const }, 'limit-band-rose'],
  ])('with %s: %s comes back early by %s', (_name, now, expected) => {
    expect(worsening(before, { ...before, ...now })).toBe(expected);
  });
});
