import { eventually } from '@app/testing';
import { finished, ok, startApp, type Caller, type StartedApp } from './started-app.fixture';

const SCHEME = 'days-past-due-30-60-90';
const DEBTORS = 200;
const number = (index: number): string => String(index).padStart(3, '0');
const debtors = [
  'debtor_id,name,segment,related_party,country,terms_days,credit_limit,credit_limit_currency,effective_on',
  ...Array.from({ length: DEBTORS }, (_, index) => `D${number(index)},Debtor ${number(index)},S,false,CN,30,,,2023-01-01`),
].join('\n');
/** Seven of ten fall due in June, the others have been past due for up to three months by then; one debtor owes a hundred times as much. */
const receivables = [
  'receivable_id,debtor_id,kind,currency,amount,recognised_on,invoiced_on,due_on,document_no',
  ...Array.from({ length: DEBTORS }, (_, index) => {
    const due = [
      '2024-06-10',
      '2024-06-12',
      '2024-06-14',
      '2024-06-16',
      '2024-06-20',
      '2024-06-21',
      '2024-06-25',
      '2024-05-15',
      '2024-04-12',
      '2024-03-14',
    ];
    const amount = index === 0 ? '100000.00' : '1000.00';
    return `R${number(index)},D${number(index)},trade,CNY,${amount},2024-01-10,,${due[index % due.length] ?? ''},${number(index)}`;
  }),
].join('\n');
const RATES: readonly (readonly [bucket: string, rate: string])[] = [
  ['Current', '0.01'],
  ['1-30', '0.05'],
  ['31-60', '0.2'],
  ['61-90', '0.4'],
  ['Over 90', '0.8'],
];

interface ShownAlert {
  readonly id: string;
  readonly ruleName: string;
  readonly cause: string;
  readonly baseAsOf: string | null;
}

describe('the statistical rules over HTTP, on closes and on a sealed run', () => {
  let app: StartedApp;
  let approver: Caller;
  beforeAll(async () => {
    app = await startApp();
    approver = await app.principal('Approver', ['approver', 'viewer']);
  }, 180_000);
  afterAll(() => app.stop(), 60_000);

  const create = async (path: string, body: object): Promise<string> => (await ok<{ id: string }>(app.admin('POST', path, body))).id;
  const close = async (asOf: string): Promise<void> => {
    const done = await finished<{ status: string }>(app.admin, `/v1/closes/${await create('/v1/closes', { asOf })}`);
    expect(done.status).toBe('completed');
  };
  const firing = async (): Promise<Map<string, ShownAlert>> => {
    const { items } = await ok<{ items: ShownAlert[] }>(app.admin('GET', '/v1/alerts?state=firing'));
    return new Map(items.map((alert) => [alert.ruleName, alert]));
  };

  it('tell a mix that moved for two hundred debtors, a debtor who owes a third of the book, and an allowance above the signed one', async () => {
    await app.importCsv(app.admin, 'debtors', debtors);
    await app.importCsv(app.admin, 'receivables', receivables);
    const rates = RATES.map(([bucket, rate]) => ({ segment: '*', bucket, rate }));
    const setId = await create('/v1/loss-rate-sets', { kind: 'trade', scheme: SCHEME, effectiveOn: '2024-01-01', rates });
    await ok(approver('POST', `/v1/loss-rate-sets/${setId}/approve`, {}));
    const runId = await create('/v1/provision-runs', { asOf: '2024-05-31' });
    await finished(app.admin, `/v1/provision-runs/${runId}`);
    await ok(approver('POST', `/v1/provision-runs/${runId}/approve`, {}));
    for (const [name, definition] of [
      ['Mix', { type: 'ageing-mix-shift', scheme: SCHEME, base: 'previous-close' }],
      ['Concentration', { type: 'concentration', enter: '0.30' }],
      [
        'Allowance',
        { type: 'allowance-jump', base: 'last-sealed-run', enter: '0.50', materialityAmount: { amount: '1000.00', currency: 'CNY' } },
      ],
      ['Drift', { type: 'roll-rate-drift', scheme: SCHEME, enter: '0.10' }],
    ] as const) {
      await create('/v1/alert-rules', { name, channels: [], definition });
    }
    await close('2024-05-31');
    await eventually(async () => (await firing()).has('Concentration'), 20_000, 'the concentration of the first close');
    expect([...(await firing()).keys()]).toEqual(['Concentration']);

    await close('2024-06-30');
    await eventually(async () => (await firing()).size >= 3, 20_000, 'the shifts of the second close');
    const alerts = await firing();
    // The giant alone makes the book worth some nine equal debtors; the mix moved by more than chance could do all the same.
    expect(alerts.get('Mix')?.cause).toMatch(
      /^Population stability index .* between 2024-05-31 and 2024-06-30, .*: most of all (Current|1-30) from /,
    );
    expect(alerts.get('Concentration')?.cause).toMatch(
      /^Share of the largest debtor is 33\.44 % \(CNY 100,000 of 299,000, 200 debtors\) at 2024-05-31/,
    );
    expect(alerts.get('Allowance')?.cause).toMatch(/^Allowance rose by \d+\.\d\d %, from CNY [\d,.]+ at 2024-05-31 to /);
    expect(alerts.get('Allowance')?.baseAsOf).toBe('2024-05-31');

    const rules = await ok<{ items: { name: string; evaluation: { results: { reason: string }[] } | null }[] }>(
      app.admin('GET', '/v1/alert-rules'),
    );
    const drift = rules.items.find(({ name }) => name === 'Drift');
    expect(drift?.evaluation?.results.map(({ reason }) => reason)).toEqual(['too-little-history']);
  }, 120_000);
});
