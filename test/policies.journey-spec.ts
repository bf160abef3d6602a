import { finished, ok, startApp, type Caller, type StartedApp } from './started-app.fixture';

const SCHEME = 'months-6-12-24-36-48';
const LABELS = ['Up to 6 months', '6 months to 1 year', '1 to 2 years', '2 to 3 years', '3 to 4 years', 'Over 4 years'];
const DEBTORS = 'debtor_id,name,segment,related_party,country,terms_days,credit_limit,credit_limit_currency\n';
const RECEIVABLES = 'receivable_id,debtor_id,kind,currency,amount,recognised_on,invoiced_on,due_on,document_no\n';

interface Line {
  readonly debtorId?: string;
  readonly kind: string;
  readonly gross: { readonly amount: string };
}
interface Run {
  readonly status: string;
  readonly collective: readonly Line[];
  readonly individual: readonly Line[];
  readonly totals: readonly { readonly kind: string; readonly gross: { readonly amount: string } }[];
}
interface Inbox {
  readonly items: readonly {
    readonly type: string;
    readonly id: string;
    readonly href: string;
    readonly change: string;
    readonly approvable: boolean;
  }[];
}
interface Shown {
  readonly id: string;
  readonly status: string;
  readonly inForce: boolean;
  readonly contentHash: string;
}

let app: StartedApp;
let maker: Caller;
let checker: Caller;
let auditor: Caller;

beforeAll(async () => {
  app = await startApp();
  maker = await app.principal('maker', ['manager', 'approver', 'ingest', 'controller', 'viewer']);
  checker = await app.principal('checker', ['approver', 'manager']);
  auditor = await app.principal('auditor', ['auditor']);
  await app.importCsv(maker, 'debtors', `${DEBTORS}D1,One,std,false,CN,0,,\nD2,Two,std,false,CN,0,,\n`);
  const item = (id: string, debtor: string, kind: string, amount: string): string =>
    `${id},${debtor},${kind},CNY,${amount},2024-12-01,,2024-12-01,${id}\n`;
  await app.importCsv(
    maker,
    'receivables',
    [
      RECEIVABLES,
      ...[item('A', 'D1', 'trade', '100.00'), item('B', 'D2', 'trade', '40.00'), item('C', 'D2', 'note_commercial', '7.00')],
    ].join(''),
  );
}, 90_000);
afterAll(() => app.stop(), 30_000);

const flat = (rate: string) => LABELS.map((bucket) => ({ segment: '*', bucket, rate }));
const propose = (collection: string, body: object) =>
  ok<{ id: string; contentHash: string; warnings: { code: string }[] }>(maker('POST', `/v1/${collection}`, body));
const approve = (collection: string, id: string, contentHash?: string) =>
  ok(checker('POST', `/v1/${collection}/${id}/approve`, contentHash === undefined ? {} : { contentHash }));
const list = async (path: string) => (await ok<{ items: Shown[] }>(auditor('GET', `/v1/${path}`))).items;
async function agreed(collection: string, body: object): Promise<string> {
  const { id, contentHash } = await propose(collection, body);
  await approve(collection, id, contentHash);
  return id;
}
async function run(): Promise<Run> {
  const { id } = await ok<{ id: string }>(maker('POST', '/v1/provision-runs', { asOf: '2024-12-31' }));
  return finished<Run>(maker, `/v1/provision-runs/${id}`);
}
const sum = (lines: readonly Line[], kind: string) =>
  lines.filter((line) => line.kind === kind).reduce((total, { gross }) => total + BigInt(gross.amount.replace('.', '')), 0n);

describe('the inbox of an approver', () => {
  it('holds every kind of proposal with what it would change, and is empty once all are decided', async () => {
    const kept = { effectiveOn: '2024-01-01', reason: 'agreed in the committee' };
    const parameters = [{ pd12Months: '0.02', pdLifetime: '0.1', lgd: '0.6' }];
    const proposals: [string, object, RegExp][] = [
      [
        'loss-rate-sets',
        { kind: 'trade', scheme: SCHEME, effectiveOn: '2024-01-01', rates: flat('0.1') },
        /6 loss rates for trade.*the first/,
      ],
      ['staging-policies', { kind: 'other', effectiveOn: '2024-01-01', parameters }, /stage 2 above 30 and stage 3 from 90 days past due/],
      ['stage-assignments', { ...kept, debtorId: 'D1', stage: 3, kinds: ['other'] }, /debtor 'D1' \(other\) into stage 3/],
      [
        'forward-looking-sets',
        { ...kept, kind: 'long_term', scenarios: [{ name: 'base', weight: '1', scalar: '1.1' }] },
        /by 1\.1 on average/,
      ],
      [
        'overlays',
        { ...kept, kind: 'trade', amount: { amount: '-50.00', currency: 'CNY' }, expiresOn: '2024-06-30' },
        /Lowers the allowance of trade by 50\.00 CNY/,
      ],
      [
        'credit-enhancements',
        {
          ...kept,
          ...{ debtorId: 'D1', type: 'guarantee', integral: false, currency: 'CNY', coveredShare: '1', providerLossRate: '0.01' },
          expiresOn: '2024-12-31',
        },
        /by guarantee, without a limit.*reimbursement/,
      ],
      ['individual-assessments', { ...kept, debtorId: 'D1', lossRate: '0.5', kinds: ['long_term'] }, /Takes debtor 'D1' \(long_term\) out/],
    ];
    const ids: [string, string][] = [];
    for (const [collection, body] of proposals) ids.push([collection, (await propose(collection, body)).id]);
    const inbox = await ok<Inbox>(checker('GET', '/v1/approvals'));
    expect(inbox.items.map(({ type, id, change, approvable }) => [type, id, change, approvable])).toEqual(
      ids.map(([collection, id], index) => [collection, id, expect.stringMatching(proposals[index]?.[2] ?? /^$/) as string, true]),
    );
    expect((await ok<Inbox>(auditor('GET', '/v1/approvals'))).items.every(({ approvable }) => !approvable)).toBe(true);
    expect((await ok<Inbox>(maker('GET', '/v1/approvals'))).items.every(({ approvable }) => !approvable)).toBe(true);
    expect(await maker('GET', inbox.items[0]?.href ?? '')).toMatchObject({ status: 200, json: { status: 'proposed', inForce: false } });
    for (const [collection, id] of ids) await approve(collection, id);
    expect((await ok<Inbox>(checker('GET', '/v1/approvals'))).items).toEqual([]);
    for (const [collection, id] of ids) {
      expect(await list(`${collection}?asOf=2024-03-31`)).toEqual([expect.objectContaining({ id, status: 'approved', inForce: true })]);
      expect(await list(`${collection}?asOf=2023-12-31`)).toEqual([expect.objectContaining({ id, inForce: false })]);
      expect(await list(`${collection}?status=proposed`)).toEqual([]);
    }
    expect(await list('overlays?asOf=2024-07-01')).toEqual([expect.objectContaining({ expired: true, inForce: false })]);
  });

  it('says by how much new rates differ from those they follow, and shows where they come from', async () => {
    const evidence = { method: 'roll-rate', window: '2021-12-31/2023-12-31', sampleSize: 412, url: 'https://example.org/evidence/7' };
    const rates = flat('0.1').map((rate, index) =>
      index === 0 ? { ...rate, rate: '0.2' } : index === 1 ? { ...rate, rate: '0.05' } : rate,
    );
    const { id, warnings } = await propose('loss-rate-sets', { kind: 'trade', scheme: SCHEME, effectiveOn: '2024-12-31', rates, evidence });
    expect(warnings.map(({ code }) => code)).toEqual(['rate-not-monotone']);
    const inbox = await ok<Inbox>(checker('GET', '/v1/approvals'));
    expect(inbox.items).toMatchObject([{ id, change: expect.stringMatching(/1 rise, 1 fall, 4 stay/) as string }]);
    expect((await maker('GET', `/v1/loss-rate-sets/${id}`)).json).toMatchObject({ evidence });
    expect(await maker('POST', `/v1/loss-rate-sets/${id}/withdraw`)).toMatchObject({ status: 200, json: { status: 'withdrawn' } });
  });
});

describe('an individual assessment', () => {
  it('takes its debtor out of the matrix for the kinds it names and no other: never in both, never in neither', async () => {
    await agreed('loss-rate-sets', { kind: 'note_commercial', scheme: SCHEME, effectiveOn: '2024-01-01', rates: flat('0.02') });
    await agreed('individual-assessments', {
      debtorId: 'D2',
      effectiveOn: '2024-12-01',
      kinds: ['trade'],
      lossRate: '0.8',
      reason: 'insolvent',
    });
    const computed = await run();
    expect(computed.individual.map(({ debtorId, kind, gross }) => [debtorId, kind, gross.amount])).toEqual([['D2', 'trade', '40.00']]);
    expect([sum(computed.collective, 'trade'), sum(computed.collective, 'note_commercial')]).toEqual([10_000n, 700n]);
    const total = (kind: string) => computed.totals.find((each) => each.kind === kind)?.gross.amount;
    expect([total('trade'), total('note_commercial')]).toEqual(['140.00', '7.00']);
  });

  it('whose last day has passed is kept and asked about: its reminder names it until another decision stands', async () => {
    const id = await agreed('individual-assessments', {
      ...{ debtorId: 'D1', effectiveOn: '2024-01-01', endsOn: '2024-06-30', kinds: ['contract_asset'], lossRate: '0.4' },
      ...{ reason: 'moratorium', evidence: 'https://example.org/files/17' },
    });
    const due = async (day: string) => (await list(`individual-assessments?asOf=2024-12-31&reviewDueBy=${day}`)).map((each) => each.id);
    expect([await due('2024-06-30'), await due('2024-07-01')]).toEqual([[], [id]]);
    expect((await maker('GET', `/v1/individual-assessments/${id}?asOf=2024-07-01`)).json).toMatchObject({
      ...{ reviewDue: true, inForce: true, evidence: 'https://example.org/files/17' },
    });
    const release = await ok<{ id: string }>(
      maker('POST', `/v1/individual-assessments/${id}/release`, { effectiveOn: '2024-09-30', reason: 'paid' }),
    );
    await approve('individual-assessments', release.id);
    expect(await due('2024-12-31')).toEqual([]);
  });
});
