import { finished, ok, startApp, type Caller, type StartedApp } from './started-app.fixture';

interface Cell {
  readonly value: string | null;
  readonly exact?: { readonly amount: string; readonly currency: string };
  readonly foots?: boolean;
  readonly gap?: string;
}
interface Note {
  readonly asOf: string;
  readonly position: number;
  readonly hash: string;
  readonly currency: string;
  readonly foots: boolean;
  readonly kindsLeftOut: readonly string[];
  readonly comparative: { readonly id: string; readonly asOf: string } | null;
  readonly tables: readonly {
    readonly id: string;
    readonly basis: string;
    readonly rows: readonly {
      readonly key: string;
      readonly current: Readonly<Record<string, Cell>>;
      readonly comparative: Readonly<Record<string, Cell>> | null;
    }[];
  }[];
  readonly ties: readonly { readonly what: string; readonly difference: { readonly amount: string } }[];
}

const SCHEME = 'months-6-12-24-36-48';
const LABELS = ['Up to 6 months', '6 months to 1 year', '1 to 2 years', '2 to 3 years', '3 to 4 years', 'Over 4 years'];
const DEBTORS = 'debtor_id,name,segment,related_party,country,terms_days,credit_limit,credit_limit_currency\n';
const RECEIVABLES = 'receivable_id,debtor_id,kind,class,currency,amount,recognised_on,invoiced_on,due_on,document_no,on_demand\n';
const MOVEMENTS = 'movement_id,receivable_id,type,amount,effective_on,reference\n';

let app: StartedApp;
let maker: Caller;
let checker: Caller;
const runs = { opening: '', closing: '', tradeOnly: '', inDollars: '' };

beforeAll(async () => {
  app = await startApp();
  maker = await app.principal('maker', ['manager', 'ingest', 'viewer']);
  checker = await app.principal('checker', ['approver']);
  await ok(app.admin('PUT', '/v1/tenant', { presentationCurrency: 'CNY' }));
  await loadBook();
  await approvePolicies();
  runs.opening = await run({ asOf: '2023-12-31' });
  runs.closing = await run({ asOf: '2024-12-31' });
  runs.tradeOnly = await run({ asOf: '2024-12-31', kinds: ['trade'] });
  runs.inDollars = await run({ asOf: '2023-12-31', currency: 'USD' });
}, 120_000);
afterAll(() => app.stop(), 30_000);

async function loadBook(): Promise<void> {
  const debtors = ['D1,One,retail,false', 'D2,Two,public,true', 'D3,=2+2,retail,false', 'D4,Four,retail,false'];
  await app.importCsv(maker, 'debtors', DEBTORS + debtors.map((debtor) => `${debtor},CN,30,,\n`).join(''));
  await app.importCsv(maker, 'fx-rates', 'base,quote,rate,effective_on\nUSD,CNY,7.125,2023-01-01\n');
  const claim = (id: string, debtor: string, kind: string, className: string, money: string, on: string, due: string): string =>
    `${id},${debtor},${kind},${className},${money},${on},${on},${due},${id},${due === '' ? 'true' : ''}\n`;
  const rows = [
    claim('T1', 'D1', 'trade', '', 'CNY,400000.00', '2023-10-02', '2023-11-01'),
    claim('T2', 'D2', 'trade', '', 'CNY,250000.00', '2024-08-01', '2024-09-01'),
    claim('T3', 'D3', 'trade', '', 'CNY,90000.00', '2022-06-01', '2022-07-01'),
    claim('T4', 'D4', 'trade', '', 'USD,10000.00', '2024-10-01', '2024-11-01'),
    claim('T5', 'D1', 'trade', '', 'CNY,30000.00', '2023-02-01', '2023-03-01'),
    claim('N1', 'D1', 'note_bank', '', 'CNY,50000.00', '2024-09-01', '2025-02-01'),
    claim('N2', 'D1', 'note_commercial', '', 'CNY,20000.00', '2023-03-01', '2023-09-01'),
    claim('C1', 'D1', 'contract_asset', 'current', 'CNY,12000.00', '2024-09-01', ''),
    claim('O1', 'D1', 'other', 'deposits', 'CNY,7000.00', '2024-09-01', ''),
    claim('O2', 'D4', 'other', 'payments', 'CNY,8000.00', '2023-01-01', '2023-02-01'),
    claim('V1', 'D1', 'non_financial', 'input-vat', 'CNY,5499.50', '2024-12-01', ''),
  ];
  await app.importCsv(maker, 'receivables', RECEIVABLES + rows.join(''));
  const moved = ['M1,T1,payment,100000.00,2024-05-02,bank', 'M2,T5,write_off,30000.00,2024-06-03,gone'];
  await app.importCsv(maker, 'movements', MOVEMENTS + moved.map((row) => `${row}\n`).join(''));
}

async function approvePolicies(): Promise<void> {
  const approved = async (path: string, body: object): Promise<void> => {
    const { id } = await ok<{ id: string }>(maker('POST', path, body));
    await ok(checker('POST', `${path}/${id}/approve`, {}));
  };
  for (const kind of ['trade', 'note_bank', 'note_commercial', 'contract_asset']) {
    const rates = LABELS.map((bucket, index) => ({ segment: '*', bucket, rate: `0.${String(index + 1)}` }));
    await approved('/v1/loss-rate-sets', { kind, scheme: SCHEME, effectiveOn: '2023-01-01', rates });
  }
  const parameters = [{ class: '*', segment: '*', pd12Months: '0.02', pdLifetime: '0.1', lgd: '0.5' }];
  await approved('/v1/staging-policies', { kind: 'other', effectiveOn: '2023-01-01', parameters });
  const assessment = { debtorId: 'D3', effectiveOn: '2024-03-01', lossRate: '0.9', reason: 'insolvent' };
  await approved('/v1/individual-assessments', assessment);
}

async function run(body: object): Promise<string> {
  const { id } = await ok<{ id: string }>(maker('POST', '/v1/provision-runs', { currency: 'CNY', ...body }));
  expect(await finished(maker, `/v1/provision-runs/${id}`)).toMatchObject({ status: 'completed' });
  return id;
}

const disclosed = (id: string, query = ''): Promise<Note> => ok<Note>(maker('GET', `/v1/provision-runs/${id}/disclosure${query}`));
const cell = (note: Note, table: string, row: string, column: string, side: 'current' | 'comparative' = 'current'): Cell | undefined =>
  note.tables.find(({ id }) => id === table)?.rows.find(({ key }) => key === row)?.[side]?.[column];

describe('the disclosure of a run', () => {
  it('has every table of the note, so that no auditor asks for one twice', async () => {
    const note = await disclosed(runs.closing, `?comparative=${runs.opening}`);
    expect(note.tables.map(({ id }) => id)).toEqual([
      ...['receivables', 'contract-assets', 'ageing-trade', 'ageing-notes'],
      ...['trade', 'note-bank', 'note-commercial', 'contract-asset'].map((kind) => `provision-matrix-${kind}`),
      ...['individually-impaired', 'credit-risk', 'overlays'],
      ...['allowance-movement', 'allowance-movement-kinds', 'gross-movement', 'written-off'],
      ...['related-parties', 'currencies', 'major-debtors-trade', 'major-debtors-all', 'segments', 'provision-matrix-segments'],
    ]);
    const filled = note.tables.filter(({ id, rows }) => id !== 'overlays' && rows.length < 2).map(({ id }) => id);
    expect(filled).toEqual([]);
    expect(note).toMatchObject({ asOf: '2024-12-31', currency: 'CNY', kindsLeftOut: [], comparative: { asOf: '2023-12-31' } });
  });

  it('carries every kind with its own allowance, and what is no financial asset without one', async () => {
    const note = await disclosed(runs.closing, '?unit=1');
    const exact = (row: string, column: string): string | undefined => cell(note, 'receivables', row, column)?.exact?.amount;
    // T1 300,000 at 0.3, T2 250,000 and T4 71,250 at 0.1, T3 90,000 assessed at 0.9
    expect([exact('trade', 'gross'), exact('trade', 'allowance')]).toEqual(['711250.00', '203125.00']);
    expect([exact('notes', 'gross'), exact('notes', 'allowance')]).toEqual(['70000.00', '11000.00']);
    // 7,000 x 0.02 x 0.5 in stage 1, 8,000 x 0.5 in stage 3
    expect([exact('other/deposits', 'allowance'), exact('other/payments', 'allowance')]).toEqual(['70.00', '4000.00']);
    expect([exact('non_financial/input-vat', 'gross'), exact('non_financial/input-vat', 'allowance')]).toEqual(['5499.50', '0.00']);
    expect([exact('total', 'gross'), exact('total', 'net')]).toEqual(['801749.50', '583554.50']);
    expect(cell(note, 'contract-assets', 'total', 'net')?.exact?.amount).toBe('10800.00');
    expect(cell(note, 'credit-risk', 'other/stage-3', 'gross')?.exact?.amount).toBe('8000.00');
    expect(cell(note, 'individually-impaired', 'total', 'matrix')?.exact?.amount).toBe('36000.00');
    expect(cell(note, 'related-parties', 'related', 'gross')?.exact?.amount).toBe('250000.00');
    expect(cell(note, 'currencies', 'USD', 'gross')?.exact?.amount).toBe('71250.00');
    expect(cell(note, 'major-debtors-trade', 'debtor/D1', 'share')?.value).toBe('0.4218');
  });

  it('rounds each cell on its own and marks what no longer adds up, instead of hiding it', async () => {
    const note = await disclosed(runs.closing);
    expect(cell(note, 'receivables', 'trade', 'gross')).toMatchObject({ value: '711', foots: true });
    // 711 + 70 + 15 + 5 = 801 against 801.7495
    expect(cell(note, 'receivables', 'total', 'gross')).toMatchObject({ value: '802', foots: false, gap: '1' });
    expect(note.foots).toBe(false);
    expect((await disclosed(runs.closing, '?unit=1')).tables.length).toBe(note.tables.length);
    expect(note.ties.filter(({ difference }) => difference.amount !== '0.00')).toEqual([]);
  });

  it('explains the movement from the run beside it, and what was written off in between', async () => {
    const note = await disclosed(runs.closing, `?unit=1&comparative=${runs.opening}`);
    const closing = cell(note, 'allowance-movement', 'closing', 'amount')?.exact?.amount;
    expect(closing).toBe('219395.00');
    // 6,000 were provided for the 30,000 written off
    expect(cell(note, 'allowance-movement', 'write-off-shortfall', 'amount')?.exact?.amount).toBe('24000.00');
    expect(cell(note, 'allowance-movement', 'write-offs', 'amount')?.exact?.amount).toBe('-30000.00');
    expect(cell(note, 'allowance-movement', 'unexplained', 'amount')?.exact?.amount).toBe('0.00');
    expect(cell(note, 'gross-movement', 'cash', 'trade')?.exact?.amount).toBe('-100000.00');
    expect(cell(note, 'written-off', 'total', 'inPeriodEnforceable')?.exact?.amount).toBe('30000.00');
    expect(cell(note, 'written-off', 'total', 'inPeriodEnforceable', 'comparative')?.exact?.amount).toBe('0.00');
    expect(cell(note, 'receivables', 'trade', 'gross', 'comparative')?.exact?.amount).toBe('520000.00');
  });

  it('says which kinds a run leaves out, so that half a note is not taken for the whole', async () => {
    expect((await disclosed(runs.tradeOnly)).kindsLeftOut).toEqual(['note_bank', 'note_commercial', 'contract_asset', 'other']);
    const note = await disclosed(runs.tradeOnly, `?comparative=${runs.opening}`);
    expect(note.tables.find(({ id }) => id === 'allowance-movement')).toMatchObject({ rows: [] });
  });
});

describe('the note to hand out', () => {
  it('is a file in which nothing runs, and a page to print', async () => {
    const csv = await maker('GET', `/v1/provision-runs/${runs.closing}/disclosure?format=csv&comparative=${runs.opening}`);
    expect(csv.status).toBe(200);
    expect(csv.text).toMatch(/^receivables,trade,Trade receivables,line,gross,711,711250\.00,,520,520000\.00,$/m);
    expect(csv.text).not.toMatch(/(^|,)[=+@]/m);
    const html = await maker('GET', `/v1/provision-runs/${runs.closing}/disclosure?format=html`);
    expect(html.status).toBe(200);
    expect(html.text).toMatch(/^<!doctype html>/);
    expect(html.text).not.toMatch(/<script|https?:/);
  });

  it.each([
    ['no-such-run', '', 404, 'provision-run-not-found'],
    ['closing', '?comparative=no-such-run', 404, 'provision-run-not-found'],
    ['opening', '?comparative={closing}', 422, 'comparative-not-earlier'],
    ['closing', '?comparative={inDollars}', 422, 'comparative-currency-differs'],
  ])('is refused for %s%s, with the code of the reason', async (id, query, status, code) => {
    const runId = id in runs ? runs[id as keyof typeof runs] : id;
    const asked = query.replace('{closing}', runs.closing).replace('{inDollars}', runs.inDollars);
    expect(await maker('GET', `/v1/provision-runs/${runId}/disclosure${asked}`)).toMatchObject({ status, json: { code } });
  });

  it.each(['?unit=0', '?unit=1.5', '?unit=9999999999', '?format=pdf', '?rounding=up'])(
    'is refused for %s, which nobody can mean',
    async (query) => {
      expect((await maker('GET', `/v1/provision-runs/${runs.closing}/disclosure${query}`)).status).toBe(422);
    },
  );
});
