import { events as receivablesEvents } from '@app/receivables';
import { Database, EventStore, registerEventTypes, type Tx } from '@app/event-store';
import { Intents, Logger, type Job, type RequestContext } from '@app/platform';
import { createTestDatabase, type TestDatabase } from '@app/testing';
import { randomUUID } from 'node:crypto';
import { cell, flatRates, queriesOn, SCHEME, type FakeBook } from './book.fixture';
import { ProvisionCalculator } from './calculate/provision-calculator';
import { CloseBookJob } from './closes/close-book.job';
import { GetCloseHandler, ListClosesHandler } from './closes/closes.handler';
import { GetCloseQuery, ListClosesQuery } from './closes/closes.query';
import { CloseComputer } from './closes/compute-close';
import { RequestCloseCommand } from './closes/request-close.command';
import { RequestCloseHandler } from './closes/request-close.handler';
import { events } from './events';
import {
  ProposeAssessmentCommand,
  ProposeReleaseCommand,
  type AssessmentProposal,
} from './individual-assessments/propose-assessment.command';
import { ProposeAssessmentHandler, ProposeReleaseHandler } from './individual-assessments/propose-assessment.handler';
import { ProposeLossRatesCommand } from './loss-rate-sets/propose-loss-rates.command';
import { ProposeLossRatesHandler } from './loss-rate-sets/propose-loss-rates.handler';
import { ApprovePolicyCommand } from './policy/approve-policy.command';
import { ApprovePolicyHandler } from './policy/approve-policy.handler';
import { ListPoliciesHandler } from './policy/policies.handler';
import { ListPoliciesQuery } from './policy/policies.query';
import { ListProvisionRunsHandler } from './provision-runs/list-provision-runs.handler';
import { GetProvisionRunHandler } from './provision-runs/provision-runs.handler';
import { GetProvisionRunQuery, ListProvisionRunsQuery } from './provision-runs/provision-runs.query';
import { RequestProvisionRunCommand } from './provision-runs/request-run.command';
import { RequestProvisionRunHandler } from './provision-runs/request-run.handler';
import { RunProvisionJob } from './provision-runs/run-provision.job';
import { RecomputeProvisionJob } from './recompute-provision/recompute-provision.job';
import { RecomputeProvisionProcessor } from './recompute-provision/recompute-provision.processor';
import { VerifyProvisionRunHandler } from './verify/verification.handlers';
import { VerifyProvisionRunQuery } from './verify/verify-run.query';

const TENANT = 7;
const [MAKER, CHECKER] = [randomUUID(), randomUUID()];
const catalogue = [...receivablesEvents, ...events];
const clock = { now: () => new Date(), today: () => '2025-01-15' };

let testDatabase: TestDatabase;
let database: Database;
let store: EventStore;
let intents: Intents;
let book: FakeBook;

beforeAll(async () => {
  testDatabase = await createTestDatabase({ schemas: ['pf'] });
  await registerEventTypes(testDatabase.ownerUrl, catalogue);
  database = new Database({ connectionString: testDatabase.workerUrl, applicationName: 'provisioning-test' });
  store = new EventStore(database, catalogue);
  intents = new Intents(database, { kind: 'postgresql' } as never, new Logger('silent'));
});
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

let tenant = TENANT;
beforeEach(() => {
  tenant += 1;
  book = { cells: [cell({ amount: 10_000n })] };
});

const by = (principalId: string, id?: string): RequestContext => ({
  ...{ tenantId: tenant, principalId, roles: [], correlationId: randomUUID() },
  newId: () => id ?? randomUUID(),
});
const calculator = (): ProvisionCalculator => new ProvisionCalculator(store, queriesOn(book));
const job = (key: string): Job => ({
  intentId: randomUUID(),
  tenantId: tenant,
  kind: 'any',
  key,
  payload: {},
  attempt: 1,
  generation: 1,
  signal: new AbortController().signal,
  extendLease: () => Promise.resolve(),
});

const propose = (over: { id?: string; rate?: string; effectiveOn?: string } = {}) =>
  new ProposeLossRatesHandler(store, queriesOn(book)).execute(
    new ProposeLossRatesCommand(by(MAKER), {
      id: over.id,
      ...{ kind: 'trade', scheme: SCHEME, effectiveOn: over.effectiveOn ?? '2024-01-01', rates: flatRates(over.rate ?? '0.1') },
    }),
  );
const approve = (id: string, principal = CHECKER) =>
  new ApprovePolicyHandler(store).execute(new ApprovePolicyCommand(by(principal), 'loss-rate-sets', { id }));
const rates = async (rate: string, effectiveOn?: string) =>
  approve((await propose({ rate, ...(effectiveOn === undefined ? {} : { effectiveOn }) })).id);

const request = (knownAt?: string) =>
  new RequestProvisionRunHandler(store, intents).execute(new RequestProvisionRunCommand(by(MAKER), { asOf: '2024-12-31', knownAt }));
const compute = (id: string) => new RunProvisionJob(store, calculator()).run(job(id));
const runOf = (id: string) => new GetProvisionRunHandler(store).execute(new GetProvisionRunQuery(tenant, id));

const requestClose = (asOf = '2024-12-31') =>
  new RequestCloseHandler(store, intents, clock).execute(new RequestCloseCommand(by(MAKER), asOf));
const computer = () => new CloseComputer(store, calculator());
const computeClose = (asOf = '2024-12-31') => new CloseBookJob(computer()).run(job(asOf));
const recompute = () => new RecomputeProvisionJob(store, computer()).run(job('book'));
const closeOf = (asOf = '2024-12-31') => new GetCloseHandler(store).execute(new GetCloseQuery(tenant, asOf));
const eventsOf = async (category: string) =>
  (await database.read(tenant, (tx) => store.readCategory(tx, category))).map(({ type }) => type);

describe('loss-rate sets', () => {
  it('count only once another principal has approved them, and approving again changes nothing', async () => {
    const { id } = await propose();
    await expect(approve(id, MAKER)).rejects.toMatchObject({ code: 'four-eyes' });
    expect(await approve(id)).toMatchObject({ id, status: 'approved' });
    expect(await approve(id)).toMatchObject({ id, status: 'approved' });
    expect(await eventsOf('loss-rate-set')).toEqual(['LossRateSetProposed', 'LossRateSetApproved']);
    await expect(approve('nobody')).rejects.toMatchObject({ code: 'loss-rate-set-not-found' });
  });

  it('approved by two people at once are approved once', async () => {
    const { id } = await propose();
    await Promise.all([approve(id, randomUUID()), approve(id, randomUUID()), approve(id, randomUUID())]);
    expect(await eventsOf('loss-rate-set')).toHaveLength(2);
  });

  it('sent again under the same id are a repeat, other rates under it a conflict once they are approved: runs name sets by id', async () => {
    await propose({ id: 'fy24' });
    expect(await propose({ id: 'fy24' })).toMatchObject({ id: 'fy24', status: 'proposed' });
    expect(await eventsOf('loss-rate-set')).toHaveLength(1);
    await approve('fy24');
    expect(await propose({ id: 'fy24' })).toMatchObject({ id: 'fy24', status: 'approved' });
    await expect(propose({ id: 'fy24', rate: '0.2' })).rejects.toMatchObject({ code: 'conflict' });
  });

  it('with a bucket of another scheme are refused at the row that names it', async () => {
    const proposal = {
      kind: 'trade',
      scheme: SCHEME,
      effectiveOn: '2024-01-01',
      rates: [...flatRates('0.1'), { segment: '*', bucket: '1-30', rate: '0.1' }],
    };
    const refused = new ProposeLossRatesHandler(store, queriesOn(book)).execute(new ProposeLossRatesCommand(by(MAKER), proposal));
    await expect(refused).rejects.toMatchObject({
      code: 'loss-rates-invalid',
      errors: [{ field: 'rates[6].bucket', pointer: '/rates/6/bucket' }],
    });
  });

  it('are listed as they were known at any moment', async () => {
    const { id } = await propose({ id: 'early' });
    const list = (knownAt?: string) =>
      new ListPoliciesHandler(store).execute(new ListPoliciesQuery(tenant, 'loss-rate-sets', { asOf: '2024-12-31', knownAt }));
    const before = await list();
    await approve(id);
    expect((await list()).items).toMatchObject([{ status: 'approved', inForce: true }]);
    expect((await list(before.knownAt)).items).toMatchObject([{ status: 'proposed', inForce: false }]);
  });
});

describe('individual assessments', () => {
  const proposal: AssessmentProposal = {
    ...{ debtorId: 'D1', effectiveOn: '2024-06-30', endsOn: null, kinds: null, entityId: null, lossRate: '0.5' },
    ...{ scenarios: null, currency: null, discountRate: null, reason: 'insolvency' },
  };
  const assess = (over: Partial<AssessmentProposal> = {}) =>
    new ProposeAssessmentHandler(store, queriesOn(book)).execute(new ProposeAssessmentCommand(by(MAKER), { ...proposal, ...over }));
  const approveIt = (id: string, principal = CHECKER) =>
    new ApprovePolicyHandler(store).execute(new ApprovePolicyCommand(by(principal), 'individual-assessments', { id }));

  it('carry their whole content into the approval, which alone counts for what was known', async () => {
    const { id } = await assess({ lossRate: null, scenarios: [{ probability: '1', cashFlows: [{ on: '2025-06-30', amount: '12.34' }] }] });
    await expect(approveIt(id, MAKER)).rejects.toMatchObject({ code: 'four-eyes' });
    await approveIt(id);
    const [, approved] = await database.read(tenant, (tx) => store.readCategory(tx, 'individual-assessment'));
    expect(approved).toMatchObject({
      type: 'IndividualAssessmentApproved',
      effectiveOn: '2024-06-30',
      data: {
        debtorId: 'D1',
        release: false,
        approvedBy: CHECKER,
        scenarioCurrency: 'CNY',
        scenarios: [{ cashFlows: [{ amount: '1234' }] }],
      },
    });
  });

  it('of a debtor nobody knows, of a kind without losses or with two measurements are refused', async () => {
    await expect(assess({ debtorId: 'nobody' })).rejects.toMatchObject({ code: 'debtor-unknown' });
    await expect(assess({ kinds: ['non_financial'] })).rejects.toMatchObject({ code: 'kind-without-ecl' });
    await expect(assess({ scenarios: [] })).rejects.toMatchObject({ code: 'assessment-invalid' });
  });

  it('are released by an approved event of its own, and only once they were approved', async () => {
    const { id } = await assess();
    const release = () =>
      new ProposeReleaseHandler(store).execute(new ProposeReleaseCommand(by(MAKER), id, { effectiveOn: '2024-12-01', reason: 'cured' }));
    await expect(release()).rejects.toMatchObject({ code: 'assessment-not-approved' });
    await approveIt(id);
    const released = await release();
    await approveIt(released.id);
    const recorded = await database.read(tenant, (tx) => store.readStream(tx, 'individual-assessment', released.id));
    expect(recorded.at(-1)).toMatchObject({ effectiveOn: '2024-12-01', data: { debtorId: 'D1', release: true, lossRate: null } });
  });
});

describe('provision runs', () => {
  it('are queued, computed once and verified from the log', async () => {
    await rates('0.1');
    const { id } = await request();
    expect((await runOf(id)).status).toBe('queued');
    await compute(id);
    await compute(id);
    expect(await runOf(id)).toMatchObject({ status: 'completed', result: { total: { gross: '10000', allowance: '1000' } } });
    expect(await eventsOf('provision-run')).toEqual(['ProvisionRunRequested', 'ProvisionRunCompleted']);
    const verify = () => new VerifyProvisionRunHandler(store, queriesOn(book)).execute(new VerifyProvisionRunQuery(tenant, id));
    expect(await verify()).toMatchObject({ verified: true, problemCode: null });
    book.cells = [cell({ amount: 10_001n })];
    expect(await verify()).toMatchObject({ verified: false });
  });

  it('use what was known when they were asked for, though rates were approved before a worker came to them', async () => {
    await rates('0.1');
    const { id } = await request();
    await rates('0.9', '2024-06-30');
    await compute(id);
    expect(await runOf(id)).toMatchObject({ result: { total: { allowance: '1000' } } });
    const later = await request();
    await compute(later.id);
    expect(await runOf(later.id)).toMatchObject({ result: { total: { allowance: '9000' } } });
  });

  it('without rates fail and name kind, segment and bucket; the answer to verify says they never completed', async () => {
    const { id } = await request();
    await compute(id);
    expect(await runOf(id)).toMatchObject({
      status: 'failed',
      problem: { code: 'loss-rate-missing', errors: [{ kind: 'trade', segment: 'std', bucket: 'Up to 6 months' }] },
    });
    const verify = new VerifyProvisionRunHandler(store, queriesOn(book)).execute(new VerifyProvisionRunQuery(tenant, id));
    await expect(verify).rejects.toMatchObject({ code: 'provision-run-not-completed' });
  });

  it('given up by the worker end as failed, so that nobody polls for ever', async () => {
    const { id } = await request();
    await new RunProvisionJob(store, calculator()).abandon(job(id));
    expect(await runOf(id)).toMatchObject({ status: 'failed', problem: { code: 'run-not-computable' } });
  });

  it('are listed the latest first, page by page, without their lines', async () => {
    await rates('0.1');
    const ids = [(await request()).id, (await request()).id, (await request()).id];
    await compute(ids[1] ?? '');
    const list = (before?: string) => new ListProvisionRunsHandler(store).execute(new ListProvisionRunsQuery(tenant, { limit: 2, before }));
    const first = await list();
    expect(first.map(({ id, status }) => [id, status])).toEqual([
      [ids[2], 'queued'],
      [ids[1], 'completed'],
    ]);
    expect(first[1]).toMatchObject({ currency: 'CNY', total: { gross: 10_000n, allowance: 1_000n } });
    expect((await list(first[1]?.cursor)).map(({ id }) => id)).toEqual([ids[0]]);
  });
});

describe('closes', () => {
  it('take one snapshot and one provision; asked for again with nothing changed they end without another', async () => {
    await rates('0.1');
    await requestClose();
    await computeClose();
    await requestClose();
    expect((await closeOf()).pending).toBe(true);
    await computeClose();
    expect(await eventsOf('close')).toEqual([
      'CloseRequested',
      'AgeingSnapshotTaken',
      'ProvisionRecomputed',
      'CloseCompleted',
      'CloseRequested',
      'CloseCompleted',
    ]);
    expect(await closeOf()).toMatchObject({ pending: false, snapshot: { total: '10000' }, provision: { total: { allowance: '1000' } } });
  });

  it('of a day that has not come are refused: the latest close would be that one for ever', async () => {
    await expect(requestClose('2099-12-31')).rejects.toMatchObject({ code: 'close-in-future' });
  });

  it('are listed the latest date first with their figures', async () => {
    await rates('0.1');
    for (const asOf of ['2023-12-31', '2024-12-31']) await requestClose(asOf);
    await computeClose('2024-12-31');
    const list = (before?: string) => new ListClosesHandler(store).execute(new ListClosesQuery(tenant, { limit: 10, before }));
    expect(await list()).toMatchObject([
      { id: '2024-12-31', status: 'completed', gross: 10_000n, allowance: 1_000n },
      { id: '2023-12-31', status: 'queued', gross: null, allowance: null },
    ]);
    expect((await list('2024-12-31')).map(({ id }) => id)).toEqual(['2023-12-31']);
  });

  it('recomputed with the same figures say nothing, with others they say it once', async () => {
    await rates('0.1');
    await requestClose();
    await computeClose();
    await recompute();
    expect(await eventsOf('close')).toHaveLength(4);
    book.cells = [cell({ amount: 20_000n })];
    await recompute();
    await recompute();
    expect((await eventsOf('close')).slice(4)).toEqual(['AgeingSnapshotTaken', 'ProvisionRecomputed', 'CloseCompleted']);
    expect(await closeOf()).toMatchObject({ provision: { total: { allowance: '2000' } } });
  });
});

describe('hearing facts', () => {
  const fact = async (effectiveOn: string): Promise<void> => {
    const data = { base: 'USD', quote: 'CNY', rate: '7.1' };
    const events = [{ type: 'FxRateRecorded', effectiveOn, data }];
    const { lastPosition } = await store.appendSingle(
      { tenantId: tenant, principalId: MAKER, correlationId: randomUUID() },
      { category: 'fx-rate', key: `USD-CNY-${randomUUID()}`, expectedVersion: 0, events },
    );
    await store.settle(lastPosition);
  };
  /** What the processor leaves after it has heard everything since `after`. */
  const heard = async (after: bigint): Promise<number> => {
    const processor = new RecomputeProvisionProcessor(intents, clock);
    await database.transaction(tenant, async (tx) => {
      const { position: upTo } = await store.latestSettled(tx);
      await processor.apply(tx, { tenantId: tenant, after, upTo, events: () => Promise.reject(new Error('no event may be loaded')) });
    });
    return waitingRecomputations();
  };
  const waitingRecomputations = async (): Promise<number> =>
    (await database.read(tenant, (tx: Tx) => tx.query(`SELECT 1 FROM pf.intent WHERE tenant_id = $1 AND kind = 'recompute'`, [tenant])))
      .length;
  const now = async (): Promise<bigint> => (await database.read(tenant, (tx) => store.latestSettled(tx))).position;

  it('without any close they fire nothing: loading an old book is no news', async () => {
    const start = await now();
    await fact('2024-06-30');
    expect(await heard(start)).toBe(0);
  });

  it('dated after the latest close, or while only an older close would be concerned, they fire nothing', async () => {
    await requestClose('2023-12-31');
    await requestClose('2024-12-31');
    const start = await now();
    await fact('2025-01-01');
    expect(await heard(start)).toBe(0);
  });

  it('dated on or before the latest close, twenty of them leave one recomputation', async () => {
    await requestClose('2024-12-31');
    const start = await now();
    await Promise.all(Array.from({ length: 20 }, () => fact('2024-12-31')));
    expect(await heard(start)).toBe(1);
    expect(await heard(start)).toBe(1);
  });

  it('the events of closes and runs themselves fire nothing, or a recomputation would call for the next one', async () => {
    await rates('0.1');
    const start = await now();
    await requestClose('2024-12-31');
    await computeClose();
    expect(await heard(start)).toBe(0);
  });
});
