import { BUILT_IN_SCHEMES, type ApprovedAssessment, type ApprovedLossRateSet, type FxRate } from '@app/credit-domain';
import {
  GetPresentationCurrencyQuery,
  ReadDebtorExposureQuery,
  ReadExposureQuery,
  ReadFxRatesQuery,
  ResolveSchemeQuery,
  type DebtorExposureCell,
} from '@app/receivables';
import type { QueryBus } from '@nestjs/cqrs';
import { BookReading } from './book-reading';
import { calculateProvision, type ProvisionRequest } from './calculate-provision';
import { takeSnapshot } from './take-snapshot';

const [MONTHS] = BUILT_IN_SCHEMES;
const EVERYTHING: ProvisionRequest = { kinds: null, scheme: null, currency: null };

const cell = (over: Partial<DebtorExposureCell>): DebtorExposureCell => ({
  ...{ debtorId: 'D1', entityId: 'main', kind: 'trade', class: '', segment: 'std', related: false, assessed: false },
  ...{ currency: 'CNY', bucket: 0, amount: 1_000n },
  ...over,
});
const setFor = (kind: string): ApprovedLossRateSet => ({
  ...{ setId: `set-${kind}`, kind, scheme: 'months-6-12-24-36-48', effectiveOn: '2024-01-01', approvedAt: 1n },
  rates: (MONTHS?.buckets ?? []).map(({ label }) => ({ segment: '*', bucket: label, rate: '0.1' })),
});
const assessmentOf = (debtorId: string): ApprovedAssessment => ({
  ...{ assessmentId: `A-${debtorId}`, debtorId, effectiveOn: '2024-06-01', endsOn: null, kinds: null, entityId: null, lossRate: '0.8' },
  ...{ scenarios: null, scenarioCurrency: null, discountRate: null, reason: 'liquidation', release: false, approvedAt: 2n },
});

/** The book as receivables would answer; `tamper` makes the reading by debtor disagree with the reading by pool. */
function bookOf(cells: readonly DebtorExposureCell[], options: { fx?: FxRate[]; tamper?: bigint } = {}): BookReading {
  const answer = (query: unknown): unknown => {
    if (query instanceof GetPresentationCurrencyQuery) return query.requested ?? 'CNY';
    if (query instanceof ResolveSchemeQuery) return BUILT_IN_SCHEMES.find(({ id }) => id === query.schemeId);
    if (query instanceof ReadFxRatesQuery) return options.fx ?? [];
    if (query instanceof ReadExposureQuery) return cells;
    if (query instanceof ReadDebtorExposureQuery) {
      return cells
        .filter(({ debtorId, assessed }) => query.request.debtorIds.includes(debtorId) && assessed)
        .map((each) => ({ ...each, amount: each.amount + (options.tamper ?? 0n) }));
    }
    throw new Error('a query nobody expected');
  };
  const queries = { execute: (query: unknown) => Promise.resolve(answer(query)) } as unknown as QueryBus;
  return new BookReading(queries, 1, '2024-12-31', 50n);
}
const policyOf = (sets: ApprovedLossRateSet[], assessments: ApprovedAssessment[] = []) => ({ lossRateSets: sets, assessments });

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
});

describe('the age mix of a close', () => {
  it('keeps every scheme in use with groups that sum to its buckets, collective and individual apart', async () => {
    const cells = [
      cell({}),
      cell({ segment: 'vip', bucket: 2 }),
      cell({ debtorId: 'D2', assessed: true, bucket: 4, amount: 5n }),
      cell({ kind: 'non_financial' }),
    ];
    const taken = await takeSnapshot(bookOf(cells), policyOf([setFor('trade')]));
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
