import { finished, ok, startApp, type Answer, type Caller, type StartedApp } from './started-app.fixture';

const SCHEME = 'months-6-12-24-36-48';
const LABELS = ['Up to 6 months', '6 months to 1 year', '1 to 2 years', '2 to 3 years', '3 to 4 years', 'Over 4 years'];
const DEBTORS = 'debtor_id,name,segment,related_party,country,terms_days,credit_limit,credit_limit_currency\n';
const RECEIVABLES = 'receivable_id,debtor_id,kind,currency,amount,recognised_on,invoiced_on,due_on,document_no\n';
const CLOSED = '2023-12-31';
const ON = '2024-12-31';

interface Problem {
  readonly code: string;
  readonly errors?: readonly { readonly code: string; readonly field?: string; readonly pointer?: string }[];
}
interface Run {
  readonly status: string;
  readonly problem: { readonly code: string; readonly errors: readonly Record<string, string>[] } | null;
}

let app: StartedApp;
let maker: Caller;
let checker: Caller;

const flat = (rate: string, segment = '*') => LABELS.map((bucket) => ({ segment, bucket, rate }));
const rates = (over: object = {}) => ({ kind: 'trade', scheme: SCHEME, effectiveOn: ON, rates: flat('0.1'), ...over });
const assessment = (over: object = {}) => ({ debtorId: 'D1', effectiveOn: ON, lossRate: '0.5', reason: 'insolvency', ...over });
const parameters = { pd12Months: '0.02', pdLifetime: '0.1', lgd: '0.6' };
const staging = (over: object = {}) => ({ kind: 'other', effectiveOn: ON, parameters: [parameters], ...over });
const stage = (over: object = {}) => ({ debtorId: 'D1', stage: 3, effectiveOn: ON, reason: 'filed for protection', ...over });
const scenarios = (over: object = {}) => ({
  ...{ kind: 'trade', effectiveOn: ON, reason: 'GDP', scenarios: [{ name: 'base', weight: '1', scalar: '1.1' }] },
  ...over,
});
const overlay = (over: object = {}) => ({
  ...{ kind: 'trade', amount: { amount: '-50.00', currency: 'CNY' }, effectiveOn: ON, expiresOn: '2025-12-31', reason: 'flood' },
  ...over,
});
const cover = (over: object = {}) => ({
  ...{ debtorId: 'D1', type: 'insurance', integral: true, limit: { amount: '900.00', currency: 'CNY' }, coveredShare: '0.9' },
  ...{ providerLossRate: '0.01', effectiveOn: ON, expiresOn: '2025-12-31', reason: 'policy 7' },
  ...over,
});

/** Every collection with a proposal that is accepted. */
const COLLECTIONS: readonly (readonly [collection: string, proposal: (over?: object) => object])[] = [
  ['loss-rate-sets', rates],
  ['individual-assessments', assessment],
  ['staging-policies', staging],
  ['stage-assignments', stage],
  ['forward-looking-sets', scenarios],
  ['overlays', overlay],
  ['credit-enhancements', cover],
];

beforeAll(async () => {
  app = await startApp();
  maker = await app.principal('maker', ['manager', 'approver', 'ingest', 'controller', 'viewer']);
  checker = await app.principal('checker', ['approver', 'manager']);
  await app.importCsv(maker, 'debtors', `${DEBTORS}D1,One,std,false,CN,0,,\nD2,Two,vip,false,CN,0,,\n`);
  await app.importCsv(
    maker,
    'receivables',
    `${RECEIVABLES}A,D1,trade,CNY,1000.00,2024-12-01,,2024-12-01,A\nB,D2,trade,CNY,70.00,2024-12-01,,2024-12-01,B\n`,
  );
  for (const [collection, proposal] of COLLECTIONS) await propose(collection, proposal({ id: `early-${collection}`, effectiveOn: CLOSED }));
  const close = await ok<{ id: string }>(maker('POST', '/v1/period-closes', { through: CLOSED }));
  await ok(checker('POST', `/v1/period-closes/${close.id}/approve`));
}, 90_000);
afterAll(() => app.stop(), 30_000);

/** Everything a refusal could have left behind: where the log stands, and every list of policies and schemes. */
async function state(): Promise<unknown> {
  const { position } = await ok<{ position: number }>(maker('GET', '/v1/approvals'));
  const lists = ['ageing-schemes', ...COLLECTIONS.map(([collection]) => collection)].map(async (collection) => {
    const { items } = await ok<{ items: unknown }>(maker('GET', `/v1/${collection}?asOf=${ON}`));
    return items;
  });
  return { position, lists: await Promise.all(lists) };
}

async function refused(attempt: () => Promise<Answer>): Promise<{ status: number } & Problem> {
  const before = await state();
  const { status, json } = await attempt();
  expect(await state()).toEqual(before);
  return { status, ...(json as Problem) };
}

async function propose(collection: string, body: object): Promise<{ id: string; contentHash: string }> {
  return ok(maker('POST', `/v1/${collection}`, body));
}

describe('a proposal that cannot be used', () => {
  const withRow = (row: object) => rates({ rates: [...flat('0.1'), row] });
  const bucket = (label: string, days: number) => ({ label, upTo: { days } });
  const over = { label: 'Over', over: true };

  it.each<[why: string, path: string, body: object, code: string, place: Record<string, string>]>([
    [
      'a rate above one',
      'loss-rate-sets',
      withRow({ segment: 'vip', bucket: LABELS[0], rate: '1.01' }),
      'loss-rates-invalid',
      { code: 'rate-out-of-range', field: 'rates[6].rate' },
    ],
    [
      'a rate below nothing',
      'loss-rate-sets',
      withRow({ segment: 'vip', bucket: LABELS[0], rate: '-0.01' }),
      'loss-rates-invalid',
      { code: 'rate-out-of-range', field: 'rates[6].rate' },
    ],
    [
      'a negative zero, which no event could hold',
      'loss-rate-sets',
      withRow({ segment: 'vip', bucket: LABELS[0], rate: '-0' }),
      'loss-rates-invalid',
      { code: 'rate-out-of-range' },
    ],
    [
      'a bucket without a rate',
      'loss-rate-sets',
      rates({ rates: flat('0.1').slice(1) }),
      'loss-rates-invalid',
      { code: 'bucket-without-rate' },
    ],
    [
      'a segment that is named in one bucket and has no rate in the others',
      'loss-rate-sets',
      rates({ rates: [{ segment: 'vip', bucket: LABELS[0], rate: '0.1' }] }),
      'loss-rates-invalid',
      { code: 'bucket-without-rate' },
    ],
    [
      'a bucket of another scheme',
      'loss-rate-sets',
      withRow({ segment: '*', bucket: '1-30', rate: '0.1' }),
      'loss-rates-invalid',
      { code: 'unknown-bucket', field: 'rates[6].bucket' },
    ],
    ['a scheme nobody defined', 'loss-rate-sets', rates({ scheme: 'none' }), 'ageing-scheme-unknown', { field: 'scheme' }],
    ['a kind without losses', 'loss-rate-sets', rates({ kind: 'non_financial' }), 'validation-failed', { pointer: '/kind' }],
    ['a set to replace that is not there', 'loss-rate-sets', rates({ replaces: 'none' }), 'replaced-policy-unknown', { field: 'replaces' }],
    [
      'buckets that fall back',
      'ageing-schemes',
      { id: 's', basis: 'due', buckets: [bucket('a', 60), bucket('b', 30), over] },
      'ageing-scheme-invalid',
      {},
    ],
    [
      'buckets that meet twice',
      'ageing-schemes',
      { id: 's', basis: 'due', buckets: [bucket('a', 30), bucket('b', 30), over] },
      'ageing-scheme-invalid',
      {},
    ],
    ['buckets without an end', 'ageing-schemes', { id: 's', basis: 'due', buckets: [bucket('a', 30)] }, 'ageing-scheme-invalid', {}],
    [
      'one label for two buckets',
      'ageing-schemes',
      { id: 's', basis: 'due', buckets: [bucket('a', 30), bucket('a', 60), over] },
      'ageing-scheme-invalid',
      {},
    ],
    [
      'weights of scenarios that make up too little',
      'forward-looking-sets',
      scenarios({ scenarios: [{ name: 'a', weight: '0.999999999999', scalar: '1' }] }),
      'weights-not-one',
      { field: 'scenarios' },
    ],
    ['stages for trade receivables', 'staging-policies', staging({ kind: 'trade' }), 'general-approach-not-allowed', { field: 'kind' }],
    [
      'a rebutted presumption without a reason',
      'staging-policies',
      staging({ sicrDays: 60 }),
      'rebuttal-reason-missing',
      { field: 'rebuttalReason' },
    ],
    [
      'a probability that is a percentage',
      'staging-policies',
      staging({ parameters: [{ ...parameters, lgd: '60' }] }),
      'fraction-out-of-range',
      { field: 'parameters[0].lgd', pointer: '/parameters/0/lgd' },
    ],
    ['a stage for nobody', 'stage-assignments', stage({ debtorId: 'nobody' }), 'debtor-unknown', { field: 'debtorId' }],
    ['a fourth stage', 'stage-assignments', stage({ stage: 4 }), 'validation-failed', { pointer: '/stage' }],
    ['an overlay without an end', 'overlays', overlay({ expiresOn: undefined }), 'validation-failed', { pointer: '/expiresOn' }],
    ['an overlay that ends before it begins', 'overlays', overlay({ expiresOn: '2024-01-01' }), 'policy-invalid', { field: 'expiresOn' }],
    ['an overlay without a reason', 'overlays', overlay({ reason: ' ' }), 'validation-failed', { pointer: '/reason' }],
    [
      'an amount with more decimals than its currency',
      'overlays',
      overlay({ amount: { amount: '1.005', currency: 'CNY' } }),
      'validation-failed',
      { pointer: '/amount/amount' },
    ],
    [
      'cover of more than the loss',
      'credit-enhancements',
      cover({ coveredShare: '1.1' }),
      'fraction-out-of-range',
      { field: 'coveredShare' },
    ],
    ['cover for nobody', 'credit-enhancements', cover({ debtorId: 'nobody' }), 'debtor-unknown', { field: 'debtorId' }],
    ['cover in two currencies', 'credit-enhancements', cover({ currency: 'USD' }), 'currency-mismatch', { field: 'currency' }],
    ['cover in no currency', 'credit-enhancements', cover({ limit: undefined }), 'currency-missing', { field: 'currency' }],
    [
      'a negative limit',
      'credit-enhancements',
      cover({ limit: { amount: '-1.00', currency: 'CNY' } }),
      'policy-invalid',
      { field: 'limit' },
    ],
    [
      'probabilities that make up more than one',
      'individual-assessments',
      assessment({ lossRate: undefined, scenarios: [0.6, 0.5].map((p) => ({ probability: String(p), cashFlows: [] })) }),
      'assessment-invalid',
      { field: 'scenarios' },
    ],
    ['an assessment of nobody', 'individual-assessments', assessment({ debtorId: 'nobody' }), 'debtor-unknown', { field: 'debtorId' }],
    [
      'an assessment of a kind without losses',
      'individual-assessments',
      assessment({ kinds: ['non_financial'] }),
      'validation-failed',
      { pointer: '/kinds/0' },
    ],
    [
      'a loss rate that is a percentage',
      'individual-assessments',
      assessment({ lossRate: '50' }),
      'assessment-invalid',
      { field: 'lossRate' },
    ],
    ['a mistyped field', 'overlays', overlay({ expireOn: ON }), 'validation-failed', { pointer: '/expireOn' }],
  ])('is refused with its place and leaves nothing: %s', async (_, path, body, code, place) => {
    const answer = await refused(() => maker('POST', `/v1/${path}`, body));
    expect(answer).toMatchObject({ status: 422, code });
    if (Object.keys(place).length > 0) expect(answer.errors).toContainEqual(expect.objectContaining(place));
  });
});

describe.each(COLLECTIONS)('a policy of %s', (collection, proposal) => {
  it('that would take effect in a closed period is refused, when it is proposed and when it is approved', async () => {
    const closed = { status: 409, code: 'period-closed', errors: [{ field: 'effectiveOn', pointer: '/effectiveOn' }] };
    expect(await refused(() => maker('POST', `/v1/${collection}`, proposal({ effectiveOn: CLOSED })))).toMatchObject(closed);
    expect(await refused(() => checker('POST', `/v1/${collection}/early-${collection}/approve`))).toMatchObject(closed);
  });

  it('is approved by nobody who proposed it, by nobody who looked at other content, and by no viewer', async () => {
    const first = await propose(collection, proposal({ id: `changed-${collection}` }));
    const changed = await propose(collection, proposal({ id: `changed-${collection}`, effectiveOn: '2024-12-30' }));
    const path = `/v1/${collection}/${first.id}`;
    const approve = (as: Caller, body?: object) => refused(() => as('POST', `${path}/approve`, body));
    expect(await approve(maker)).toMatchObject({ status: 403, code: 'four-eyes' });
    expect(await approve(checker, { contentHash: first.contentHash })).toMatchObject({
      ...{ status: 409, code: 'content-changed', errors: [{ field: 'contentHash' }] },
    });
    expect(await approve(checker, { contentHash: 'short' })).toMatchObject({ status: 422, code: 'validation-failed' });
    const viewer = await app.principal('viewer', ['viewer']);
    expect(await approve(viewer)).toMatchObject({ status: 403, code: 'forbidden' });
    expect(await refused(() => viewer('POST', `/v1/${collection}`, proposal()))).toMatchObject({ status: 403, code: 'forbidden' });
    await ok(maker('POST', `${path}/withdraw`, { reason: 'for the test' }));
    expect(await approve(checker, { contentHash: changed.contentHash })).toMatchObject({ status: 409, code: 'proposal-withdrawn' });
    expect(await refused(() => checker('POST', `/v1/${collection}/nobody/approve`))).toMatchObject({ status: 404 });
  });
});

describe('rates that contradict approved ones of the same day', () => {
  it('are refused by the one they contradict, and taken when they say that they replace it', async () => {
    const approve = (id: string) => checker('POST', `/v1/loss-rate-sets/${id}/approve`, {});
    await propose('loss-rate-sets', rates({ id: 'first', effectiveOn: '2024-06-30' }));
    await ok(approve('first'));
    const second = rates({ id: 'second', effectiveOn: '2024-06-30', rates: flat('0.2') });
    await propose('loss-rate-sets', second);
    const answer = await refused(() => approve('second'));
    expect(answer).toMatchObject({ status: 409, code: 'effective-date-overlap', rivalId: 'first', errors: [{ field: 'effectiveOn' }] });
    await propose('loss-rate-sets', { ...second, replaces: 'first' });
    expect(await ok(approve('second'))).toMatchObject({ status: 'approved' });
    expect(await refused(() => maker('POST', '/v1/loss-rate-sets', rates({ id: 'second' })))).toMatchObject({
      status: 409,
      code: 'conflict',
    });
    expect(await refused(() => checker('POST', '/v1/loss-rate-sets/second/withdraw'))).toMatchObject({
      status: 409,
      code: 'already-approved',
    });
  });
});

describe('a run', () => {
  const run = async (body: object): Promise<Run> => {
    const { id } = await ok<{ id: string }>(maker('POST', '/v1/provision-runs', { asOf: ON, kinds: ['trade'], ...body }));
    return finished<Run>(maker, `/v1/provision-runs/${id}`);
  };

  it('without a rate for a segment, or without an exchange rate of the day, fails and names each, and has no figure', async () => {
    await propose('loss-rate-sets', rates({ id: 'std-only', effectiveOn: '2024-11-30', rates: flat('0.2', 'std') }));
    await ok(checker('POST', '/v1/loss-rate-sets/std-only/approve', {}));
    const missing = await run({});
    expect(missing).toMatchObject({ status: 'failed', problem: { code: 'loss-rate-missing' }, collective: [], total: null });
    expect(missing.problem?.errors).toEqual([expect.objectContaining({ kind: 'trade', segment: 'vip', bucket: 'Up to 6 months' })]);

    await propose('loss-rate-sets', rates({ id: 'everybody', effectiveOn: '2024-12-01' }));
    await ok(checker('POST', '/v1/loss-rate-sets/everybody/approve', {}));
    expect(await run({})).toMatchObject({ status: 'completed' });
    await app.importCsv(maker, 'fx-rates', 'base,quote,rate,effective_on\nCNY,USD,0.14,2025-01-02\n');
    expect(await run({ currency: 'USD' })).toMatchObject({
      ...{ status: 'failed', total: null, problem: { code: 'fx-rate-missing', errors: [{ base: 'CNY', quote: 'USD' }] } },
    });
  });
});

describe('a negative exposure', () => {
  it('never enters the book: the row is refused and the rest of the file taken', async () => {
    const gross = async () => (await ok<{ groups: { total: unknown }[] }>(maker('GET', `/v1/ageing?asOf=${ON}`))).groups[0]?.total;
    const before = await gross();
    const file = `${RECEIVABLES}N,D1,trade,CNY,-5.00,2024-12-01,,2024-12-01,N\n`;
    const { id } = await ok<{ id: string }>(maker('POST', '/v1/imports/receivables', file));
    expect(await finished(maker, `/v1/imports/${id}`)).toMatchObject({ status: 'completed', accepted: 0, rejected: 1 });
    expect((await maker('GET', `/v1/imports/${id}/rejects`)).text).toContain('amount,amount-negative');
    expect(await gross()).toEqual(before);
  });
});
