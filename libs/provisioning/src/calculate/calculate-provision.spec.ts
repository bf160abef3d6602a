import type { ApprovedAssessment, ApprovedLossRateSet } from '@app/credit-domain';
import { assessmentOf, cell, policyOf as policyWith, queriesOn, setFor, type FakeBook } from '../book.fixture';
import { BookReading } from './book-reading';
import { calculateProvision } from './calculate-provision';
import type { ProvisionRequest } from './gather-input';
import { takeSnapshot } from './take-snapshot';

const EVERYTHING: ProvisionRequest = { kinds: null, scheme: null, currency: null };
const bookOf = (cells: FakeBook['cells'], more: Partial<FakeBook> = {}): BookReading =>
  new BookReading(queriesOn({ cells, ...more }), 1, '2024-12-31', 50n);
const policyOf = (sets: ApprovedLossRateSet[], assessments: ApprovedAssessment[] = []) => policyWith({ lossRateSets: sets, assessments });

async function outputOf(...given: Parameters<typeof calculateProvision>) {
  const calculated = await calculateProvision(...given);
  if (!calculated.ok) throw new Error(calculated.problem.detail);
  return calculated.value;
}

describe('gathering a run', () => {
  it('takes every kind with exposure, and none of what carries no losses', async () => {
    const book = bookOf([cell({}), cell({ kind: 'note_bank' }), cell({ kind: 'non_financial' })]);
    const output = await outputOf(book, policyOf([setFor('trade'), setFor('note_bank')]), EVERYTHING);
    expect(output.totals.map(({ kind, gross, allowance }) => [kind, gross, allowance])).toEqual([
      ['trade', '1000', '100'],
      ['note_bank', '1000', '100'],
    ]);
  });

  it('shows a kind that was asked for even when it has nothing', async () => {
    const output = await outputOf(bookOf([cell({})]), policyOf([setFor('trade')]), { ...EVERYTHING, kinds: ['contract_asset'] });
    expect(output.totals).toMatchObject([{ kind: 'contract_asset', gross: '0', allowance: '0' }]);
  });

  it('fails for trade receivables without rates, but leaves deposits out and says so: their approach comes later', async () => {
    const trade = await calculateProvision(bookOf([cell({})]), policyOf([]), EVERYTHING);
    expect(trade).toMatchObject({ ok: false, problem: { code: 'loss-rate-missing' } });
    const deposits = [cell({ kind: 'other' }), cell({ kind: 'other', debtorId: 'D2', assessed: true, amount: 500n })];
    const output = await outputOf(bookOf(deposits), policyOf([], [assessmentOf('D2')]), EVERYTHING);
    expect(output.warnings[0]?.code).toBe('kind-left-out');
    expect(output.totals).toMatchObject([{ kind: 'other', gross: '500', allowance: '400' }]);
    const named = await calculateProvision(bookOf(deposits), policyOf([], [assessmentOf('D2')]), { ...EVERYTHING, kinds: ['other'] });
    expect(named).toMatchObject({ ok: false, problem: { code: 'loss-rate-missing' } });
  });

  it('takes carved-out debtors from their own reading and stops when the pools disagree: nobody may fall between the two', async () => {
    const cells = [cell({}), cell({ debtorId: 'D2', assessed: true, amount: 700n })];
    const policy = policyOf([setFor('trade')], [assessmentOf('D2')]);
    const output = await outputOf(bookOf(cells), policy, EVERYTHING);
    expect(output.individual).toMatchObject([{ debtorId: 'D2', gross: '700', allowance: '560', matrixAllowance: '70' }]);
    expect(output.total).toMatchObject({ gross: '1700', allowance: '660' });
    await expect(calculateProvision(bookOf(cells, { tamper: 1n }), policy, EVERYTHING)).rejects.toThrow('Assessed pools');
  });

  it('names the pair of a missing exchange rate, and prints the rate it used where there is one', async () => {
    const cells = [cell({}), cell({ currency: 'USD' })];
    const policy = policyOf([setFor('trade')]);
    expect(await calculateProvision(bookOf(cells), policy, EVERYTHING)).toMatchObject({
      ok: false,
      problem: { code: 'fx-rate-missing', errors: [{ base: 'USD', quote: 'CNY' }] },
    });
    const fx = [{ base: 'CNY', quote: 'USD', rate: '0.125', effectiveOn: '2024-12-31' }];
    const output = await outputOf(bookOf(cells, { fx }), policy, EVERYTHING);
    expect(output.inputs.fxRates).toEqual([{ currency: 'USD', rate: '8', path: ['USD', 'CNY'] }]);
    expect(output.total).toMatchObject({ gross: '9000', allowance: '900' });
  });

  it('prints the rate that expected cash flows were translated at, or a loss rests on a rate nobody signed', async () => {
    const scenarios = [{ probability: '1', cashFlows: [{ on: '2024-12-31', amount: 50n }] }];
    const assessment = { ...assessmentOf('D2'), lossRate: null, scenarios, scenarioCurrency: 'USD' };
    const fx = [{ base: 'USD', quote: 'CNY', rate: '8', effectiveOn: '2024-12-31' }];
    const output = await outputOf(
      bookOf([cell({ debtorId: 'D2', assessed: true })], { fx }),
      policyOf([setFor('trade')], [assessment]),
      EVERYTHING,
    );
    expect(output.individual).toMatchObject([{ currency: 'CNY', gross: '1000', allowance: '600' }]);
    expect(output.inputs.fxRates).toEqual([{ currency: 'USD', rate: '8', path: ['USD', 'CNY'] }]);
  });
});

describe('the age mix of a close', () => {
  it('keeps every scheme in use with groups that sum to its buckets, collective and individual apart', async () => {
    const cells = [
      cell({}),
      cell({ segment: 'vip', bucket: 2 }),
      cell({ debtorId: 'D2', assessed: true, bucket: 4, amount: 5n }),
      cell({ kind: 'non_financial' }),
    ];
    const taken = await takeSnapshot(bookOf(cells), policyOf([setFor('trade')]), null);
    if (!taken.ok) throw new Error(taken.problem.detail);
    expect(taken.value.total).toBe('2005');
    expect(taken.value.byAge.map(({ scheme }) => scheme)).toEqual(['months-6-12-24-36-48', 'days-past-due-30-60-90']);
    const [mix] = taken.value.byAge;
    expect(mix?.buckets.map(({ amount }) => amount)).toEqual(['1000', '0', '1000', '0', '5', '0']);
    expect(mix?.buckets[3]?.upTo).toEqual({ unit: 'years', count: 3 });
    expect(mix?.groups).toEqual([
      { kind: 'trade', segment: 'std', collective: ['1000', '0', '0', '0', '0', '0'], individual: ['0', '0', '0', '0', '5', '0'] },
      { kind: 'trade', segment: 'vip', collective: ['0', '0', '1000', '0', '0', '0'], individual: ['0', '0', '0', '0', '0', '0'] },
    ]);
  });
});
