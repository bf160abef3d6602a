import { Client } from 'pg';
import type { BookPart, FxRate } from '@app/credit-domain';
import { builtInScheme, localDate } from '@app/credit-domain';
import type { EventStore, Tx } from '@app/event-store';
import { Database } from '@app/event-store';
import { createTestDatabase, type TestDatabase } from '@app/testing';
import { Translator } from '../ageing/fx-rates';
import { EXPOSURE_PROCESSOR } from '../exposure/project-exposure.processor';
import { readDebtorExposure } from '../exposure/read-exposure';
import { Choices } from '../exposure/two-dates.fixture';
import { ListLargestDebtorsHandler } from './largest-debtors.handler';
import type { LargestDebtor, LargestDebtorsRequest } from './largest-debtors.query';
import { ListLargestDebtorsQuery } from './largest-debtors.query';

const TENANT = 1;
const SCHEME = 'months-6-12-24-36-48';
const KNOWN = 1_000_000n;
const RATES: readonly FxRate[] = [
  { base: 'USD', quote: 'CNY', rate: '7.1', effectiveOn: '2020-01-01' },
  { base: 'EUR', quote: 'CNY', rate: '7.9', effectiveOn: '2020-01-01' },
];
const OVER_THREE_YEARS: BookPart = {
  kinds: ['trade'],
  segment: null,
  assessed: 'all',
  aged: { scheme: SCHEME, buckets: ['3 to 4 years', 'Over 4 years'] },
};
/** A big book: every debtor has so many entries. */
const DEBTORS = 30_000;
const ENTRIES_PER_DEBTOR = 20;

describe('the largest debtors of a part of the book', () => {
  let testDatabase: TestDatabase;
  let database: Database;
  let owner: Client;
  // Built-in schemes need no log.
  const handler = new ListLargestDebtorsHandler({ readCategory: () => Promise.resolve([]) } as unknown as EventStore);

  beforeAll(async () => {
    testDatabase = await createTestDatabase({ schemas: ['rc'] });
    database = new Database({ connectionString: testDatabase.workerUrl, applicationName: 'test', poolSize: 2 });
    owner = new Client({ connectionString: testDatabase.ownerUrl });
    await owner.connect();
    await fill();
  }, 180_000);
  afterAll(async () => {
    await owner.end();
    await database.close();
    await testDatabase.drop();
  });

  /** Random balances of 400 debtors in two kinds, two segments, three currencies and every bucket, some of them paid back. */
  async function fill(): Promise<void> {
    const choices = new Choices(20241231);
    await owner.query(`INSERT INTO rc.pool (tenant_id, entity_id, kind, class, segment, related, assessed)
      SELECT 1, 'main', k, '', s, false, a FROM unnest('{trade,other,prepayment}'::text[]) k, unnest('{North,South}'::text[]) s, unnest('{t,f}'::bool[]) a`);
    const pools = (await owner.query<{ pool_id: number }>('SELECT pool_id FROM rc.pool')).rows.map((row) => row.pool_id);
    const rows = Array.from({ length: 6_000 }, () => {
      const recognised = `20${String(18 + choices.below(7))}-0${String(1 + choices.below(9))}-1${String(choices.below(9))}`;
      return [choices.below(400), choices.below(1_000_000) - 250_000, choices.of(pools), recognised, choices.of(['CNY', 'USD', 'EUR'])];
    });
    await owner.query(`INSERT INTO rc.debtor SELECT 1, n, 'D' || lpad(n::text, 5, '0') FROM generate_series(0, 399) n`);
    await owner.query(
      `INSERT INTO rc.exposure_entry (tenant_id, position, receivable_no, debtor_no, amount, pool_id, effective_on, recognised_on, invoiced_on, due_on, currency, late)
       SELECT 1, n, n, d, a, p, r, r, r, r + 90, c, false
       FROM unnest($1::bigint[], $2::bigint[], $3::int[], $4::date[], $5::text[]) WITH ORDINALITY AS t(d, a, p, r, c, n)`,
      [0, 1, 2, 3, 4].map((column) => rows.map((row) => row[column])),
    );
    await owner.query(`INSERT INTO rc.book_currency VALUES (1, 'CNY', 1), (1, 'USD', 1), (1, 'EUR', 1)`);
    for (const { base, quote, rate, effectiveOn } of RATES)
      await owner.query('INSERT INTO rc.fx_rate VALUES (1, $1, $2, $3, 1, $4)', [base, quote, effectiveOn, rate]);
    await owner.query('INSERT INTO es.checkpoint (tenant_id, name, position) VALUES (1, $1, $2)', [EXPOSURE_PROCESSOR, KNOWN.toString()]);
  }

  const ask = (change: Partial<LargestDebtorsRequest> & { part: BookPart }): Promise<readonly LargestDebtor[] | null> =>
    database.read(TENANT, (tx) =>
      handler.execute(
        new ListLargestDebtorsQuery(tx, {
          ...{ tenantId: TENANT, asOf: '2024-12-31', position: KNOWN, currency: 'CNY', limit: 5, baseAsOf: '2023-12-31' },
          ...change,
        }),
      ),
    );

  /** Every debtor's balance, read one by one as the ageing does, and sorted here. */
  async function oneByOne({ kinds, segment, assessed, aged }: BookPart, asOf: string): Promise<Map<string, bigint>> {
    const scheme = builtInScheme(SCHEME);
    if (scheme === undefined) throw new Error('a built-in scheme');
    const reading = { tenantId: TENANT, asOf: localDate(asOf), position: KNOWN, scheme };
    const cells = await database.read(TENANT, (tx) => readDebtorExposure(tx, reading));
    const amounts = new Map<string, Map<string, bigint>>();
    for (const cell of cells) {
      const isIn =
        (kinds ?? ['trade', 'other']).includes(cell.kind) &&
        (segment === null || segment === cell.segment) &&
        (assessed === 'all' || cell.assessed === (assessed === 'individual')) &&
        (aged === null || aged.buckets.includes(scheme.buckets[cell.bucket]?.label ?? ''));
      if (!isIn) continue;
      const own = amounts.get(cell.debtorId) ?? new Map<string, bigint>();
      amounts.set(cell.debtorId, own.set(cell.currency, (own.get(cell.currency) ?? 0n) + cell.amount));
    }
    const translator = new Translator(RATES, asOf, 'CNY');
    const totals = [...amounts].map(([id, own]): [string, bigint] => [
      id,
      [...own].reduce((sum, [currency, amount]) => sum + translator.translate(amount, currency), 0n),
    ]);
    return new Map(totals.sort(([idA, a], [idB, b]) => (a === b ? (idA < idB ? -1 : 1) : a > b ? -1 : 1)));
  }

  const parts: readonly (readonly [string, BookPart])[] = [
    ['over three years', OVER_THREE_YEARS],
    [
      'one bucket of one segment',
      { kinds: ['trade', 'other'], segment: 'South', assessed: 'collective', aged: { scheme: SCHEME, buckets: ['1 to 2 years'] } },
    ],
    ['the individually assessed', { kinds: null, segment: null, assessed: 'individual', aged: null }],
    ['all that can be lost', { kinds: null, segment: null, assessed: 'all', aged: null }],
  ];
  it.each(parts)('are those the ageing by debtor names, with what they had at the base: %s', async (_what, part) => {
    const now = [...(await oneByOne(part, '2024-12-31'))].slice(0, 5);
    const before = await oneByOne(part, '2023-12-31');
    expect(now.length).toBe(5);
    expect(await ask({ part })).toEqual(now.map(([debtorId, amount]) => ({ debtorId, amount, before: before.get(debtorId) ?? 0n })));
  });

  it('are not told from a projection that has not reached what the figures rest on', async () => {
    const behind = { query: () => Promise.resolve([{ reached: false }]) } as unknown as Tx;
    const request = {
      tenantId: TENANT,
      asOf: '2024-12-31',
      position: KNOWN,
      currency: 'CNY',
      limit: 5,
      baseAsOf: null,
      part: OVER_THREE_YEARS,
    };
    expect(await handler.execute(new ListLargestDebtorsQuery(behind, request))).toBeNull();
  });

  it('are found at once among 30,000 debtors, or the evaluation that asks would hold up every other', async () => {
    await owner.query(`INSERT INTO rc.debtor SELECT 1, n, 'B' || n FROM generate_series(1000, $1::int) n`, [1_000 + DEBTORS - 1]);
    await owner.query(
      `INSERT INTO rc.exposure_entry (tenant_id, position, receivable_no, debtor_no, amount, pool_id, effective_on, recognised_on, invoiced_on, due_on, currency, late)
       SELECT 1, 10000 + n, 10000 + n, 1000 + n % $1::int, 100 + n % 9973, (SELECT min(pool_id) FROM rc.pool) + n % 4, d.day, d.day, d.day, d.day + 60, 'CNY', false
       FROM generate_series(1, $2::int) n CROSS JOIN LATERAL (SELECT DATE '2018-01-01' + n % 2500 AS day) d`,
      [DEBTORS, DEBTORS * ENTRIES_PER_DEBTOR],
    );
    await owner.query('ANALYZE rc.exposure_entry');
    const started = performance.now();
    expect(await ask({ part: OVER_THREE_YEARS })).toHaveLength(5);
    const took = performance.now() - started;
    if (process.env['ARREARS_SHOW_FIGURES'] !== undefined)
      process.stdout.write(`five largest of ${String(DEBTORS)} debtors: ${took.toFixed(0)} ms\n`);
    expect(took).toBeLessThan(5_000);
  }, 120_000);
});
