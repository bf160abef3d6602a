import { events as receivablesEvents } from '@app/receivables';
import { Database, EventStore, registerEventTypes } from '@app/event-store';
import type { ProvisionCalculator } from '../calculate/provision-calculator';
import { createTestDatabase, type TestDatabase } from '@app/testing';
import { events } from '../events';
import { GetForwardAgeingHandler } from '../metrics/forward-ageing.handler';
import { GetMetricsHandler } from '../metrics/metrics.handler';
import { GetForwardAgeingQuery, GetMetricsQuery, type MetricsRequest } from '../metrics/metrics.query';
import { GetLossRateEvidenceHandler, ListEvidenceReceivablesHandler } from './evidence.handlers';
import { GetLossRateEvidenceQuery, ListEvidenceReceivablesQuery, type EvidenceRequest } from './evidence.query';
import { busOf, receivable, type FakeHistories } from './histories.fixture';

jest.setTimeout(30_000);

const TENANT = 11;
const catalogue = [...receivablesEvents, ...events];
const ROLL: EvidenceRequest = { asOf: '2024-12-31', method: 'roll-rate', kind: 'trade', scheme: 'months-6-12-24-36', periods: 1 };

let testDatabase: TestDatabase;
let database: Database;
let store: EventStore;
beforeAll(async () => {
  testDatabase = await createTestDatabase({ schemas: ['pf'] });
  await registerEventTypes(testDatabase.ownerUrl, catalogue);
  database = new Database({ connectionString: testDatabase.workerUrl, applicationName: 'evidence-test' });
  store = new EventStore(database, catalogue);
});
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

// Nothing has been recorded in this log: histories at position 0 are what is known.
const known = <Book extends FakeHistories>(book: Book): Book => ({
  ...book,
  receivables: book.receivables.map((history) => ({
    ...{ ...history, position: history.position - 1n },
    classifications: history.classifications.map((fact) => ({ ...fact, position: fact.position - 1n })),
    steps: history.steps.map((step) => ({ ...step, position: step.position - 1n })),
  })),
});
const evidence = (book: FakeHistories, over: Partial<EvidenceRequest> = {}) =>
  new GetLossRateEvidenceHandler(store, busOf(known(book))).execute(new GetLossRateEvidenceQuery(TENANT, { ...ROLL, ...over }));
const noProvision = {
  provision: () => Promise.resolve({ ok: false, problem: { code: 'loss-rate-missing', detail: '', errors: [] } }),
} as unknown as ProvisionCalculator;
const metrics = (book: FakeHistories, over: Partial<MetricsRequest> = {}) =>
  new GetMetricsHandler(store, busOf(known(book)), noProvision).execute(
    new GetMetricsQuery(TENANT, { asOf: '2024-12-31', top: 1, ...over }),
  );

describe('rates from what moved between buckets', () => {
  const book: FakeHistories = {
    receivables: [
      receivable('paid', '2023-06-30', 600n, [['payment', '2024-03-31', -600n]]),
      receivable('rolled', '2023-06-30', 400n, [['payment', '2024-03-31', -100n]]),
      receivable('lost', '2022-06-30', 500n, [['write_off', '2024-06-30', -200n]]),
      receivable('vanished', '2022-06-30', 500n, [['unclassified', '2024-06-30', -300n]]),
      receivable('oldest', '2020-06-30', 100n),
      receivable('new', '2024-06-30', 50n),
      receivable('not known yet', '2023-06-30', 999n, [['payment', '2024-03-31', -999n, { position: 9n }]], { position: 9n }),
    ],
  };

  it('show both bounds while a settlement is unclassified, and foot row by row', async () => {
    const { rolls, migrations, sample, warnings } = await evidence(book);
    expect(rolls.map(({ rate, low, high }) => [rate, low, high])).toEqual([
      ['0.3', '0.3', '0.3'],
      ['1', '0.7', '1'],
      ['1', '1', '1'],
    ]);
    expect(sample).toEqual({ receivables: 5, amount: 2_100n });
    expect(warnings.map(({ code }) => code)).toContain('unclassified-settlements');
    for (const { opening, raised, closing, ...row } of migrations.flatMap(({ rows }) => rows)) {
      const out = row.collected + row.credited + row.writtenOff + row.disposed + row.unclassified + row.reclassified;
      expect(opening + raised).toBe(out + closing.reduce((sum, { amount }) => sum + amount, 0n));
    }
    expect((await evidence(book, { unclassified: 'as-collected' })).rolls[1]?.rate).toBe('0.7');
  });

  it('leave what became another kind, was disposed of, or was taken on without history out of the rolls', async () => {
    const left: FakeHistories = {
      receivables: [
        receivable('stays', '2023-06-30', 100n, [['payment', '2024-02-01', -50n]]),
        receivable('becomes a note', '2023-06-30', 100n, [], {
          later: [
            {
              effectiveOn: '2024-05-01',
              position: 1n,
              entityId: 'main',
              kind: 'note_bank',
              class: '',
              invoicedOn: '2023-06-30',
              dueOn: null,
            },
          ],
        }),
        receivable('sold', '2023-06-30', 100n, [['disposal', '2024-02-01', -100n]]),
        receivable('survivor', '2022-06-30', 100n, [], { takenOn: '2024-06-30' }),
      ],
    };
    const { rolls, warnings, migrations } = await evidence(left);
    expect(rolls[0]).toMatchObject({ rate: '0.5', numerator: 50n, denominator: 100n });
    expect(rolls[1]).toMatchObject({ rate: null, flags: ['undefined'] });
    expect(warnings.map(({ code }) => code)).toEqual(expect.arrayContaining(['history-missing', 'rate-undefined']));
    expect(migrations[0]?.rows.find(({ from }) => from === 'arrived')).toMatchObject({ receivables: 1 });
  });

  it('are in constant currency: a rate that moves within the period moves no roll', async () => {
    const foreign: FakeHistories = {
      receivables: [receivable('usd', '2023-06-30', 100n, [['payment', '2024-03-31', -50n]], { currency: 'USD' })],
      fx: [
        { base: 'USD', quote: 'CNY', rate: '7', effectiveOn: '2023-12-31' },
        { base: 'USD', quote: 'CNY', rate: '9', effectiveOn: '2024-12-31' },
      ],
    };
    expect((await evidence(foreign)).rolls[0]).toMatchObject({ rate: '0.5', numerator: 350n, denominator: 700n });
    await expect(evidence({ ...foreign, fx: [] })).rejects.toMatchObject({ code: 'fx-rate-missing' });
  });

  it('can be told apart by segment of the opening date, or asked for one', async () => {
    const two: FakeHistories = {
      receivables: [
        receivable('a', '2023-06-30', 100n),
        receivable('b', '2023-06-30', 100n, [['payment', '2024-03-31', -100n]], { debtorNo: 2n, debtorId: 'D2' }),
      ],
      segments: { D1: 'retail', D2: 'public' },
    };
    const bySegment = await evidence(two, { groupBy: 'segment' });
    expect(bySegment.rolls.filter(({ to }) => to === '1 to 2 years').map(({ segment, rate }) => [segment, rate])).toEqual([
      ['public', '0'],
      ['retail', '1'],
    ]);
    expect((await evidence(two, { segment: 'retail' })).rates[0]).toMatchObject({ segment: 'retail', rate: null });
    expect((await evidence(two, { segment: 'retail', tail: 'separate' })).rolls[0]).toMatchObject({ segment: 'retail', rate: '1' });
  });

  it('open to receivables page by page, each once, whatever the pages', async () => {
    const list = async (limit: number, after?: { receivableNo: bigint; periodIndex: number }) =>
      (
        await new ListEvidenceReceivablesHandler(store, busOf(known(book))).execute(
          new ListEvidenceReceivablesQuery(TENANT, { ...ROLL, periods: 2, limit, after }),
        )
      ).items;
    const all = await list(100);
    expect(all.map(({ receivableId, periodIndex }) => `${receivableId} ${String(periodIndex)}`)).toEqual([
      ...['paid 0', 'paid 1', 'rolled 0', 'rolled 1', 'lost 0', 'lost 1', 'vanished 0', 'vanished 1', 'oldest 0', 'oldest 1', 'new 1'],
    ]);
    const paged: typeof all = [];
    for (;;) {
      const page = await list(3, paged.at(-1));
      if (page.length === 0) break;
      (paged as unknown[]).push(...page);
    }
    expect(paged).toEqual(all);
    const lost = await new ListEvidenceReceivablesHandler(store, busOf(known(book))).execute(
      new ListEvidenceReceivablesQuery(TENANT, { ...ROLL, toBucket: 'writtenOff', limit: 9 }),
    );
    expect(lost.items.map(({ receivableId, fromBucket, toBucket }) => [receivableId, fromBucket, toBucket])).toEqual([
      ['lost', '1 to 2 years', '2 to 3 years'],
    ]);
  });
});

describe('measures of a small book', () => {
  const book: FakeHistories = {
    receivables: [
      receivable('open', '2024-12-01', 300n, [], { dueOn: '2025-01-31', taxAmount: 30n }),
      receivable('late', '2024-07-31', 200n, [['payment', '2024-10-01', -100n]], { dueOn: '2024-08-31', debtorNo: 2n, debtorId: 'D2' }),
      receivable('overpaid', '2024-06-30', 100n, [['payment', '2024-10-01', -100n, { credit: 20n }]]),
      receivable('settled by credit', '2024-06-30', 20n, [['allocation', '2024-11-01', -20n, { credit: -20n }]]),
      receivable('gone', '2023-06-30', 50n, [
        ['write_off', '2024-02-01', -50n],
        ['recovery', '2024-03-01', 0n, { recovered: 5n }],
      ]),
      receivable('vanished', '2023-06-30', 70n, [['unclassified', '2024-06-30', -70n]]),
    ],
    cash: [{ entityId: 'main', currency: 'CNY', effectiveOn: '2024-09-01', amount: 40n }],
  };
  const value = (answer: Awaited<ReturnType<typeof metrics>>, name: string) => answer.metrics.find((metric) => metric.name === name);

  it('count cash once: what was over-paid when it came in, its allocation not again, recoveries and the unexplained apart', async () => {
    const { amounts } = await metrics(book);
    expect(amounts).toMatchObject({ collections: 260n, unappliedCash: 40n, recoveries: 5n, unclassified: 70n });
    expect((await metrics(book, { kind: 'trade' })).amounts).toMatchObject({ collections: 220n, unappliedCash: 0n });
  });

  it('take sales net of the tax that is known, and hold both sides of CEI with tax', async () => {
    const answer = await metrics(book);
    expect(answer.amounts).toMatchObject({ receivables: 400n, notPastDue: 300n, overdue: 100n, over90: 100n, beginning: 120n });
    expect(answer.amounts).toMatchObject({ sales: 590n, salesWithTax: 620n });
    // (120 + 620 - 70 unclassified - 400) / (120 + 620 - 70 - 300).
    expect(value(answer, 'collectionEffectiveness')?.value).toBe('0.72972972973');
    expect(value(answer, 'dso')?.value).toBe('248.135593220339');
    // December's 300 in 31 days, then August to November without sales, then 100 of the 200 of July in 31 days.
    expect(value(answer, 'countBackDso')?.value).toBe('168.5');
    expect(value(answer, 'topShare')?.value).toBe('0.75');
    expect(value(answer, 'herfindahl')?.value).toBe('0.625');
  });

  it('name the reason where there is no value: no allowance without rates, no cover over nothing', async () => {
    const answer = await metrics(book);
    expect(value(answer, 'coverage')).toMatchObject({ value: null, reason: 'loss-rate-missing' });
    const empty = await metrics({ receivables: [] });
    expect(empty.metrics.filter((metric) => metric.value === null).map(({ name, reason }) => `${name} ${String(reason)}`)).toEqual(
      expect.arrayContaining(['dso no-sales', 'collectionEffectiveness nothing-became-due', 'topShare no-receivables']),
    );
    expect(empty.metrics.every((metric) => (metric.value === null) === (metric.reason !== null))).toBe(true);
  });

  it('say that an exchange rate is missing where sales cannot be told, not that there were none', async () => {
    const answer = await metrics({
      receivables: [receivable('abroad', '2024-03-01', 100n, [], { currency: 'USD' })],
      fx: [{ base: 'USD', quote: 'CNY', rate: '7', effectiveOn: '2024-12-31' }],
    });
    expect(answer.amounts).toMatchObject({ receivables: 700n, sales: null, salesWithTax: null });
    expect(['dso', 'collectionEffectiveness'].map((name) => value(answer, name)?.reason)).toEqual(['fx-rate-missing', 'fx-rate-missing']);
  });

  it('cannot be aged forward without approved rates', async () => {
    const forward = new GetForwardAgeingHandler(store, busOf(known(book))).execute(
      new GetForwardAgeingQuery(TENANT, { asOf: '2024-12-31', kind: 'trade', months: 12 }),
    );
    await expect(forward).rejects.toMatchObject({ code: 'loss-rate-missing' });
  });
});
