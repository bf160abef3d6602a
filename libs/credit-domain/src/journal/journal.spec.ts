import type { PostedAmount } from '../bridge';
import { DEFAULT_ACCOUNTS, type AccountMapping } from './accounts';
import { journalOf, type JournalInput } from './journal';

const mapping: AccountMapping = { accounts: DEFAULT_ACCOUNTS, byKind: {} };
const posted = (over: Partial<PostedAmount>): PostedAmount => ({
  ...{ entityId: 'main', kind: 'trade', cause: 'ageing', posting: 'impairment', amount: 0n },
  ...over,
});
const journal = (postings: readonly PostedAmount[], over: Partial<JournalInput> = {}) =>
  journalOf({
    ...{ postings, opening: 0n, closing: postings.reduce((sum, { amount }) => sum + amount, 0n), recoveries: [] },
    ...{ foreignOperations: new Set(), mapping },
    ...over,
  });
const told = (postings: readonly PostedAmount[], over: Partial<JournalInput> = {}): string[] =>
  journal(postings, over).lines.map(
    ({ entry, account, debit, credit }) =>
      `${String(entry)} ${debit > 0n ? `Dr ${account} ${String(debit)}` : `Cr ${account} ${String(credit)}`}`,
  );

describe('the journal of a movement', () => {
  it.each<[string, PostedAmount[], string[]]>([
    ['a charge', [posted({ amount: 725_000n })], ['1 Dr impairmentLoss 725000', '1 Cr allowance 725000']],
    ['a reversal', [posted({ amount: -5n })], ['1 Dr allowance 5', '1 Cr impairmentLoss 5']],
    [
      'a write-off of 100 at 64 % cover',
      [posted({ cause: 'write-off-shortfall', amount: 36n }), posted({ cause: 'write-offs', posting: 'utilisation', amount: -100n })],
      ['1 Dr impairmentLoss 36', '1 Cr allowance 36', '2 Dr allowance 100', '2 Cr receivable 100'],
    ],
    ['a disposal', [posted({ cause: 'disposals', posting: 'disposal', amount: -7n })], ['1 Dr allowance 7', '1 Cr disposalResult 7']],
    [
      'the unwinding of a discount',
      [posted({ cause: 'unwind', posting: 'interest', amount: -7n })],
      ['1 Dr allowance 7', '1 Cr interestIncome 7'],
    ],
    ['translation', [posted({ cause: 'exchange', posting: 'exchange', amount: 7n })], ['1 Dr exchangeDifference 7', '1 Cr allowance 7']],
    [
      'a move between kinds of two entities',
      [
        posted({ cause: 'reclassifications', posting: 'transfer', amount: -7n }),
        posted({ cause: 'reclassifications', posting: 'transfer', entityId: 'sub', kind: 'other', amount: 7n }),
      ],
      ['1 Dr allowance 7', '1 Cr intercompany 7', '2 Dr intercompany 7', '2 Cr allowance 7'],
    ],
    [
      'a move between kinds of one entity',
      [
        posted({ cause: 'reclassifications', posting: 'transfer', amount: -7n }),
        posted({ cause: 'reclassifications', posting: 'transfer', kind: 'other', amount: 7n }),
      ],
      ['1 Dr allowance 7', '1 Cr allowance 7'],
    ],
  ])('books %s where the accounts expect it', (_what, postings, lines) => {
    expect(told(postings)).toEqual(lines);
  });

  it('takes exchange differences of a foreign operation to other comprehensive income and not through profit or loss', () => {
    const lines = told([posted({ cause: 'exchange', posting: 'exchange', entityId: 'sub', amount: 7n })], {
      foreignOperations: new Set(['sub']),
    });
    expect(lines).toEqual(['1 Dr otherComprehensiveIncome 7', '1 Cr allowance 7']);
  });

  it('balances in every entity, or a subsidiary cannot book its part in its own ledger', () => {
    const transfer = (entityId: string, kind: string, amount: bigint) =>
      posted({ cause: 'reclassifications', posting: 'transfer', entityId, kind, amount });
    const { lines } = journal([transfer('main', 'trade', -9n), transfer('main', 'other', 2n), transfer('sub', 'trade', 7n)]);
    for (const entity of ['main', 'sub']) {
      const own = lines.filter(({ entityId }) => entityId === entity);
      expect(own.reduce((sum, { debit, credit }) => sum + debit - credit, 0n)).toBe(0n);
    }
    expect(new Set(lines.map(({ entry, entityId }) => `${String(entry)} ${entityId}`))).toEqual(new Set(['1 main', '2 sub']));
  });

  it('shows what was recovered as income of the period beside the movement, or the allowance would seem to have moved', () => {
    const booked = journal([posted({ amount: 10n })], { recoveries: [{ entityId: 'main', kind: 'trade', amount: 4n }] });
    expect(booked).toMatchObject({ impairmentLoss: 10n, recoveries: 4n });
    expect(booked.lines.filter(({ memorandum }) => memorandum).map(({ account, debit, credit }) => [account, debit, credit])).toEqual([
      ['cash', 4n, 0n],
      ['impairmentLoss', 0n, 4n],
    ]);
  });

  it('uses the ledger’s own codes, those of the kind first', () => {
    const own: AccountMapping = {
      accounts: { ...DEFAULT_ACCOUNTS, allowance: '1231', impairmentLoss: '6702' },
      byKind: { trade: { allowance: '1231.01' } },
    };
    expect(journal([posted({ amount: 1n })], { mapping: own }).lines.map(({ accountCode }) => accountCode)).toEqual(['6702', '1231.01']);
  });

  it('is not made at all when it does not balance or does not lead to the closing', () => {
    expect(() => journal([posted({ amount: 1n })], { closing: 2n })).toThrow('moves the allowance');
    expect(() => journal([posted({ cause: 'reclassifications', posting: 'transfer', amount: 1n })])).toThrow('do not balance');
  });
});
