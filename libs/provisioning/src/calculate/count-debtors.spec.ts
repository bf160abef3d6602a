import { policyOf, queriesOn, cell, setFor } from '../book.fixture';
import type { AgeingSnapshotTakenData } from '../events';
import { BookReading } from './book-reading';
import { takeSnapshot, type SnapshotOutput } from './take-snapshot';

const policy = policyOf({ lossRateSets: [setFor('trade')] });
/** The fake book is one too large to be counted now. */
const taken = async (earlier: AgeingSnapshotTakenData | null): Promise<SnapshotOutput> => {
  const result = await takeSnapshot(new BookReading(queriesOn({ cells: [cell({})] }), 1, '2024-12-31', 50n), policy, earlier);
  if (!result.ok) throw new Error(result.problem.detail);
  return result.value;
};
const counts = [{ kind: 'trade', segment: 'std', assessed: false, debtors: 1, squares: '1000000', buckets: [] }];
const shares = [
  { kind: null, segment: null, debtors: 1, total: '1000', squares: '1000000', largest: [{ debtorId: 'D1', amount: '1000' }] },
];
const earlierOf = (snapshot: SnapshotOutput, currency: string): AgeingSnapshotTakenData => ({
  ...{ closeId: '2024-12-31', asOf: '2024-12-31', position: 1, ...snapshot, currency },
  byAge: snapshot.byAge.map((each) => ({ ...each, debtors: counts })),
  concentration: shares,
});

describe('the debtors behind a close', () => {
  it('are kept from the asked-for close where a correction of a large book recomputes it: no alert may lose its ground by that', async () => {
    const again = await taken(earlierOf(await taken(null), 'CNY'));
    expect(again.byAge.map(({ debtors }) => debtors)).toEqual(again.byAge.map(() => counts));
    expect(again.concentration).toEqual(shares);
  });

  it('are unknown, and not those of another currency, where nobody has counted them', async () => {
    for (const snapshot of [await taken(null), await taken(earlierOf(await taken(null), 'USD'))]) {
      expect(snapshot.byAge.every(({ debtors }) => debtors === null)).toBe(true);
      expect(snapshot.concentration).toBeNull();
    }
  });
});
