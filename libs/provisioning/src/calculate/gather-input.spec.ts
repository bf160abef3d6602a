import { assessmentOf, cell, policyOf, queriesOn, setFor, type FakeBook } from '../book.fixture';
import { BookReading } from './book-reading';
import { gatherInput, withoutNamed, type ProvisionRequest } from './gather-input';

const EVERYTHING: ProvisionRequest = { kinds: null, scheme: null, currency: null };
const gathered = (book: FakeBook, policy: Parameters<typeof policyOf>[0], request = EVERYTHING) =>
  gatherInput(new BookReading(queriesOn(book), 1, '2024-12-31', 50n), policyOf(policy), request);

const parameters = [
  { class: '*', segment: '*', pd12Months: '0.02', pdLifetime: '0.1', lgd: '0.5', effectiveRate: null, recoveryMonths: null, term: null },
];
const staging = (over: { effectiveOn?: string; approvedAt?: bigint; kind?: string } = {}) => ({
  ...{ policyId: 'P', kind: 'other', effectiveOn: '2024-01-01', sicrDays: 30, defaultDays: 90, rebuttalReason: null, probationDays: 0 },
  ...{ parameters, approvedAt: 5n },
  ...over,
});
const enhancement = {
  ...{ enhancementId: 'E', debtorId: 'D2', kinds: null, entityId: null, type: 'insurance' as const, integral: true, limit: null },
  ...{ currency: 'CNY', coveredShare: '0.9', deductible: 0n, providerLossRate: '0', effectiveOn: '2024-01-01', expiresOn: '2025-12-31' },
  ...{ reason: 'insured', approvedAt: 3n },
};
const approachOf = async (policy: Parameters<typeof policyOf>[0], kind = 'other') =>
  (await gathered({ cells: [cell({ kind })] }, policy)).input.measures.map(({ approach }) => approach);

describe('the approach of a kind', () => {
  it('is whichever of matrix and stages took effect last, and of two on one day the one approved last', async () => {
    const matrix = { ...setFor('other'), effectiveOn: '2024-06-01', approvedAt: 4n };
    expect(await approachOf({ lossRateSets: [matrix], stagingPolicies: [staging()] })).toEqual(['matrix']);
    expect(await approachOf({ lossRateSets: [matrix], stagingPolicies: [staging({ effectiveOn: '2024-07-01' })] })).toEqual(['stages']);
    expect(await approachOf({ lossRateSets: [matrix], stagingPolicies: [staging({ effectiveOn: '2024-06-01' })] })).toEqual(['stages']);
    expect(await approachOf({ lossRateSets: [matrix], stagingPolicies: [staging({ effectiveOn: '2025-01-01' })] })).toEqual(['matrix']);
  });

  it('is never stages for trade receivables: lifetime losses are not a choice there (5.5.15(a)(i))', async () => {
    expect(await approachOf({ stagingPolicies: [staging({ kind: 'trade' })] }, 'trade')).toEqual(['matrix']);
  });

  it('none at all leaves a kind out by name only while nobody has decided on one', async () => {
    expect((await gathered({ cells: [cell({ kind: 'other' })] }, {})).kindsLeftOut).toEqual(['other']);
    expect((await gathered({ cells: [cell({ kind: 'other' })] }, { stagingPolicies: [staging()] })).kindsLeftOut).toEqual([]);
  });
});

describe('debtors measured apart', () => {
  const cells = [cell({ amount: 900n }), cell({ debtorId: 'D2', amount: 500n })];

  it('leave their pool, so that no claim is in two lines', () => {
    const pools = [cell({ amount: 1_000n })];
    const left = withoutNamed(pools, [cell({ debtorId: 'D2', amount: 400n })]);
    expect(left.map(({ amount }) => amount)).toEqual([600n]);
  });

  it('with more than their pool holds stop the run: the two readings are not of one book', () => {
    expect(() => withoutNamed([cell({ amount: 300n })], [cell({ debtorId: 'D2', amount: 400n })])).toThrow('more of');
    expect(() => withoutNamed([], [cell({ debtorId: 'D2', amount: 400n })])).toThrow('no pool');
  });

  it('are those under cover and those in a stage of their own, and nobody else is read one by one', async () => {
    const { input } = await gathered({ cells }, { lossRateSets: [setFor('trade')], enhancements: [enhancement] });
    expect(input.collective.map(({ debtorId, amount }) => [debtorId, amount])).toEqual([
      [undefined, 900n],
      ['D2', 500n],
    ]);
    expect((await gathered({ cells }, { lossRateSets: [setFor('trade')] })).input.collective).toHaveLength(1);
    const assessed = await gathered(
      { cells: [cell({ debtorId: 'D3', assessed: true })] },
      { lossRateSets: [setFor('trade')], assessments: [assessmentOf('D3')] },
    );
    expect(assessed.input.individual.map(({ debtorId }) => debtorId)).toEqual(['D3']);
  });
});
