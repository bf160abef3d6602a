import { Client } from 'pg';
import type { AgeingScheme, ExchangeRate } from '@app/credit-domain';
import { builtInScheme, localDate } from '@app/credit-domain';
import { Database } from '@app/event-store';
import { createTestDatabase, type TestDatabase } from '@app/testing';
import { readDebtorExposure } from '../exposure/read-exposure';
import { Choices } from '../exposure/two-dates.fixture';
import type { DebtorSpread } from './debtor-spread.query';
import { readDebtorSpread } from './read-debtor-spread';

const TENANT = 1;
const KNOWN = 1_000_000n;
const AS_OF = '2024-12-31';
const KINDS = ['trade', 'other'];
const rate = (from: string, numerator: bigint): ExchangeRate => ({ from, to: 'CNY', numerator, denominator: 1n, path: [from, 'CNY'] });
const RATES = new Map([rate('CNY', 1n), rate('USD', 7n)].map((each) => [each.from, each]));
const schemeOf = (id: string): AgeingScheme => {
  const scheme = builtInScheme(id);
  if (scheme === undefined) throw new Error('a built-in scheme');
  return scheme;
};
const SCHEMES = [schemeOf('months-6-12-24-36-48'), schemeOf('days-past-due-30-60-90')];

/** What one debtor owes in each bucket. */
type Owed = Map<string, bigint[]>;

describe('how a book is spread over its debtors', () => {
  let testDatabase: TestDatabase;
  let database: Database;
  let owner: Client;

  beforeAll(async () => {
    testDatabase = await createTestDatabase({ schemas: ['rc'] });
    database = new Database({ connectionString: testDatabase.workerUrl, poolSize: 2, applicationName: 'test' });
    owner = new Client({ connectionString: testDatabase.ownerUrl });
    await owner.connect();
    await fill();
  }, 120_000);
  afterAll(async () => {
    await owner.end();
    await database.close();
    await testDatabase.drop();
  });

  /** Random balances of 60 debtors in two kinds that count and one that does not, two segments, both sides and two currencies. */
  async function fill(): Promise<void> {
    const choices = new Choices(20241231);
    await owner.query(`INSERT INTO rc.pool (tenant_id, entity_id, kind, class, segment, related, assessed)
      SELECT 1, e, k, '', s, false, a FROM unnest('{main,second}'::text[]) e, unnest('{trade,other,prepayment}'::text[]) k,
             unnest('{North,South}'::text[]) s, unnest('{t,f}'::bool[]) a`);
    const pools = (await owner.query<{ pool_id: number }>('SELECT pool_id FROM rc.pool')).rows.map((row) => row.pool_id);
    const rows = Array.from({ length: 3_000 }, () => {
      const recognised = `20${String(19 + choices.below(6))}-${String(1 + choices.below(12)).padStart(2, '0')}-1${String(choices.below(9))}`;
      return [choices.below(60), choices.below(1_000_000), choices.of(pools), recognised, choices.of(['CNY', 'USD'])];
    });
    await owner.query(`INSERT INTO rc.debtor SELECT 1, n, 'D' || lpad(n::text, 5, '0') FROM generate_series(0, 59) n`);
    await owner.query(
      `INSERT INTO rc.exposure_entry (tenant_id, position, receivable_no, debtor_no, amount, pool_id, effective_on, recognised_on, invoiced_on, due_on, currency, late)
       SELECT 1, n, n, d, a, p, r, r, r, r + 90, c, false
       FROM unnest($1::bigint[], $2::bigint[], $3::int[], $4::date[], $5::text[]) WITH ORDINALITY AS t(d, a, p, r, c, n)`,
      [0, 1, 2, 3, 4].map((column) => rows.map((row) => row[column])),
    );
    await owner.query('INSERT INTO rc.exposure_state (tenant_id, entries) VALUES (1, 3000)');
  }

  const read = (entriesMax = 1_000_000): Promise<DebtorSpread | null> =>
    database.read(TENANT, (tx) =>
      readDebtorSpread(tx, TENANT, { asOf: AS_OF, position: KNOWN, schemes: SCHEMES, kinds: KINDS, rates: RATES, largest: 10, entriesMax }),
    );

  /** Every debtor's balances as the ageing reads them, in yuan, those that `key` takes. */
  async function oneByOne(
    scheme: AgeingScheme,
    takes: (cell: { kind: string; segment: string; assessed: boolean }) => boolean,
  ): Promise<Owed> {
    const reading = { tenantId: TENANT, asOf: localDate(AS_OF), position: KNOWN, scheme };
    const owed: Owed = new Map();
    for (const cell of await database.read(TENANT, (tx) => readDebtorExposure(tx, reading))) {
      if (!KINDS.includes(cell.kind) || !takes(cell)) continue;
      const buckets = owed.get(cell.debtorId) ?? scheme.buckets.map(() => 0n);
      buckets[cell.bucket] = (buckets[cell.bucket] ?? 0n) + cell.amount * (cell.currency === 'USD' ? 7n : 1n);
      owed.set(cell.debtorId, buckets);
    }
    return owed;
  }
  const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n);

  it('counts debtors and their squares by bucket as reading them one by one does, every kind, segment and side, in every scheme', async () => {
    const spread = await read();
    let groups = 0;
    for (const scheme of SCHEMES) {
      for (const kind of [null, ...KINDS]) {
        for (const segment of ['North', 'South']) {
          for (const assessed of [true, false]) {
            const owed = await oneByOne(
              scheme,
              (cell) => (kind === null || cell.kind === kind) && cell.segment === segment && cell.assessed === assessed,
            );
            const debtors = [...owed.values()];
            const expected = {
              ...{ scheme: scheme.id, kind, segment, assessed, debtors: debtors.length },
              squares: sum(debtors.map((buckets) => sum(buckets) ** 2n)),
              buckets: scheme.buckets.map((_, index) => ({
                debtors: debtors.filter((buckets) => (buckets[index] ?? 0n) !== 0n).length,
                squares: sum(debtors.map((buckets) => (buckets[index] ?? 0n) ** 2n)),
                products: sum(debtors.map((buckets) => (buckets[index] ?? 0n) * sum(buckets))),
              })),
            };
            expect(
              spread?.spreads.find(
                (each) => each.scheme === scheme.id && each.kind === kind && each.segment === segment && each.assessed === assessed,
              ),
            ).toEqual(expected);
            groups++;
          }
        }
      }
    }
    expect(spread?.spreads).toHaveLength(groups);
  });

  it('names the largest debtors of the book, of each kind and of each segment, with what all of them owe', async () => {
    const spread = await read();
    expect(spread?.shares.map(({ kind, segment }) => [kind, segment])).toEqual([
      [null, null],
      [null, 'North'],
      [null, 'South'],
      ['other', null],
      ['trade', null],
    ]);
    for (const { kind, segment, ...share } of spread?.shares ?? []) {
      const owed = await oneByOne(
        SCHEMES[0] ?? schemeOf(''),
        (cell) => (kind === null || cell.kind === kind) && (segment === null || cell.segment === segment),
      );
      const ranked = [...owed]
        .map(([debtorId, buckets]) => ({ debtorId, amount: sum(buckets) }))
        .sort((left, right) =>
          left.amount === right.amount ? (left.debtorId < right.debtorId ? -1 : 1) : left.amount > right.amount ? -1 : 1,
        );
      expect(share).toEqual({
        debtors: ranked.length,
        total: sum(ranked.map(({ amount }) => amount)),
        squares: sum(ranked.map(({ amount }) => amount ** 2n)),
        largest: ranked.slice(0, 10),
      });
    }
  });

  it('leaves a book alone that is larger than asked for', async () => {
    expect(await read(3_000)).not.toBeNull();
    expect(await read(2_999)).toBeNull();
  });

  it('counts 100,000 receivables with their payments while a close takes its snapshot', async () => {
    await owner.query(`INSERT INTO rc.debtor SELECT 1, n, 'E' || n FROM generate_series(1000, 3799) n`);
    await owner.query(
      `INSERT INTO rc.exposure_entry (tenant_id, position, receivable_no, debtor_no, amount, pool_id, effective_on, recognised_on, invoiced_on, due_on, currency, late)
       SELECT 1, 10000 + n, 10000 + n / 2, 1000 + (n / 2) % 2800, CASE WHEN n % 2 = 0 THEN 100000 + n ELSE -50000 END,
              (SELECT min(pool_id) FROM rc.pool) , d, d, d, d + 30, 'CNY', false
       FROM (SELECT n, DATE '2021-01-01' + (n / 2) % 1400 AS d FROM generate_series(0, 213999) n) t`,
    );
    await owner.query('ANALYZE rc.exposure_entry');
    const started = performance.now();
    const spread = await read();
    const elapsed = performance.now() - started;
    process.stdout.write(`debtors of 107,000 receivables (214,000 entries, 2,860 debtors) counted in ${elapsed.toFixed(0)} ms\n`);
    expect(spread?.shares[0]?.debtors).toBe(2_860);
    expect(elapsed).toBeLessThan(5_000);
  }, 60_000);
});
