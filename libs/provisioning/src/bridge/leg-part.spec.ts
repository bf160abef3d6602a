import type { BridgeCell, BridgeSubject, ReceivableBridge } from '@app/credit-domain';
import { largestMoveFirst, partOf } from './leg-part';

const subject = {
  history: { receivableNo: 7n, receivableId: 'R7', debtorId: 'D1', documentNo: 'X' },
  opening: { allowance: 60n, overlay: 4n },
  closing: { allowance: 60n, overlay: 0n },
} as BridgeSubject;
const cell = (over: Partial<BridgeCell> = {}): BridgeCell => ({
  entityId: 'main',
  kind: 'trade',
  side: 'collective',
  stage: null,
  ...over,
});
const amounts = (...each: readonly [cell: BridgeCell, amount: bigint][]): Pick<ReceivableBridge, 'contributions'> => ({
  contributions: each.map(([where, amount]) => ({ cause: 'reclassifications', cell: where, posting: 'transfer', amount })),
});

describe("a receivable's part of a leg", () => {
  it.each([
    ['between kinds', cell(), cell({ kind: 'other' })],
    ['between entities', cell(), cell({ entityId: 'sub' })],
    ['between stages', cell({ side: 'staged', stage: 1 }), cell({ side: 'staged', stage: 3 })],
    ['from one side to another', cell(), cell({ side: 'individual' })],
    ['to where it came from: charged and used up', cell(), cell()],
  ])('moved %s is seen although it makes up nothing, or the list would hold fewer than the leg counts', (_what, from, to) => {
    expect(partOf({ cause: 'reclassifications' }, subject, amounts([from, -60n], [to, 60n]))).toMatchObject({
      ...{ amount: 0n, moved: 60n, opening: 64n, closing: 60n },
    });
  });

  it('is of one kind when one is asked for, and of nothing when the receivable has none there', () => {
    const bridge = amounts([cell(), -60n], [cell({ kind: 'other' }), 60n]);
    expect(partOf({ cause: 'reclassifications', kind: 'other' }, subject, bridge)).toMatchObject({ amount: 60n, kind: 'other' });
    expect(partOf({ cause: 'reclassifications', kind: 'long_term' }, subject, bridge)).toBeNull();
    expect(partOf({ cause: 'cash' }, subject, bridge)).toBeNull();
  });

  it('stands in one order, so that no page repeats or leaves out a receivable', () => {
    const items = [
      { moved: 5n, receivableNo: 2n },
      { moved: 9n, receivableNo: 3n },
      { moved: 5n, receivableNo: 1n },
    ];
    expect(items.sort(largestMoveFirst).map(({ receivableNo }) => receivableNo)).toEqual([3n, 1n, 2n]);
    expect(largestMoveFirst({ moved: 5n, receivableNo: 1n }, { moved: 5n, receivableNo: 1n })).toBe(0);
  });
});
