import { generateBook } from '../apps/cli/src/demo/book/generate-book';
import type { Row } from '../apps/cli/src/demo/book/rows';
import { toCsv } from '../apps/cli/src/demo/csv-files';
import { ok, startApp, type Caller, type StartedApp } from './started-app.fixture';

interface Money {
  readonly amount: string;
}
interface Metrics {
  readonly position: number;
  readonly knownAt: string;
  readonly daysInPeriod: number;
  readonly debtors: number;
  readonly amounts: Readonly<Record<string, Money | null>>;
  readonly metrics: Readonly<Record<string, { readonly value: string | null; readonly unit: string; readonly reason: string | null }>>;
}
interface Forward {
  readonly gross: Money;
  readonly charge: Money;
  readonly months: readonly {
    month: number;
    charge: Money;
    crossings: readonly { fromBucket: string; toBucket: string; amount: Money }[];
  }[];
}

const SCHEME = 'months-6-12-24-36-48';

jest.setTimeout(60_000);

/** An item of the very last day is twelve months old a year later and passes into the next bucket only on the day after. */
const beforeTheLastDay = (row: Row): Row =>
  row['recognised_on'] === '2024-12-31' ? { ...row, recognised_on: '2024-12-30', invoiced_on: '2024-12-30' } : row;

let app: StartedApp;
let maker: Caller;
let checker: Caller;
beforeAll(async () => {
  app = await startApp();
  maker = await app.principal('maker', ['manager', 'ingest', 'viewer']);
  checker = await app.principal('checker', ['approver']);
  const book = generateBook();
  await ok(app.admin('PUT', '/v1/tenant', { presentationCurrency: 'CNY' }));
  const proposals: string[] = [];
  for (const year of ['fy2023', 'fy2024'] as const) {
    const { assessments, ...tables } = book[year];
    const trade = { ...tables, receivables: tables.receivables.filter(({ kind }) => kind === 'trade') };
    const ids = new Set(
      [...book.fy2023.receivables, ...book.fy2024.receivables].filter(({ kind }) => kind === 'trade').map((row) => row['receivable_id']),
    );
    const movements = tables.movements.filter((row) => ids.has(row['receivable_id']));
    for (const table of ['debtors', 'fx-rates'] as const) await app.importCsv(maker, table, toCsv(table, tables[table]));
    await app.importCsv(maker, 'receivables', toCsv('receivables', trade.receivables.map(beforeTheLastDay)));
    if (movements.length > 0) await app.importCsv(maker, 'movements', toCsv('movements', movements));
    const effectiveOn = year === 'fy2023' ? '2023-12-31' : '2024-12-31';
    const rates = tables['loss-rates']
      .filter(({ kind }) => kind === 'trade')
      .map(({ segment, bucket, rate }) => ({ segment, bucket, rate }));
    const set = await ok<{ id: string }>(maker('POST', '/v1/loss-rate-sets', { kind: 'trade', scheme: SCHEME, effectiveOn, rates }));
    proposals.push(`loss-rate-sets/${set.id}`);
    for (const row of assessments) {
      const { id } = await ok<{ id: string }>(
        maker('POST', '/v1/individual-assessments', {
          ...{
            debtorId: row['debtor_id'],
            effectiveOn: row['effective_on'],
            lossRate: row['loss_rate'],
            reason: row['reason'],
            kinds: ['trade'],
          },
        }),
      );
      proposals.push(`individual-assessments/${id}`);
    }
  }
  for (const proposal of proposals) await ok(checker('POST', `/v1/${proposal}/approve`, {}));
}, 180_000);
afterAll(() => app.stop(), 90_000);

const metrics = (query: string) => ok<Metrics>(maker('GET', `/v1/metrics?kind=trade&${query}`));
const forward = (asOf: string) => ok<Forward>(maker('GET', `/v1/metrics/forward-ageing?kind=trade&asOf=${asOf}`));
const thousands = (money: Money | null | undefined): number => Math.round(Number(money?.amount) / 1000);

describe('the measures of the filed book', () => {
  it('are DSO 676.63 gross and 232.06 net days over 366, on collections of 4,623,000', async () => {
    const answer = await metrics('asOf=2024-12-31&sales=3772101000.00');
    expect(answer.daysInPeriod).toBe(366);
    expect(thousands(answer.amounts['receivables'])).toBe(6_973_566);
    expect(thousands(answer.amounts['beginning'])).toBe(7_912_019);
    expect(answer.amounts['collections']?.amount).toBe('4623000000.00');
    expect(thousands(answer.amounts['allowance'])).toBe(4_581_875);
    const value = (name: string): string => Number(answer.metrics[name]?.value).toFixed(2);
    expect([value('dso'), value('netDso')]).toEqual(['676.63', '232.06']);
    expect(Number(answer.metrics['bestPossibleDso']?.value) + Number(answer.metrics['averageDaysDelinquent']?.value)).toBeCloseTo(
      676.634,
      2,
    );
    expect(value('coverage')).toBe((4_581_875 / 6_973_566).toFixed(2));
    expect(value('individualCoverage')).toBe('0.77');
    expect(answer.metrics['stagedCoverage']).toMatchObject({ value: null, reason: 'no-receivables' });
  });

  it('take sales from what was billed, items taken on left out, and say why a measure has no value', async () => {
    const derived = await metrics('asOf=2024-12-31');
    expect(thousands(derived.amounts['salesWithTax'])).toBeGreaterThan(4_000_000);
    const first = await metrics('asOf=2023-12-31');
    expect(first.amounts['salesWithTax']?.amount).toBe('0.00');
    expect(first.metrics['dso']).toMatchObject({ value: null, reason: 'no-sales' });
    expect(first.metrics['trueDso']).toMatchObject({ value: null, reason: 'sales-by-month-unknown' });
  });

  it('of an earlier moment of knowledge stay what they were', async () => {
    const before = await metrics('asOf=2024-12-31');
    await app.importCsv(
      maker,
      'receivables',
      'receivable_id,debtor_id,kind,currency,amount,recognised_on,invoiced_on,due_on,document_no\nLATE,D0001,trade,CNY,5000.00,2024-11-01,2024-11-01,2024-12-01,LATE\n',
    );
    const after = await metrics('asOf=2024-12-31');
    expect(Number(after.amounts['receivables']?.amount) - Number(before.amounts['receivables']?.amount)).toBe(5_000);
    expect(await metrics(`asOf=2024-12-31&knownAt=${encodeURIComponent(before.knownAt)}`)).toEqual(before);
    await app.importCsv(
      maker,
      'movements',
      'movement_id,receivable_id,type,amount,effective_on,reference\nLATE-OUT,LATE,credit_note,5000.00,2024-11-01,\n',
    );
  });

  it('refuse a period without a day and sales that are no amount', async () => {
    const refused = async (query: string) => (await maker('GET', `/v1/metrics?${query}`)).json as { code: string };
    expect(await refused('asOf=2024-12-31&from=2024-12-31')).toMatchObject({ code: 'evidence-window-invalid' });
    expect(await refused('asOf=2024-12-31&sales=1,000')).toMatchObject({ code: 'amount-format' });
    expect(await maker('GET', '/v1/metrics/forward-ageing?kind=note_bank&asOf=2024-12-31')).toMatchObject({
      status: 422,
      json: { code: 'loss-rate-missing' },
    });
  });
});

describe('ageing forward', () => {
  it('charges 1,296,188 in the twelve months after FY2023 at the rates of that day, before any collection', async () => {
    const { charge, gross, months } = await forward('2023-12-31');
    expect([thousands(gross), thousands(charge)]).toEqual([6_952_342, 1_296_188]);
    expect(months).toHaveLength(12);
    const out = months.flatMap(({ crossings }) => crossings).filter(({ fromBucket }) => fromBucket === '3 to 4 years');
    expect(Math.round(out.reduce((sum, { amount }) => sum + Number(amount.amount), 0) / 1000)).toBe(895_657);
  });

  it('charges 1,078,775 after FY2024, every item placed so that it passes within the twelve months', async () => {
    const { charge, gross } = await forward('2024-12-31');
    expect([thousands(gross), thousands(charge)]).toEqual([5_759_506, 1_078_775]);
  });
});
