import { finished, ok, startApp, type Caller, type StartedApp } from './started-app.fixture';

interface Money {
  readonly amount: string;
  readonly currency: string;
}
interface Ageing {
  readonly groups: readonly {
    readonly key: string;
    readonly buckets: readonly { label: string; amount: Money }[];
    readonly total: Money;
  }[];
}
interface Receivable {
  readonly kind: string;
  readonly entityId: string;
  readonly recognisedOn: string;
  readonly invoicedOn: string;
  readonly dueOn: string | null;
  readonly outstanding: Money;
  readonly classifications: readonly { readonly movementId: string | null; readonly kind: string; readonly effectiveOn: string }[];
  readonly movements: readonly { readonly type: string; readonly gross: Money; readonly recovered: Money }[];
}

const DEBTORS = 'debtor_id,name,segment,related_party,country,terms_days,credit_limit,credit_limit_currency\n';
const RECEIVABLES = 'receivable_id,debtor_id,kind,currency,amount,recognised_on,invoiced_on,due_on,document_no,entity_id\n';
const MOVEMENTS = 'movement_id,receivable_id,type,amount,effective_on,reference\n';
const TARGETS =
  'movement_id,receivable_id,type,amount,effective_on,reference,to_kind,to_class,to_entity_id,invoiced_on,due_on,document_no\n';

let app: StartedApp;
let api: Caller;

beforeAll(async () => {
  app = await startApp();
  api = await app.principal('controller', ['manager', 'ingest', 'viewer']);
  await app.importCsv(api, 'debtors', `${DEBTORS}D1,One,std,false,CN,30,,\n`);
}, 60_000);
afterAll(() => app.stop(), 30_000);

const totals = async (query: string): Promise<Record<string, string>> => {
  const { groups } = await ok<Ageing>(api('GET', `/v1/ageing?${query}`));
  return Object.fromEntries(groups.map(({ key, total }) => [key, total.amount]));
};
const receivable = (id: string, query = ''): Promise<Receivable> => ok<Receivable>(api('GET', `/v1/receivables/${id}${query}`));
const refusalOf = async (kind: string, csv: string): Promise<string> => {
  const { id } = await ok<{ id: string }>(api('POST', `/v1/imports/${kind}`, csv));
  await finished(api, `/v1/imports/${id}`);
  return (await api('GET', `/v1/imports/${id}/rejects`)).text;
};

describe('a contract asset that is billed', () => {
  it('becomes a trade receivable with the dates of its invoice and keeps its age, or old claims would look young', async () => {
    await app.importCsv(api, 'receivables', `${RECEIVABLES}CA,D1,contract_asset,CNY,1000.00,2023-03-31,,2023-03-31,contract,\n`);
    await app.importCsv(api, 'movements', `${TARGETS}B1,CA,reclassify,,2024-06-30,,trade,,,2024-06-30,2024-07-30,INV-1\n`);
    expect(await refusalOf('movements', `${TARGETS}B3,CA,reclassify,999.00,2024-07-31,,other,,,,,\n`)).toContain('reclassify-partial');
    expect(await receivable('CA', '?asOf=2024-06-29')).toMatchObject({ kind: 'contract_asset', invoicedOn: '2023-03-31' });
    expect(await receivable('CA', '?asOf=2024-12-31')).toMatchObject({
      kind: 'trade',
      recognisedOn: '2023-03-31',
      invoicedOn: '2024-06-30',
      dueOn: '2024-07-30',
      outstanding: { amount: '1000.00' },
      classifications: [
        { movementId: null, kind: 'contract_asset', effectiveOn: '2023-03-31' },
        { movementId: 'B1', kind: 'trade', effectiveOn: '2024-06-30' },
      ],
    });
    const aged = await ok<Ageing>(api('GET', '/v1/ageing?asOf=2024-12-31&kind=trade&scheme=months-6-12-24-36-48'));
    expect(aged.groups[0]?.buckets.find(({ label }) => label === '1 to 2 years')?.amount.amount).toBe('1000.00');
    expect(await totals('asOf=2024-12-31&kind=contract_asset')).not.toMatchObject({ total: '1000.00' });
  });
});

describe('a payment that recovered what was written off', () => {
  it('is undone when it bounces: the recovery first, and nothing is owed again that was given up', async () => {
    await app.importCsv(api, 'receivables', `${RECEIVABLES}W,D1,trade,CNY,100.00,2023-01-31,,2023-03-01,W,\n`);
    await app.importCsv(
      api,
      'movements',
      `${MOVEMENTS}W1,W,write_off,100.00,2024-01-31,\nW2,W,payment,40.00,2024-02-29,\nW3,W,payment_reversal,40.00,2024-03-31,\nW4,W,recovery,100.00,2024-04-30,\n`,
    );
    const { outstanding, movements } = await receivable('W', '?asOf=2024-12-31');
    expect(outstanding.amount).toBe('0.00');
    expect(movements.map(({ type, gross, recovered }) => [type, gross.amount, recovered.amount])).toEqual([
      ['write_off', '-100.00', '0.00'],
      ['payment', '0.00', '40.00'],
      ['payment_reversal', '0.00', '-40.00'],
      ['recovery', '0.00', '100.00'],
    ]);
  });
});

describe('an entity that leaves the group', () => {
  it('takes what it is owed out of every figure from that day on, once, and nothing is recognised there afterwards', async () => {
    expect((await api('POST', '/v1/entities', { id: 'hk', name: 'Hong Kong', functionalCurrency: 'HKD' })).status).toBe(201);
    await app.importCsv(
      api,
      'receivables',
      `${RECEIVABLES}H1,D1,trade,CNY,70.00,2024-01-31,,2024-03-01,H1,hk\nH2,D1,trade,CNY,30.00,2024-02-29,,2024-03-30,H2,hk\nM1,D1,trade,CNY,5.00,2024-02-29,,2024-03-30,M1,sg\n`,
    );
    expect(await totals('asOf=2024-06-30&kind=trade&groupBy=entity')).toMatchObject({ hk: '100.00', sg: '5.00' });
    const accepted = await api('POST', '/v1/entities/hk/disposal', { on: '2024-06-30', reason: 'sold' });
    expect(accepted.status).toBe(202);
    const { id } = accepted.json as { id: string };
    expect(await finished(api, `/v1/entities/hk/disposals/${id}`)).toMatchObject({
      status: 'completed',
      receivables: 2,
      amounts: [{ disposed: { amount: '100.00', currency: 'CNY' }, remaining: { amount: '0.00' } }],
    });
    expect(await totals('asOf=2024-06-29&kind=trade&groupBy=entity')).toMatchObject({ hk: '100.00', sg: '5.00' });
    expect(await totals('asOf=2024-06-30&kind=trade&groupBy=entity')).not.toHaveProperty('hk');
    expect((await receivable('H1', '?asOf=2024-06-30')).movements).toMatchObject([{ type: 'disposal', gross: { amount: '-70.00' } }]);

    const again = await ok<{ id: string }>(api('POST', '/v1/entities/hk/disposal', { on: '2024-06-30', reason: 'sold' }));
    await finished(api, `/v1/entities/hk/disposals/${again.id}`);
    expect((await receivable('H1', '?asOf=2024-06-30')).movements).toHaveLength(1);

    expect(await refusalOf('receivables', `${RECEIVABLES}H3,D1,trade,CNY,1.00,2024-07-01,,2024-08-01,H3,hk\n`)).toContain('entity-left');
    const { items } = await ok<{ items: object[] }>(api('GET', '/v1/entities?asOf=2024-07-01'));
    expect(items).toEqual([
      { id: 'main', name: '', functionalCurrency: null, joinedOn: null, leftOn: null, active: true, implicit: true },
      { id: 'hk', name: 'Hong Kong', functionalCurrency: 'HKD', joinedOn: null, leftOn: '2024-06-30', active: false, implicit: false },
      { id: 'sg', name: '', functionalCurrency: null, joinedOn: null, leftOn: null, active: true, implicit: true },
    ]);
  });

  it('is refused where it makes no sense, by name', async () => {
    const refused = async (path: string, body: object): Promise<[number, string]> => {
      const { status, json } = await api('POST', path, body);
      return [status, (json as { code: string }).code];
    };
    const disposal = { on: '2024-06-30', reason: 'sold' };
    expect(await refused('/v1/entities/main/disposal', disposal)).toEqual([409, 'entity-built-in']);
    expect(await refused('/v1/entities/nowhere/disposal', disposal)).toEqual([404, 'entity-not-found']);
    expect(await refused('/v1/entities/hk/disposal', { ...disposal, on: '2024-07-31' })).toEqual([422, 'entity-left']);
    expect((await refused('/v1/entities/sg/disposal', { on: '2024-06-31', reason: 'sold' }))[0]).toBe(422);
    expect((await refused('/v1/entities', { id: 'x', functionalCurrency: 'ZZZ' }))[0]).toBe(422);
    expect((await api('GET', '/v1/entities/hk/disposals/00000000-0000-4000-8000-000000000000')).status).toBe(404);
  });
});
