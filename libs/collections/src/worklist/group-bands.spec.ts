import type { QueryBus } from '@nestjs/cqrs';
import { localDate, translationAt } from '@app/credit-domain';
import { groupBands } from './group-bands';
import { RankedLists, type RankedList } from './ranked-lists';

const TODAY = localDate('2026-03-10');
const at = { tenantId: 1, asOf: TODAY, position: 5n, translation: translationAt([], TODAY) };
const standing = (debtorId: string, outstanding: bigint) => ({
  ...{ debtorId, segment: 'S', creditImpaired: false, creditLimit: null },
  balances: [{ entityId: 'e', currency: 'CNY', outstanding, overdue: 0n, oldestDueOn: null }],
});
const queries = { execute: () => Promise.resolve([standing('A', 40n), standing('B', 45n)]) } as unknown as QueryBus;
const group = (name: string, members: string[], limit: bigint) => ({
  ...{ groupId: name, name, members, effectiveOn: TODAY, streamVersion: 1 },
  limit: { minor: limit, currency: 'CNY' },
});

describe('the band of a group in the worklist', () => {
  it('is that of the sum of its members, and the highest where a debtor is in several', async () => {
    const bands = await groupBands(
      queries,
      [group('wide', ['A', 'B'], 1_000n), group('tight', ['A', 'B'], 90n), group('one', ['A'], 100n)],
      at,
    );
    expect([...bands]).toEqual([
      ['A', { name: 'tight', band: '90' }],
      ['B', { name: 'tight', band: '90' }],
    ]);
  });

  it('asks for nothing where there are no groups', async () => {
    const nobody = { execute: () => Promise.reject(new Error('asked')) } as unknown as QueryBus;
    expect((await groupBands(nobody, [], at)).size).toBe(0);
  });
});

describe('lists ranked lately', () => {
  const list = (debtors: number) => ({ ranked: Array.from({ length: debtors }), halfAmount: 1n }) as unknown as RankedList;
  const key = (position: bigint, tenantId = 1) => ({ tenantId, asOf: TODAY, position });

  it('ranks once a tenant, day and position, for all who ask meanwhile', async () => {
    const lists = new RankedLists();
    const rank = jest.fn(() => Promise.resolve(list(3)));
    await Promise.all([lists.get(key(1n), rank), lists.get(key(1n), rank)]);
    expect(rank).toHaveBeenCalledTimes(1);
    await lists.get(key(2n), rank);
    await lists.get(key(1n, 2), rank);
    expect(rank).toHaveBeenCalledTimes(3);
  });

  it('lets the one not asked for longest go when there are too many debtors, and forgets a failure', async () => {
    const lists = new RankedLists();
    const rank = jest.fn(() => Promise.resolve(list(50_000)));
    for (const position of [1n, 2n, 1n, 3n]) await lists.get(key(position), rank);
    expect(rank).toHaveBeenCalledTimes(3);
    await lists.get(key(1n), rank);
    expect(rank).toHaveBeenCalledTimes(3);
    await lists.get(key(2n), rank);
    expect(rank).toHaveBeenCalledTimes(4);
    await expect(lists.get(key(9n), () => Promise.reject(new Error('cut off')))).rejects.toThrow('cut off');
    await expect(lists.get(key(9n), rank)).resolves.toBeDefined();
  });
});
