import { generateBook } from '../apps/cli/src/demo/book/generate-book';
import { toCsv } from '../apps/cli/src/demo/csv-files';
import { ok, startApp, type Caller, type StartedApp } from './started-app.fixture';

interface Money {
  readonly amount: string;
  readonly currency: string;
}
interface Rate {
  readonly segment: string;
  readonly bucket: string;
  readonly rate: string | null;
  readonly low: string | null;
  readonly high: string | null;
  readonly receivables: number;
  readonly flags: readonly string[];
}
interface Flow {
  readonly opening: Money;
  readonly raised: Money;
  readonly collected: Money;
  readonly writtenOff: Money;
}
interface Evidence {
  readonly knownAt: string;
  readonly position: number;
  readonly rates: readonly Rate[];
  readonly rolls: readonly { from: string[]; to: string; rate: string; numerator: Money; denominator: Money; receivables: number }[];
  readonly migrations: readonly {
    rows: readonly (Flow & { from: string; closing: { bucket: string; amount: Money }[]; receivables: number })[];
  }[];
  readonly sample: { readonly receivables: number; readonly amount: Money };
  readonly warnings: readonly { code: string }[];
  readonly cohorts: readonly { sales: Money; netLosses: Money[]; ultimate: string | null }[];
}
interface Page {
  readonly items: readonly (Flow & { receivableId: string; fromBucket: string; toBucket: string | null; closing: Money })[];
  readonly next: string | null;
}

const DEBTORS = 'debtor_id,name,segment,related_party,country,terms_days,credit_limit,credit_limit_currency\n';
const RECEIVABLES = 'receivable_id,debtor_id,kind,currency,amount,recognised_on,invoiced_on,due_on,document_no\n';
const MOVEMENTS = 'movement_id,receivable_id,type,amount,effective_on,reference\n';
const EVIDENCE = '/v1/loss-rate-evidence';

jest.setTimeout(60_000);

let app: StartedApp;
let maker: Caller;
let checker: Caller;
beforeAll(async () => {
  app = await startApp();
}, 60_000);
afterAll(() => app.stop(), 30_000);

describe('rates derived from a book', () => {
  beforeAll(async () => {
    maker = await app.principal('maker', ['manager', 'approver', 'ingest', 'controller', 'viewer']);
    checker = await app.principal('checker', ['approver', 'viewer']);
    const { fy2023, fy2024 } = generateBook();
    for (const year of [fy2023, fy2024]) {
      for (const table of ['debtors', 'receivables', 'movements', 'fx-rates'] as const) {
        if (year[table].length > 0) await app.importCsv(maker, table, toCsv(table, year[table]));
      }
    }
    await ok(app.admin('PUT', '/v1/tenant', { presentationCurrency: 'CNY' }));
  }, 120_000);

  const percent = (rate: string | null): string => (Number(rate) * 100).toFixed(2);
  const SENSETIME = 'method=roll-rate&kind=trade&scheme=months-6-12-24-36&asOf=2024-12-31&periods=1&periodMonths=12&tail=pooled';

  it('roll as the two published ageings do: 20.46, 92.40 and 80.66 %, and 88.86 % once write-offs are added back', async () => {
    const flows = await ok<Evidence>(maker('GET', `${EVIDENCE}?${SENSETIME}&writeOffs=as-collected`));
    expect(flows.rolls.map(({ numerator, denominator }) => [numerator.amount, denominator.amount])).toEqual([
      ['262468000.00', '1282605000.00'],
      ['1748177000.00', '1891876000.00'],
      ['3821085000.00', '4737538000.00'],
    ]);
    expect(flows.rolls.map(({ rate }) => percent(rate))).toEqual(['20.46', '92.40', '80.66']);
    const lost = await ok<Evidence>(maker('GET', `${EVIDENCE}?${SENSETIME}&writeOffs=added-back`));
    expect(lost.rolls.map(({ rate }) => percent(rate))).toEqual(['20.46', '92.40', '88.86']);
    expect(lost.rates.map(({ bucket, rate }) => [bucket, percent(rate)])).toEqual([
      ['Up to 6 months', '16.80'],
      ['6 months to 1 year', '16.80'],
      ['1 to 2 years', '82.11'],
      ['2 to 3 years', '88.86'],
      ['More than 3 years', '100.00'],
    ]);
  });

  it('open every cell to receivables that make it up, page by page and as known at the first page', async () => {
    const evidence = await ok<Evidence>(maker('GET', `${EVIDENCE}?${SENSETIME}`));
    const row = evidence.migrations[0]?.rows.find(({ from }) => from === '1 to 2 years');
    const cell = new URLSearchParams({ fromBucket: '1 to 2 years', toBucket: '2 to 3 years', limit: '100', knownAt: evidence.knownAt });
    const found: Page['items'][number][] = [];
    let next: string | null = null;
    do {
      const page: Page = await ok<Page>(
        maker('GET', `${EVIDENCE}/receivables?${SENSETIME}&${cell.toString()}${next === null ? '' : `&cursor=${next}`}`),
      );
      found.push(...page.items);
      next = page.next;
    } while (next !== null);
    expect(new Set(found.map(({ receivableId }) => receivableId)).size).toBe(found.length);
    const sum = (amounts: readonly string[]): bigint => amounts.reduce((total, amount) => total + BigInt(amount.replace('.', '')), 0n);
    expect(sum(found.map(({ closing }) => closing.amount))).toBe(
      sum(row?.closing.filter(({ bucket }) => bucket === '2 to 3 years').map(({ amount }) => amount.amount) ?? []),
    );
    for (const { opening, raised, collected, writtenOff, closing } of row === undefined
      ? []
      : [{ ...row, closing: row.closing.map(({ amount }) => amount.amount) }])
      expect(sum([opening.amount, raised.amount])).toBe(sum([collected.amount, writtenOff.amount, ...closing]));
  });

  it('become a proposal with its evidence, which counts for nothing until somebody else approves it', async () => {
    const { asOf, ...asked } = { ...Object.fromEntries(new URLSearchParams(SENSETIME)), asOf: '2024-12-31' };
    const body = { ...asked, asOf, id: 'rolled-2024', effectiveOn: '2024-12-31' };
    expect(await checker('POST', `${EVIDENCE}/proposals`, body)).toMatchObject({ status: 403 });
    const proposed = await maker('POST', `${EVIDENCE}/proposals`, body);
    expect(proposed).toMatchObject({ status: 201, json: { id: 'rolled-2024', status: 'proposed' } });
    const run = await ok<{ id: string }>(maker('POST', '/v1/provision-runs', { asOf: '2024-12-31', kinds: ['trade'] }));
    expect(run.id).not.toBe('');
    const set = async () =>
      ok<{ status: string; inForce: boolean; rates: Rate[]; evidence: { method: string; sampleSize: number; url: string } }>(
        maker('GET', '/v1/loss-rate-sets/rolled-2024?asOf=2024-12-31'),
      );
    expect(await set()).toMatchObject({ status: 'proposed', inForce: false });
    expect(await maker('POST', '/v1/loss-rate-sets/rolled-2024/approve', {})).toMatchObject({ status: 403, json: { code: 'four-eyes' } });
    await ok(checker('POST', '/v1/loss-rate-sets/rolled-2024/approve', {}));
    const approved = await set();
    expect(approved).toMatchObject({ status: 'approved', inForce: true, evidence: { method: 'roll-rate' } });
    // The address in the evidence gives the same rates again; it names the segment where only one was looked at.
    const again = await ok<Evidence>(checker('GET', approved.evidence.url));
    expect(again.rates.map(({ rate }) => rate)).toEqual(approved.rates.map(({ rate }) => rate));
    expect(again.sample.receivables).toBe(approved.evidence.sampleSize);
  });

  it('are held against what came: the set of 2023 on its claims of 2023, by the end of 2024', async () => {
    const { fy2023 } = generateBook();
    const rates = fy2023['loss-rates']
      .filter(({ kind }) => kind === undefined || kind === 'trade')
      .map(({ segment, bucket, rate }) => ({ segment, bucket, rate }));
    await ok(
      maker('POST', '/v1/loss-rate-sets', {
        id: 'filed-2023',
        kind: 'trade',
        scheme: 'months-6-12-24-36-48',
        effectiveOn: '2023-12-31',
        rates,
      }),
    );
    const tested = await ok<{ total: Record<'given' | 'gross' | 'writtenOff' | 'came' | 'shortfall', Money>; lines: { bucket: string }[] }>(
      maker('GET', '/v1/loss-rate-sets/filed-2023/back-test?asOf=2023-12-31&at=2024-12-31'),
    );
    expect(tested.lines.map(({ bucket }) => bucket).slice(0, 2)).toEqual(['Up to 6 months', '6 months to 1 year']);
    expect(tested.total.gross.amount).toBe('7912019000.00');
    expect(tested.total.writtenOff.amount).toBe('388656000.00');
    expect(Number(tested.total.came.amount) - Number(tested.total.given.amount)).toBeCloseTo(Number(tested.total.shortfall.amount), 2);
    expect(await maker('GET', '/v1/loss-rate-sets/nobody/back-test')).toMatchObject({
      status: 404,
      json: { code: 'loss-rate-set-not-found' },
    });
  });

  it('are refused by name when they cannot be derived as asked', async () => {
    const refusal = async (query: string): Promise<string> => {
      const { status, json } = await maker('GET', `${EVIDENCE}?kind=trade&asOf=2024-12-31&${query}`);
      return `${String(status)} ${(json as { code: string }).code}`;
    };
    expect(await refusal('method=roll-rate&periodMonths=6')).toBe('422 evidence-buckets-not-periods');
    expect(await refusal('method=roll-rate&groups=2,2')).toBe('422 evidence-groups-invalid');
    expect(await refusal('method=roll-rate&from=2024-06-30')).toBe('422 evidence-window-invalid');
    expect(await refusal('method=roll-rate&terminalLoss=1.5')).toBe('422 rate-format');
    expect(await refusal('method=payment-profile&until=2025-01-01')).toBe('422 evidence-window-invalid');
    expect(await refusal('method=guess')).toMatch(/^422 /);
    expect(
      await maker('POST', `${EVIDENCE}/proposals`, {
        method: 'loss-on-sales',
        kind: 'trade',
        asOf: '2024-12-31',
        effectiveOn: '2024-12-31',
      }),
    ).toMatchObject({ status: 422, json: { code: 'evidence-not-by-bucket' } });
    expect(
      await maker('POST', `${EVIDENCE}/proposals`, {
        method: 'roll-rate',
        kind: 'note_bank',
        asOf: '2024-12-31',
        effectiveOn: '2024-12-31',
      }),
    ).toMatchObject({ status: 422, json: { code: 'evidence-rate-undefined' } });
  });
});

describe('the other methods', () => {
  let small: Caller;
  beforeAll(async () => {
    // A segment of its own in the same book: 1,000 sold on 1 January 2023, due on 31 January.
    small = await app.principal('small', ['manager', 'ingest', 'viewer']);
    await app.importCsv(small, 'debtors', `${DEBTORS}P1,Payer,small,false,CN,0,,\n`);
    const note = (id: string, amount: string, on: string, due: string) =>
      `${id},P1,note_commercial,CNY,${amount},${on},${on},${due},${id}\n`;
    await app.importCsv(
      small,
      'receivables',
      RECEIVABLES +
        note('N1', '500.00', '2023-01-01', '2023-01-31') +
        note('N2', '270.00', '2023-01-01', '2023-01-31') +
        note('N3', '150.00', '2023-01-01', '2023-01-31') +
        note('N4', '60.00', '2023-01-01', '2023-01-31') +
        note('N5', '20.00', '2023-01-01', '2023-01-31') +
        note('N6', '2000.00', '2024-01-05', '2024-02-05'),
    );
    await app.importCsv(
      small,
      'movements',
      `${MOVEMENTS}A1,N1,payment,500.00,2023-01-31,\nA2,N2,payment,270.00,2023-02-10,\nA3,N3,payment,150.00,2023-03-15,\n` +
        'A4,N4,payment,60.00,2023-04-15,\nA5,N5,write_off,20.00,2023-12-20,\nA6,N6,write_off,10.00,2024-06-01,\nA7,N5,recovery,5.00,2024-02-01,\n',
    );
  }, 60_000);
  const evidence = (query: string) => ok<Evidence>(small('GET', `${EVIDENCE}?kind=note_commercial&segment=small&${query}`));

  it('take the published payment profile from the events: 2.0, 4.0, 8.7, 25.0 and 100 % of what enters each bucket', async () => {
    const { rates, warnings } = await evidence(
      'method=payment-profile&scheme=days-past-due-30-60-90&asOf=2023-12-31&from=2022-12-31&until=2023-01-31&periodMonths=1',
    );
    expect(rates.map(({ rate }) => (Number(rate) * 100).toFixed(1))).toEqual(['2.0', '4.0', '8.7', '25.0', '100.0']);
    expect(rates.map(({ receivables }) => receivables)).toEqual([5, 4, 3, 2, 1]);
    expect(warnings).toEqual([]);
  });

  it('are proposed for the segment they were taken from, with an address that gives them again', async () => {
    const body = {
      method: 'payment-profile',
      kind: 'note_commercial',
      segment: 'small',
      scheme: 'days-past-due-30-60-90',
      asOf: '2023-12-31',
    };
    const window = { from: '2022-12-31', until: '2023-01-31', periodMonths: 1, rateDecimals: 3, effectiveOn: '2024-01-01' };
    const { id } = await ok<{ id: string }>(small('POST', `${EVIDENCE}/proposals`, { ...body, ...window }));
    const set = await ok<{ rates: Rate[]; evidence: { url: string } }>(small('GET', `/v1/loss-rate-sets/${id}`));
    expect(set.rates.map(({ segment, rate }) => [segment, rate])).toEqual(
      ['0.02', '0.04', '0.087', '0.25', '1'].map((rate) => ['small', rate]),
    );
    const again = await ok<Evidence>(small('GET', set.evidence.url));
    expect(again.rates.map(({ rate }) => rate)).toEqual(set.rates.map(({ rate }) => rate));
  });

  it('follow cohorts of sale with their write-offs net of recoveries', async () => {
    const { cohorts } = await evidence('method=vintage&scheme=months-6-12-24-36&asOf=2024-12-31&periods=2');
    expect(cohorts.map(({ sales, netLosses }) => [sales.amount, netLosses.map(({ amount }) => amount)])).toEqual([
      ['1000.00', ['20.00', '-5.00']],
      ['2000.00', ['10.00']],
    ]);
    // (0.02 - 0.005) / 0.02 on the 0.005 lost of the second cohort.
    expect(cohorts.map(({ ultimate }) => ultimate)).toEqual(['0.015', '0.00375']);
  });

  it('hold losses against the sales of the year, derived or given', async () => {
    const rate = async (query: string) => (await evidence(`method=loss-on-sales&asOf=2024-12-31&${query}`)).rates[0]?.rate;
    expect(await rate('')).toBe('0.0025');
    expect(await rate('sales=1000.00')).toBe('0.005');
  });

  it('count a chain of buckets with its ends, the last bucket being one when its loss is given', async () => {
    const { rates } = await evidence('method=markov&scheme=days-past-due-30-60-90&asOf=2023-05-31&periodMonths=1&periods=4&terminalLoss=1');
    // Of 500 at the end of January 230 are left a month later, then 80, then 20, which go on into the last bucket.
    expect(rates.map(({ rate }) => Number(rate).toFixed(6))).toEqual(['0.040000', '0.086957', '0.250000', '1.000000', '1.000000']);
    const withoutEnd = await small(
      'GET',
      `${EVIDENCE}?kind=note_commercial&segment=small&method=markov&scheme=days-past-due-30-60-90&asOf=2023-06-30&periodMonths=1&periods=5`,
    );
    expect(withoutEnd).toMatchObject({ status: 422, json: { code: 'markov-closed-class' } });
  });
});
