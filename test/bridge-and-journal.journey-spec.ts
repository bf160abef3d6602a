import { eventually } from '@app/testing';
import { finished, ok, startApp, type Caller, type StartedApp } from './started-app.fixture';

interface Money {
  readonly amount: string;
  readonly currency: string;
}
interface Leg {
  readonly cause: string;
  readonly amount: Money;
  readonly collective: Money;
  readonly individual: Money;
  readonly staged: Money;
  readonly receivables: number;
}
interface Bridge {
  readonly from: { readonly runId: string | null; readonly asOf: string };
  readonly opening: Money;
  readonly legs: readonly Leg[];
  readonly closing: Money;
  readonly byKind: readonly { readonly kind: string; readonly opening: Money; readonly legs: readonly Leg[]; readonly closing: Money }[];
  readonly twoFactor: { readonly rateEffect: Money; readonly volumeAndMix: Money; readonly change: Money };
  readonly stageTransfers: readonly {
    readonly fromStage: number;
    readonly toStage: number;
    readonly gross: Money;
    readonly allowance: Money;
  }[];
}
interface Opened {
  readonly items: readonly {
    receivableId: string;
    amount: Money;
    events: readonly { type: string; id: string; position: number | null }[];
  }[];
  readonly next: string | null;
}
interface JournalLine {
  readonly entry: number;
  readonly cause: string;
  readonly account: string;
  readonly accountCode: string;
  readonly debit: Money;
  readonly credit: Money;
  readonly memorandum: boolean;
}
interface Journal {
  readonly status: string;
  readonly againstRunId: string | null;
  readonly impairmentLoss: Money;
  readonly recoveries: Money;
  readonly lines: readonly JournalLine[];
}

/** A year of facts, rates and two runs is loaded inside single tests. */
jest.setTimeout(60_000);

const SCHEME = 'months-6-12-24-36-48';
const LABELS = ['Up to 6 months', '6 months to 1 year', '1 to 2 years', '2 to 3 years', '3 to 4 years', 'Over 4 years'];
const RATES_2023 = ['0.10', '0.20', '0.40', '0.64', '0.80', '1'];
const RATES_2024 = ['0.10', '0.20', '0.45', '0.64', '0.75', '1'];

let app: StartedApp;
let maker: Caller;
let checker: Caller;

/** Another book for each story, with the rates of 2023. */
async function begin(receivables: readonly string[]): Promise<void> {
  app = await startApp();
  maker = await app.principal('maker', ['manager', 'ingest', 'controller', 'auditor']);
  checker = await app.principal('checker', ['approver', 'viewer']);
  await app.importCsv(
    maker,
    'debtors',
    csv('debtor_id,name,segment,related_party,country,terms_days,credit_limit,credit_limit_currency', DEBTORS),
  );
  await app.importCsv(maker, 'receivables', csv(RECEIVABLE_COLUMNS, receivables));
  await approve('/v1/loss-rate-sets', ratesOf('2020-01-01', RATES_2023));
}

const RECEIVABLE_COLUMNS = 'receivable_id,debtor_id,kind,currency,amount,recognised_on,invoiced_on,due_on,document_no,taken_on';
const MOVEMENT_COLUMNS = 'movement_id,receivable_id,type,amount,effective_on,reference';
const DEBTORS = ['D1,One,std,false,CN,0,,', 'D2,Two,std,false,CN,0,,', 'D3,Three,std,false,CN,0,,'];
const OPENING_BOOK = [
  'AGED,D1,trade,CNY,1000.00,2021-06-30,2021-06-30,2021-06-30,1,',
  'GONE,D1,trade,CNY,100.00,2021-06-30,2021-06-30,2021-06-30,2,',
  'PAID,D1,trade,CNY,300.00,2021-06-30,2021-06-30,2021-06-30,3,',
  'ALONE,D2,trade,CNY,500.00,2021-06-30,2021-06-30,2021-06-30,4,',
  'LENT,D3,other,CNY,200.00,2023-06-30,2023-06-30,2024-01-31,5,',
];
const STAGING = {
  ...{ kind: 'other', effectiveOn: '2020-01-01', sicrDays: 30, defaultDays: 90, probationDays: 0 },
  parameters: [{ class: '*', segment: '*', pd12Months: '0.02', pdLifetime: '0.20', lgd: '0.50' }],
};

const csv = (columns: string, rows: readonly string[]): string => `${[columns, ...rows].join('\n')}\n`;
const ratesOf = (effectiveOn: string, rates: readonly string[]) => ({
  ...{ kind: 'trade', scheme: SCHEME, effectiveOn },
  rates: LABELS.map((bucket, index) => ({ segment: '*', bucket, rate: rates[index] })),
});
async function approve(path: string, body: object): Promise<void> {
  const { id } = await ok<{ id: string }>(maker('POST', path, body));
  await ok(checker('POST', `${path}/${id}/approve`, {}));
}
async function run(asOf: string): Promise<string> {
  const { id } = await ok<{ id: string }>(maker('POST', '/v1/provision-runs', { asOf, currency: 'CNY' }));
  const { status } = await finished<{ status: string }>(maker, `/v1/provision-runs/${id}`);
  if (status !== 'completed') throw new Error(`the run is ${status}`);
  return id;
}
const journalOf = (id: string): Promise<Journal> => ok<Journal>(maker('GET', `/v1/provision-runs/${id}/journal`));
async function post(id: string): Promise<Journal> {
  await ok(checker('POST', `/v1/provision-runs/${id}/post`, {}));
  await eventually(async () => (await journalOf(id)).status === 'posted');
  return journalOf(id);
}
const told = (lines: readonly JournalLine[]): string[] =>
  lines.map(({ cause, account, debit, credit }) =>
    debit.amount === '0.00' ? `${cause}: Cr ${account} ${credit.amount}` : `${cause}: Dr ${account} ${debit.amount}`,
  );
const legsOf = (legs: readonly Leg[]): [string, string][] =>
  legs.filter(({ receivables }) => receivables > 0).map(({ cause, amount }) => [cause, amount.amount]);

describe('a year of the allowance', () => {
  let opening: string;
  let closing: string;

  beforeAll(async () => {
    await begin(OPENING_BOOK);
    await approve('/v1/staging-policies', STAGING);
  }, 90_000);
  afterAll(() => app.stop(), 30_000);

  it('begins with the whole allowance as a charge, where nothing was posted before', async () => {
    opening = await run('2023-12-31');
    expect((await maker('POST', `/v1/provision-runs/${opening}/post`, {})).status).toBe(403);
    expect(await checker('POST', `/v1/provision-runs/${opening}/post`, {})).toMatchObject({
      status: 409,
      json: { code: 'run-not-approved' },
    });
    expect(await journalOf(opening)).toMatchObject({ status: 'draft', againstRunId: null });
    await ok(checker('POST', `/v1/provision-runs/${opening}/approve`, {}));
    const journal = await post(opening);
    expect(journal.impairmentLoss.amount).toBe('1218.00');
    expect(told(journal.lines)).toEqual([
      'new-receivables: Dr impairmentLoss 2.00',
      'new-receivables: Dr impairmentLoss 1216.00',
      'new-receivables: Cr allowance 2.00',
      'new-receivables: Cr allowance 1216.00',
    ]);
    const shown = await ok<{ lifecycle: string; journal: JournalLine[] }>(maker('GET', `/v1/provision-runs/${opening}`));
    expect(shown.lifecycle).toBe('posted');
    expect(shown.journal).toEqual(journal.lines);
  });

  it('is explained from end to end: a leg for each cause, open to its receivables and events', async () => {
    await app.importCsv(
      maker,
      'movements',
      csv(MOVEMENT_COLUMNS, [
        'M1,GONE,write_off,100.00,2024-03-31,',
        'M2,PAID,payment,300.00,2024-04-30,',
        'M3,GONE,recovery,10.00,2024-11-30,',
      ]),
    );
    await app.importCsv(
      maker,
      'receivables',
      csv(RECEIVABLE_COLUMNS, [
        'NEW,D1,trade,CNY,400.00,2024-10-31,2024-10-31,2024-10-31,6,',
        'TAKEN,D1,trade,CNY,1000.00,2020-01-31,2020-01-31,2020-01-31,7,2024-06-30',
        'LATE,D1,trade,CNY,50.00,2019-06-30,2019-06-30,2019-06-30,8,',
      ]),
    );
    await approve('/v1/loss-rate-sets', ratesOf('2024-07-01', RATES_2024));
    await approve('/v1/individual-assessments', { debtorId: 'D2', effectiveOn: '2024-05-31', lossRate: '0.9', reason: 'in liquidation' });
    closing = await run('2024-12-31');
    const bridge = await ok<Bridge>(maker('GET', `/v1/allowance-bridge?from=${opening}&to=${closing}`));
    expect([bridge.opening.amount, bridge.closing.amount]).toEqual(['1218.00', '2390.00']);
    expect(legsOf(bridge.legs)).toEqual([
      ['late-known', '50.00'],
      ['write-off-shortfall', '36.00'],
      ['write-offs', '-100.00'],
      ['cash', '-192.00'],
      ['ageing', '338.00'],
      ['collective-to-individual', '0.00'],
      ['new-receivables', '40.00'],
      ['rate-change', '-50.00'],
      ['individual-remeasurement', '50.00'],
      ['unexplained', '1000.00'],
    ]);
    expect(bridge.legs.find(({ cause }) => cause === 'collective-to-individual')).toMatchObject({
      collective: { amount: '-400.00' },
      individual: { amount: '400.00' },
    });
    expect(bridge.stageTransfers).toMatchObject([
      { kind: 'other', fromStage: 1, toStage: 3, gross: { amount: '200.00' }, allowance: { amount: '2.00' } },
    ]);
    expect(bridge.byKind.map(({ kind, opening: from, closing: to }) => [kind, from.amount, to.amount])).toEqual([
      ['other', '2.00', '100.00'],
      ['trade', '1216.00', '2290.00'],
    ]);
    const openLeg = (cause: string, more = ''): Promise<Opened> =>
      ok<Opened>(maker('GET', `/v1/allowance-bridge/receivables?from=${opening}&to=${closing}&cause=${cause}${more}`));
    const [writtenOff] = (await openLeg('write-offs')).items;
    expect(writtenOff).toMatchObject({ receivableId: 'GONE', amount: { amount: '-100.00' }, events: [{ type: 'movement', id: 'M1' }] });
    const first = await openLeg('ageing', '&limit=1');
    expect(first.items.map(({ receivableId }) => receivableId)).toEqual(['AGED']);
    const second = await openLeg('ageing', `&limit=1&cursor=${first.next ?? ''}`);
    expect(second.items.map(({ receivableId }) => receivableId)).toEqual(['LENT']);
    expect((await openLeg('rate-change')).items[0]?.events.map(({ type }) => type)).toEqual(['loss-rate-set', 'loss-rate-set']);
  });

  it('rolls the gross forward beside it', async () => {
    const gross = await ok<Bridge>(maker('GET', `/v1/gross-roll-forward?from=${opening}&to=${closing}`));
    expect([gross.opening.amount, gross.closing.amount]).toEqual(['2100.00', '3150.00']);
    expect(legsOf(gross.legs)).toEqual([
      ['late-known', '50.00'],
      ['new-receivables', '400.00'],
      ['write-offs', '-100.00'],
      ['cash', '-300.00'],
      ['transfers', '0.00'],
      ['unexplained', '1000.00'],
    ]);
  });

  it('is the same between dates as between the runs of those dates, and nothing at all from a run to itself', async () => {
    const runs = await ok<Bridge>(maker('GET', `/v1/allowance-bridge?from=${opening}&to=${closing}`));
    const toDate = await ok<Bridge>(maker('GET', `/v1/allowance-bridge?from=${opening}&to=2024-12-31`));
    expect([toDate.opening, toDate.legs, toDate.closing]).toEqual([runs.opening, runs.legs, runs.closing]);
    const still = await ok<Bridge>(maker('GET', `/v1/allowance-bridge?from=${closing}&to=${closing}`));
    expect(legsOf(still.legs)).toEqual([]);
    expect(await maker('GET', `/v1/allowance-bridge?from=${closing}&to=${opening}`)).toMatchObject({
      status: 422,
      json: { code: 'bridge-dates-reversed' },
    });
    expect((await maker('GET', `/v1/allowance-bridge?from=nobody&to=${opening}`)).status).toBe(404);
    expect(await maker('GET', `/v1/allowance-bridge?from=2024-13-30&to=${opening}`)).toMatchObject({
      status: 422,
      json: { code: 'date-invalid' },
    });
  });

  it('is booked leg by leg in the ledger’s own accounts, as CSV as well', async () => {
    await ok(
      maker('PUT', '/v1/account-mapping', { impairmentLoss: '6702', allowance: '1231', byKind: { other: { allowance: '1231.09' } } }),
    );
    await ok(checker('POST', `/v1/provision-runs/${closing}/approve`, {}));
    const journal = await post(closing);
    expect(journal.againstRunId).toBe(opening);
    expect([journal.impairmentLoss.amount, journal.recoveries.amount]).toEqual(['1272.00', '10.00']);
    expect(told(journal.lines)).toEqual(
      expect.arrayContaining([
        'write-off-shortfall: Dr impairmentLoss 36.00',
        'write-offs: Dr allowance 100.00',
        'write-offs: Cr receivable 100.00',
        'recoveries: Dr cash 10.00',
        'recoveries: Cr impairmentLoss 10.00',
      ]),
    );
    const text = (await maker('GET', `/v1/provision-runs/${closing}/journal?format=csv`)).text;
    expect(text.split('\n')[0]).toBe(
      'run_id,status,as_of,entry,entity_id,kind,cause,account,account_code,debit,credit,currency,memorandum',
    );
    expect(text).toContain('ageing,allowance,1231.09,,98.00,CNY,false');
    expect(await maker('POST', '/v1/provision-runs', { asOf: '2024-12-31', kinds: ['trade'], currency: 'CNY' })).toMatchObject({
      status: 202,
    });
  });
});

describe('a write-off', () => {
  beforeAll(
    () =>
      begin([
        'LOST,D1,trade,CNY,100.00,2021-06-30,2021-06-30,2021-06-30,1,',
        // Over four years old at every date: it stays at its full allowance, so that only the other one moves.
        'KEPT,D1,trade,CNY,50.00,2015-06-30,2015-06-30,2015-06-30,2,',
      ]),
    90_000,
  );
  afterAll(() => app.stop(), 30_000);

  const approvedAndPosted = async (id: string): Promise<Journal> => {
    await ok(checker('POST', `/v1/provision-runs/${id}/approve`, {}));
    return post(id);
  };
  const moved = async (path: string, from: string, to: string): Promise<unknown[]> => {
    const { opening, legs, closing } = await ok<Bridge>(maker('GET', `/v1/${path}?from=${from}&to=${to}`));
    return [opening.amount, ...legsOf(legs), closing.amount];
  };

  it('of 100 at 64 % cover uses 100 of the allowance and charges 36; what is recovered later is income and moves neither, or a loss is told twice', async () => {
    const before = await run('2023-12-31');
    await approvedAndPosted(before);
    await app.importCsv(maker, 'movements', csv(MOVEMENT_COLUMNS, ['W,LOST,write_off,100.00,2024-03-31,']));
    const writtenOff = await run('2024-12-31');
    expect(await moved('allowance-bridge', before, writtenOff)).toEqual([
      ...['114.00', ['write-off-shortfall', '36.00'], ['write-offs', '-100.00']],
      '50.00',
    ]);
    expect(await moved('gross-roll-forward', before, writtenOff)).toEqual(['150.00', ['write-offs', '-100.00'], '50.00']);
    const booked = await approvedAndPosted(writtenOff);
    expect([booked.impairmentLoss.amount, booked.recoveries.amount]).toEqual(['36.00', '0.00']);
    expect(told(booked.lines)).toEqual([
      'write-off-shortfall: Dr impairmentLoss 36.00',
      'write-off-shortfall: Cr allowance 36.00',
      'write-offs: Dr allowance 100.00',
      'write-offs: Cr receivable 100.00',
    ]);

    await app.importCsv(maker, 'movements', csv(MOVEMENT_COLUMNS, ['R,LOST,recovery,40.00,2025-02-28,']));
    const recovered = await run('2025-03-31');
    expect(await moved('allowance-bridge', writtenOff, recovered)).toEqual(['50.00', '50.00']);
    expect(await moved('gross-roll-forward', writtenOff, recovered)).toEqual(['50.00', '50.00']);
    const income = await approvedAndPosted(recovered);
    expect([income.impairmentLoss.amount, income.recoveries.amount]).toEqual(['0.00', '40.00']);
    expect(told(income.lines)).toEqual(['recoveries: Dr cash 40.00', 'recoveries: Cr impairmentLoss 40.00']);
    expect(income.lines.map(({ memorandum }) => memorandum)).toEqual([true, true]);
  });
});
