import { gatherInput } from '../calculate/gather-input';
import { cell, policyOf, queriesOn, setFor } from '../book.fixture';
import { ChangedBook } from './changed-book';

const cover = {
  ...{ enhancementId: 'E', debtorId: 'D2', kinds: null, entityId: null, type: 'insurance' as const, integral: true, limit: null },
  ...{ currency: 'CNY', coveredShare: '0.9', deductible: 0n, providerLossRate: '0', effectiveOn: '2024-01-01', expiresOn: '2025-12-31' },
  ...{ reason: 'insured', approvedAt: 3n },
};

describe('debtors taken to be of another segment', () => {
  it('can be under cover and join a pool that is there already, or the question a manager asks cannot be answered', async () => {
    const cells = [cell({ segment: 'south', amount: 5n }), cell({ debtorId: 'D2', segment: 'north', amount: 400n })];
    const book = new ChangedBook(
      queriesOn({ cells }),
      { tenantId: 1, asOf: '2024-12-31', position: 50n },
      { segments: [{ debtorId: 'D2', segment: 'south' }], customScheme: null },
    );
    const policy = policyOf({ lossRateSets: [setFor('trade')], enhancements: [cover] });
    const { input } = await gatherInput(book, policy, { kinds: null, scheme: null, currency: null });
    expect(
      input.collective.filter(({ amount }) => amount !== 0n).map(({ segment, debtorId, amount }) => [segment, debtorId, amount]),
    ).toEqual([
      ['south', undefined, 5n],
      ['south', 'D2', 400n],
    ]);
  });
});
