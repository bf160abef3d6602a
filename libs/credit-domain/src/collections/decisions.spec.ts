import { localDate } from '../values';
import { decideDispute } from './disputes/dispute';
import type { OwedItem } from './owed-items';
import { decidePlan, pastDueAt, planState } from './plans/payment-plan';
import { aboveAccount, decidePromise, type PromisedAlready } from './promises/decide-promise';
import { keepRate, type JudgedPromise } from './promises/keep-rate';

const TODAY = localDate('2026-03-10');
const item = (outstanding: bigint, currency = 'CNY'): OwedItem => ({ receivableId: 'A', currency, outstanding });

describe('what nobody can promise', () => {
  const terms = { amount: 100n, currency: 'CNY', dueOn: TODAY };
  it.each([
    ['a day that is past', { ...terms, dueOn: localDate('2026-03-09') }, [item(100n)], 'promise-in-the-past', 'dueOn'],
    ['nothing', { ...terms, amount: 0n }, [item(100n)], 'amount-not-positive', 'amount'],
    ['more than is owed', terms, [item(99n)], 'promise-above-balance', 'amount'],
    ['what is owed in another currency', terms, [item(100n, 'USD')], 'currency-mismatch', 'amount.currency'],
  ])('%s', (_name, stated, items, code, field) => {
    expect(decidePromise(stated, TODAY, items, true)).toMatchObject({ code, field });
  });

  it.each([
    ['the same item', 41n, [{ currency: 'CNY', receivableIds: ['A'], left: 60n }], 'promise-above-balance'],
    ['the same item, up to what is owed', 40n, [{ currency: 'CNY', receivableIds: ['A'], left: 60n }], undefined],
    ['another item', 100n, [{ currency: 'CNY', receivableIds: ['B'], left: 60n }], undefined],
    ['another currency', 100n, [{ currency: 'USD', receivableIds: ['A'], left: 60n }], undefined],
  ] as const)('more than is owed together with what is promised on %s', (_name, amount, already: readonly PromisedAlready[], code) => {
    expect(decidePromise({ ...terms, amount }, TODAY, [item(100n)], true, already)?.code).toBe(code);
  });

  it('more than the whole account together with every other promise', () => {
    const already: PromisedAlready[] = [
      { currency: 'CNY', receivableIds: ['B'], left: 50n },
      { currency: 'CNY', receivableIds: null, left: 50n },
    ];
    expect(aboveAccount(terms, [item(199n)], already)).toMatchObject({ code: 'promise-above-balance', field: 'amount' });
    expect(aboveAccount(terms, [item(200n)], already)).toBeNull();
  });

  it('all that is owed, for today, can be', () => {
    expect(decidePromise(terms, TODAY, [item(60n), item(40n)], true)).toBeNull();
  });
});

describe('a dispute', () => {
  it('is refused on what is settled and above what is owed', () => {
    expect(decideDispute([item(0n)], null)).toMatchObject({ ok: false, refused: { code: 'dispute-on-settled', field: 'receivableIds' } });
    expect(decideDispute([item(10n)], { amount: 11n, currency: 'CNY' })).toMatchObject({ refused: { code: 'dispute-above-balance' } });
    expect(decideDispute([item(10n)], { amount: 0n, currency: 'CNY' })).toMatchObject({ refused: { code: 'amount-not-positive' } });
    expect(decideDispute([item(10n), item(5n, 'USD')], null)).toMatchObject({ refused: { code: 'currency-mismatch' } });
  });

  it('is over all that is owed where no amount is stated', () => {
    expect(decideDispute([item(10n), item(5n)], null)).toEqual({ ok: true, disputed: { amount: 15n, currency: 'CNY' } });
  });
});

describe('a payment plan', () => {
  const owed = [{ ...item(100n), dueOn: localDate('2026-02-01') }];
  const at = (dueOn: string, amount: bigint) => ({ dueOn: localDate(dueOn), amount });
  it.each([
    ['dates that do not rise', [at('2026-04-01', 50n), at('2026-04-01', 50n)], 'plan-dates-not-rising', 'instalments[1].dueOn'],
    ['a date that is past', [at('2026-03-09', 50n)], 'promise-in-the-past', 'instalments[0].dueOn'],
    ['an instalment of nothing', [at('2026-04-01', 0n)], 'amount-not-positive', 'instalments[0].amount'],
    ['more than is owed', [at('2026-04-01', 101n)], 'plan-above-balance', 'instalments'],
  ])('is refused for %s', (_name, instalments, code, field) => {
    expect(decidePlan(instalments, 'CNY', owed, TODAY)).toMatchObject({ code, field });
  });

  it('says which items were modified while more than 30 days past due (IFRS 7.35A(a))', () => {
    expect(pastDueAt(localDate('2026-02-08'), TODAY)).toEqual({ daysPastDue: 30, modifiedPastDue30: false });
    expect(pastDueAt(localDate('2026-02-07'), TODAY)).toEqual({ daysPastDue: 31, modifiedPastDue30: true });
    expect(pastDueAt(null, TODAY)).toEqual({ daysPastDue: null, modifiedPastDue30: false });
  });

  it('is broken by one instalment paid in part, and kept by all of them', () => {
    expect([planState(['kept', null]), planState(['kept', 'part-kept']), planState(['kept', 'kept'])]).toEqual([
      'running',
      'broken',
      'kept',
    ]);
  });
});

describe('the keep-rate', () => {
  const judged = (outcome: JudgedPromise['outcome'], paid: bigint, unclassified = 0n): JudgedPromise => ({
    outcome,
    amount: 100n,
    paid,
    unclassified,
    currency: 'CNY',
  });

  it('leaves out what an unclassified settlement may have paid, and says how far it may be off', () => {
    const rate = keepRate([judged('kept', 100n), judged('broken', 0n), judged('part-kept', 50n), judged('broken', 0n, 100n)]);
    expect(rate).toMatchObject({ kept: 1, partKept: 1, broken: 1, undetermined: 1 });
    expect([rate.rate, rate.lowest, rate.highest].map((ratio) => ratio?.toRate())).toEqual(['0.333333333333333333', '0.25', '0.5']);
    expect(rate.amounts).toMatchObject([{ currency: 'CNY', promised: 300n, paid: 150n }]);
  });

  it('is nothing while nothing has been judged', () => {
    expect(keepRate([])).toMatchObject({ rate: null, lowest: null, highest: null, amounts: [] });
  });
});
