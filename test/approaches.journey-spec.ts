import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { finished, ok, startApp, type Caller, type StartedApp } from './started-app.fixture';

/** Stages, scenarios, cover and overlays in one run over HTTP, and what-if questions about it. */

interface Money {
  readonly amount: string;
  readonly currency: string;
}
interface Figures {
  readonly collective: readonly {
    debtorId: string | null;
    enhancementId: string | null;
    bucket: string;
    gross: Money;
    rate: string;
    baseRate: string;
    allowance: Money;
  }[];
  readonly staged: readonly { class: string; stage: number; gross: Money; rate: string; allowance: Money }[];
  readonly overlays: readonly { amount: Money }[];
  readonly shares: readonly { class: string; related: boolean; side: string; allowance: Money }[];
  readonly carryingByCurrency: readonly { kind: string; currency: string; presentation: { net: Money } }[];
  readonly totals: readonly { kind: string; gross: Money; allowance: Money; net: Money }[];
  readonly total: { readonly allowance: Money; readonly staged: { allowance: Money }; readonly overlays: Money };
  readonly warnings: readonly { code: string }[];
  readonly inputs: Readonly<Record<string, unknown>>;
}
interface Run extends Figures {
  readonly id: string;
  readonly status: string;
  readonly problem: unknown;
}
interface WhatIf extends Figures {
  readonly position: number;
  readonly comparedTo: string | null;
  readonly difference: {
    readonly byKind: readonly { kind: string; allowance: Money }[];
    readonly total: { readonly allowance: Money };
    readonly lines: readonly { kind: string; allowance: Money }[];
    readonly linesOnlyBefore: number;
    readonly linesOnlyAfter: number;
  } | null;
  readonly baseProblem: { readonly code: string } | null;
}

/** Longer than the sweeps of the background take to come round. */
const REST_MS = 1_500;
const SCHEME = 'months-6-12-24-36-48';
const LABELS = ['Up to 6 months', '6 months to 1 year', '1 to 2 years', '2 to 3 years', '3 to 4 years', 'Over 4 years'];
const flat = (rate: string) => LABELS.map((bucket) => ({ segment: '*', bucket, rate }));
const cny = (amount: string): Money => ({ amount, currency: 'CNY' });

let app: StartedApp;
let maker: Caller;
let checker: Caller;

beforeAll(async () => {
  app = await startApp();
  maker = await app.principal('maker', ['manager', 'ingest', 'controller', 'viewer']);
  checker = await app.principal('checker', ['approver', 'manager', 'auditor']);
  await book();
}, 60_000);
afterAll(() => app.stop(), 30_000);

async function book(): Promise<void> {
  const debtors = ['D1', 'D2', 'D3', 'D4', 'D5', 'D6'].map((id) => `${id},${id},std,${id === 'D6' ? 'true' : 'false'},CN,,,\n`).join('');
  await app.importCsv(
    maker,
    'debtors',
    `debtor_id,name,segment,related_party,country,terms_days,credit_limit,credit_limit_currency\n${debtors}`,
  );
  const row = (id: string, debtor: string, kind: string, amount: string, due: string, more = ',') =>
    `${id},${debtor},${kind},CNY,${amount},2024-01-01,2024-01-01,${due},${id},${more}\n`;
  await app.importCsv(
    maker,
    'receivables',
    'receivable_id,debtor_id,kind,currency,amount,recognised_on,invoiced_on,due_on,document_no,class,on_demand\n' +
      row('R1', 'D1', 'other', '1000.00', '2024-12-31', 'deposits,') +
      row('R2', 'D2', 'other', '500.00', '2024-11-15') +
      row('R3', 'D3', 'other', '200.00', '2024-01-15') +
      row('R4', 'D4', 'other', '300.00', '', ',true') +
      row('R5', 'D5', 'trade', '1000.00', '2024-06-30') +
      row('R6', 'D6', 'trade', '1000.00', '2024-06-30'),
  );
  const stage = { pd12Months: '0.04', pdLifetime: '0.2', lgd: '0.5' };
  await approved('staging-policies', {
    ...{ kind: 'other', effectiveOn: '2024-01-01' },
    parameters: [stage, { ...stage, class: 'deposits', pd12Months: '0.02', pdLifetime: '0.1' }],
  });
  await approved('stage-assignments', { debtorId: 'D4', stage: 3, effectiveOn: '2024-10-01', reason: 'bankruptcy filed' });
  await approved('loss-rate-sets', { kind: 'trade', scheme: SCHEME, effectiveOn: '2024-01-01', rates: flat('0.1') });
  await approved('forward-looking-sets', {
    ...{ kind: 'trade', effectiveOn: '2024-01-01', reason: 'outlook' },
    scenarios: [
      { name: 'base', weight: '0.5', scalar: '1' },
      { name: 'down', weight: '0.5', scalar: '1.4' },
    ],
  });
  await approved('credit-enhancements', {
    ...{ debtorId: 'D5', type: 'insurance', integral: true, limit: cny('800.00'), coveredShare: '0.9', providerLossRate: '0' },
    ...{ effectiveOn: '2024-01-01', expiresOn: '2025-06-30', reason: 'insured' },
  });
  await approved('overlays', { kind: 'trade', amount: cny('25.00'), effectiveOn: '2024-12-01', expiresOn: '2025-03-31', reason: 'flood' });
}

async function approved(collection: string, body: object): Promise<void> {
  const { id } = await ok<{ id: string }>(maker('POST', `/v1/${collection}`, body));
  await ok(checker('POST', `/v1/${collection}/${id}/approve`, {}));
}
async function run(): Promise<Run> {
  const { id } = await ok<{ id: string }>(maker('POST', '/v1/provision-runs', { asOf: '2024-12-31' }));
  return finished<Run>(maker, `/v1/provision-runs/${id}`);
}
const whatIf = (changes: object) => ok<WhatIf>(maker('POST', '/v1/what-if', { asOf: '2024-12-31', ...changes }));

describe('one run by every approach', () => {
  it('measures deposits by stages, trade by a matrix under scenarios and cover, and keeps the overlay beside them', async () => {
    const computed = await run();
    expect(computed.problem).toBeNull();
    expect(
      computed.staged.map(({ class: name, stage, gross, rate, allowance }) => [name, stage, gross.amount, rate, allowance.amount]),
    ).toEqual([
      ['', 2, '500.00', '0.1', '50.00'],
      ['', 3, '500.00', '0.5', '250.00'],
      ['deposits', 1, '1000.00', '0.01', '10.00'],
    ]);
    const lines = computed.collective.filter(({ gross }) => gross.amount !== '0.00');
    expect(
      lines.map(({ debtorId, gross, baseRate, rate, allowance }) => [debtorId, gross.amount, baseRate, rate, allowance.amount]),
    ).toEqual([
      [null, '1000.00', '0.1', '0.12', '120.00'],
      ['D5', '1000.00', '0.1', '0.0336', '33.60'],
    ]);
    expect(computed.overlays).toMatchObject([{ amount: cny('25.00') }]);
    expect(computed.total).toMatchObject({ allowance: cny('488.60'), staged: { allowance: cny('310.00') }, overlays: cny('25.00') });
    expect(computed.totals.map(({ kind, net }) => [kind, net.amount])).toEqual([
      ['trade', '1821.40'],
      ['other', '1690.00'],
    ]);
    expect(computed.shares.filter(({ related }) => related)).toMatchObject([{ side: 'collective', allowance: cny('120.00') }]);
    expect(computed.carryingByCurrency).toMatchObject([
      { presentation: { net: cny('1821.40') } },
      { presentation: { net: cny('1690.00') } },
    ]);
    expect(computed.inputs).toMatchObject({ engineVersion: '2', stagings: [{ kind: 'other', scheme: 'stages-30-90' }] });
    expect(await checker('GET', `/v1/provision-runs/${computed.id}/verify`)).toMatchObject({ status: 200, json: { verified: true } });
  });

  it('a close carries what is measured by stages as well', async () => {
    await ok(maker('POST', '/v1/closes', { asOf: '2024-12-31' }));
    const close = await finished<{ status: string; allowance: object }>(maker, '/v1/closes/2024-12-31');
    expect(close.allowance).toMatchObject({
      allowance: cny('488.60'),
      stages: expect.arrayContaining([expect.objectContaining({ stage: 3, allowance: cny('250.00') })]) as unknown,
    });
  });
});

describe('what if', () => {
  it('other rates, scenarios and overlays were used: the answer is a whole run and what it changes', async () => {
    const doubled = await whatIf({ lossRates: [{ kind: 'trade', rates: flat('0.2') }] });
    expect(doubled.total.allowance).toEqual(cny('642.20'));
    expect(doubled.difference?.byKind.map(({ kind, allowance }) => [kind, allowance.amount])).toEqual([
      ['trade', '153.60'],
      ['other', '0.00'],
    ]);
    expect(
      doubled.difference?.lines.filter(({ allowance }) => allowance.amount !== '0.00').map(({ allowance }) => allowance.amount),
    ).toEqual(['120.00', '33.60']);
    const plain = await whatIf({
      forwardLooking: [{ kind: 'trade', scenarios: [{ name: 'one', weight: '1', scalar: '1' }] }],
      overlays: [],
    });
    expect(plain.difference?.total.allowance).toEqual(cny('-50.60'));
  });

  it('debtors stood in another segment, or the buckets were others', async () => {
    const rates = [...flat('0.1'), { segment: 'watch', bucket: '6 months to 1 year', rate: '0.5' }];
    const moved = await whatIf({ segments: [{ debtorId: 'D6', segment: 'watch' }], lossRates: [{ kind: 'trade', rates }] });
    expect(moved.difference?.total.allowance).toEqual(cny('480.00'));
    const buckets = {
      basis: 'due',
      buckets: [
        { label: 'Within a year', upTo: { years: 1 } },
        { label: 'Older', over: true },
      ],
    };
    const twoBuckets = ['Within a year', 'Older'].map((bucket) => ({ segment: '*', bucket, rate: '0.05' }));
    const cut = await whatIf({ kinds: ['trade'], buckets, lossRates: [{ kind: 'trade', rates: twoBuckets }] });
    expect(cut.collective.filter(({ gross }) => gross.amount !== '0.00').map(({ bucket }) => bucket)).toEqual([
      'Within a year',
      'Within a year',
    ]);
    expect(cut.difference).toMatchObject({ total: { allowance: cny('-76.80') }, linesOnlyAfter: 3 });
  });

  it('exchange rates were others, which is also how a currency without any recorded rate can be tried', async () => {
    expect(await maker('POST', '/v1/what-if', { asOf: '2024-12-31', currency: 'USD' })).toMatchObject({
      status: 422,
      json: { code: 'fx-rate-missing' },
    });
    const inDollars = await whatIf({ currency: 'USD', fxRates: [{ base: 'USD', quote: 'CNY', rate: '10' }] });
    expect(inDollars.total.allowance).toEqual({ amount: '48.86', currency: 'USD' });
    expect(inDollars).toMatchObject({ difference: null, baseProblem: { code: 'fx-rate-missing' } });
  });

  it('is compared with a run on demand', async () => {
    const computed = await run();
    const compared = await whatIf({ compareTo: computed.id, overlays: [] });
    expect(compared).toMatchObject({ comparedTo: computed.id, difference: { total: { allowance: cny('-25.00') } } });
    expect(await maker('POST', '/v1/what-if', { asOf: '2024-12-31', compareTo: 'nobody' })).toMatchObject({ status: 404 });
  });

  it.each([
    [
      'weights that are not 1',
      { forwardLooking: [{ kind: 'trade', scenarios: [{ name: 'a', weight: '0.5', scalar: '1' }] }] },
      'weights-not-one',
    ],
    [
      'a bucket nobody has',
      { lossRates: [{ kind: 'trade', rates: [{ segment: '*', bucket: 'nowhere', rate: '0.1' }] }] },
      'loss-rates-invalid',
    ],
    ['buckets that are no partition', { buckets: { basis: 'due', buckets: [{ label: 'x', upTo: { days: 1 } }] } }, 'ageing-scheme-invalid'],
    ['an unknown debtor', { segments: [{ debtorId: 'nobody', segment: 'x' }] }, 'debtor-unknown'],
    ['a rate of nothing', { fxRates: [{ base: 'USD', quote: 'CNY', rate: '0' }] }, 'rate-format'],
    ['a kind without losses', { overlays: [{ kind: 'non_financial', amount: cny('1.00') }] }, 'validation-failed'],
  ])('is asked with %s: refused with the place', async (_, changes, code) => {
    const answer = await maker('POST', '/v1/what-if', { asOf: '2024-12-31', ...changes });
    expect(answer).toMatchObject({ status: 422, json: { code } });
    expect((answer.json as { errors: { pointer?: string }[] }).errors[0]?.pointer).toMatch(/^\/\w+/);
  });

  it('leaves no trace: the log does not move and no row of any table changes, or trying things out would be a risk', async () => {
    const before = await rowsAtRest();
    const first = await whatIf({
      lossRates: [{ kind: 'trade', rates: flat('0.3') }],
      segments: [{ debtorId: 'D1', segment: 'x' }],
      overlays: [],
    });
    const second = await whatIf({});
    expect(second.position).toBe(first.position);
    expect(second.difference).toMatchObject({ total: { allowance: cny('0.00') }, linesOnlyBefore: 0, linesOnlyAfter: 0 });
    expect(await rowsOfEveryTable()).toEqual(before);
    // A run does leave rows, so the digests above would have shown them.
    await run();
    expect(await rowsOfEveryTable()).not.toEqual(before);
  }, 30_000);

  it('is for everybody who reads figures, not for the machine that feeds them', async () => {
    const feeder = await app.principal('feeder', ['ingest']);
    expect(await feeder('POST', '/v1/what-if', { asOf: '2024-12-31' })).toMatchObject({ status: 403 });
    const viewer = await app.principal('viewer', ['viewer']);
    expect(await viewer('POST', '/v1/what-if', { asOf: '2024-12-31' })).toMatchObject({ status: 200 });
  });
});

describe('a credit-impaired debtor', () => {
  it('is in stage 3 from the day of the flag, and in the stage of its days past due before it', async () => {
    await app.importCsv(
      maker,
      'debtors',
      'debtor_id,name,segment,related_party,country,terms_days,credit_limit,credit_limit_currency,credit_impaired,effective_on\n' +
        'D1,D1,std,false,CN,,,,true,2024-12-31\n',
    );
    const stageOf = async (asOf: string) =>
      (await ok<WhatIf>(maker('POST', '/v1/what-if', { asOf, kinds: ['other'] }))).staged
        .filter((line) => line.class === 'deposits')
        .map(({ stage, allowance }) => [stage, allowance.amount]);
    expect(await stageOf('2024-12-30')).toEqual([[1, '10.00']]);
    expect(await stageOf('2024-12-31')).toEqual([[3, '500.00']]);
  });
});

/** Leases, progress marks, seals and the like, which move while everybody rests. */
const NEVER_AT_REST = /lease|lane|heartbeat|settled|settle|seal|schedule|processor/;
/** Jobs that come round by the clock are nobody's trace. */
const BUT_SCHEDULED: Readonly<Record<string, string>> = { 'pf.intent': 'WHERE t.key NOT IN (SELECT name FROM pf.schedule)' };

/** Once the work that earlier tests left to the background has come to an end. */
async function rowsAtRest(): Promise<Record<string, string>> {
  let rows = await rowsOfEveryTable();
  for (;;) {
    await pause(REST_MS);
    const later = await rowsOfEveryTable();
    if (JSON.stringify(later) === JSON.stringify(rows)) return rows;
    rows = later;
  }
}

async function rowsOfEveryTable(): Promise<Record<string, string>> {
  const client = new Client({ connectionString: process.env['DATABASE_URL'] });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname IN ('es', 'pf', 'ac', 'rc', 'pv', 'cl', 'al') ORDER BY 1",
    );
    const digests: Record<string, string> = {};
    for (const { name } of rows.filter((table) => !NEVER_AT_REST.test(table.name))) {
      const digest = await client.query<{ digest: string }>(
        `SELECT count(*) || ' ' || COALESCE(md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))), '') AS digest FROM ${name} t ${BUT_SCHEDULED[name] ?? ''}`,
      );
      digests[name] = digest.rows[0]?.digest ?? '';
    }
    return digests;
  } finally {
    await client.end();
  }
}
