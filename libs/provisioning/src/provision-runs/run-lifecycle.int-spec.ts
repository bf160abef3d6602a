import { Database, EventStore, registerEventTypes } from '@app/event-store';
import { Intents, Logger, type Job, type RequestContext } from '@app/platform';
import { events as receivablesEvents, type ControlDifference } from '@app/receivables';
import { createTestDatabase, type TestDatabase } from '@app/testing';
import { randomUUID } from 'node:crypto';
import { cell, flatRates, queriesOn, SCHEME, type FakeBook } from '../book.fixture';
import { ProvisionCalculator } from '../calculate/provision-calculator';
import { newEvent } from '../event-data';
import { events } from '../events';
import { ApprovePeriodCloseHandler, ProposePeriodCloseHandler, ProposePeriodReopenHandler } from '../periods/decide-period-close.handler';
import {
  ApprovePeriodCloseCommand,
  ProposePeriodCloseCommand,
  ProposePeriodReopenCommand,
  type PeriodCloseProposal,
} from '../periods/period-closes.command';
import { ListPeriodClosesHandler } from '../periods/period-closes.handler';
import { ListPeriodClosesQuery } from '../periods/period-closes.query';
import { assertPeriodOpen } from '../periods/period-guard';
import { RunVerifier } from '../verify/run-verifier';
import { ApproveProvisionRunCommand } from './approve-run.command';
import { ApproveProvisionRunHandler } from './approve-run.handler';
import { ListProvisionRunsHandler } from './list-provision-runs.handler';
import { GetProvisionRunHandler } from './provision-runs.handler';
import { GetProvisionRunQuery, ListProvisionRunsQuery } from './provision-runs.query';
import { RequestProvisionRunCommand } from './request-run.command';
import { RequestProvisionRunHandler } from './request-run.handler';
import { RunProvisionJob } from './run-provision.job';

const [MAKER, CHECKER, OTHER] = [randomUUID(), randomUUID(), randomUUID()];
const catalogue = [...receivablesEvents, ...events];
const clock = { now: () => new Date(), today: () => '2025-01-15' };

let testDatabase: TestDatabase;
let database: Database;
let store: EventStore;
let intents: Intents;
let book: FakeBook;
let tenant = 50;

beforeAll(async () => {
  testDatabase = await createTestDatabase({ schemas: ['pf'] });
  await registerEventTypes(testDatabase.ownerUrl, catalogue);
  database = new Database({ connectionString: testDatabase.workerUrl, applicationName: 'run-lifecycle-test' });
  store = new EventStore(database, catalogue);
  intents = new Intents(database, { kind: 'postgresql' } as never, new Logger('silent'));
});
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});
beforeEach(async () => {
  tenant += 1;
  book = { cells: [cell({ amount: 10_000n })] };
  await approvedRates('0.1');
});

const by = (principalId: string): RequestContext => ({
  ...{ tenantId: tenant, principalId, roles: [], correlationId: randomUUID() },
  newId: () => randomUUID(),
});

async function approvedRates(rate: string): Promise<void> {
  const setId = randomUUID();
  const content = { setId, kind: 'trade', scheme: SCHEME, effectiveOn: '2024-01-01', rates: flatRates(rate) };
  const append = async (principalId: string, expectedVersion: number, event: ReturnType<typeof newEvent>): Promise<void> => {
    const context = { tenantId: tenant, principalId, correlationId: randomUUID() };
    const appended = await store.appendSingle(context, { category: 'loss-rate-set', key: setId, expectedVersion, events: [event] });
    await store.settle(appended.lastPosition);
  };
  await append(MAKER, 0, newEvent('LossRateSetProposed', '2024-01-01', content as never));
  const { kind, scheme } = content;
  await append(CHECKER, 1, newEvent('LossRateSetApproved', '2024-01-01', { setId, kind, scheme, approvedBy: CHECKER } as never));
}

const jobOf = (key: string): Job => ({
  ...{ intentId: randomUUID(), tenantId: tenant, kind: 'any', key, payload: {}, attempt: 1, generation: 1 },
  ...{ signal: new AbortController().signal, extendLease: () => Promise.resolve() },
});
async function completed(asOf = '2024-12-31'): Promise<string> {
  const { id } = await new RequestProvisionRunHandler(store, intents).execute(new RequestProvisionRunCommand(by(MAKER), { asOf }));
  await new RunProvisionJob(store, new ProvisionCalculator(store, queriesOn(book))).run(jobOf(id));
  return id;
}
const approve = (id: string, principal = CHECKER, hash?: string) =>
  new ApproveProvisionRunHandler(store, queriesOn(book)).execute(new ApproveProvisionRunCommand(by(principal), id, hash));
const runOf = (id: string) => new GetProvisionRunHandler(store).execute(new GetProvisionRunQuery(tenant, id));

const close = (proposal: Partial<PeriodCloseProposal> = {}) =>
  new ProposePeriodCloseHandler(store, clock).execute(new ProposePeriodCloseCommand(by(MAKER), { through: '2024-12-31', ...proposal }));
const sign = (id: string, principal = CHECKER, contentHash?: string) =>
  new ApprovePeriodCloseHandler(store).execute(new ApprovePeriodCloseCommand(by(principal), id, contentHash));
const reopen = (id: string) =>
  new ProposePeriodReopenHandler(store).execute(new ProposePeriodReopenCommand(by(MAKER), id, 'an invoice was forgotten'));
const guard = (effectiveOn: string, entityId: string | null = null) =>
  database.transaction(tenant, (tx) => assertPeriodOpen(store, tx, { effectiveOn, entityId }));

describe('a completed run', () => {
  it('is signed by somebody else and only as it was looked at: nobody approves his own figures or others than those shown', async () => {
    const id = await completed();
    await expect(approve(id, MAKER)).rejects.toMatchObject({ code: 'four-eyes' });
    await expect(approve(id, CHECKER, 'f'.repeat(64))).rejects.toMatchObject({ code: 'content-changed' });
    const run = await runOf(id);
    const recorded = run.status === 'completed' ? run.result.hash : '';
    expect(await approve(id, CHECKER, recorded)).toEqual({ id, status: 'approved', hash: recorded, superseded: [] });
    expect(await approve(id, OTHER)).toMatchObject({ status: 'approved' });
    expect(await runOf(id)).toMatchObject({ lifecycle: 'approved', approval: { by: CHECKER } });
    const queued = await new RequestProvisionRunHandler(store, intents).execute(
      new RequestProvisionRunCommand(by(MAKER), { asOf: '2024-12-31' }),
    );
    await expect(approve(queued.id)).rejects.toMatchObject({ code: 'run-not-completed' });
  });

  it('gives way to a later one of the same scope, and never comes back over it', async () => {
    const [first, other, second, third] = [await completed(), await completed('2024-11-30'), await completed(), await completed()];
    await approve(first);
    await approve(other);
    expect(await approve(third)).toMatchObject({ superseded: [first] });
    expect(await runOf(first)).toMatchObject({ lifecycle: 'superseded', supersededBy: third });
    expect(await runOf(other)).toMatchObject({ lifecycle: 'approved' });
    await expect(approve(first)).rejects.toMatchObject({ code: 'run-superseded' });
    await approvedRates('0.2');
    const later = await completed();
    await approve(later);
    await expect(approve(second)).rejects.toMatchObject({ code: 'run-superseded' });
    const list = await new ListProvisionRunsHandler(store).execute(new ListProvisionRunsQuery(tenant, { limit: 10 }));
    expect(list.map(({ lifecycle }) => lifecycle)).toEqual(['approved', 'superseded', 'computed', 'approved', 'superseded']);
  });

  it('approved by two people at once is approved once', async () => {
    const id = await completed();
    await Promise.all([approve(id, CHECKER), approve(id, OTHER), approve(id, randomUUID())]);
    const types = (await database.read(tenant, (tx) => store.readStream(tx, 'provision-run', id))).map(({ type }) => type);
    expect(types).toEqual(['ProvisionRunRequested', 'ProvisionRunCompleted', 'ProvisionRunApproved']);
  });

  it('that does not agree with a control total is not signed before somebody explains the difference', async () => {
    const difference: ControlDifference = {
      ...{ entityId: 'main', kind: 'trade', currency: 'CNY', account: '1122', stated: 10_100n, book: 10_000n, difference: 100n },
      ...{ explained: false, reason: null },
    };
    book.differences = [difference];
    const id = await completed();
    await expect(approve(id)).rejects.toMatchObject({
      code: 'control-difference-unexplained',
      extra: { differences: [{ account: '1122', stated: '101.00', book: '100.00', difference: '1.00' }] },
    });
    book.differences = [{ ...difference, explained: true, reason: 'cash in transit' }];
    expect(await approve(id)).toMatchObject({ status: 'approved' });
  });

  it('is verified to the same answer whatever the pages it is read in and however many read it', async () => {
    const id = await completed();
    const verifier = new RunVerifier(store, queriesOn(book));
    const found = await Promise.all([1, 2, 3, 1_000].map((eventsPerPage) => verifier.verify(tenant, id, { source: 'log', eventsPerPage })));
    const answers = found.map(({ durationMs: _durationMs, ...answer }) => answer);
    expect(answers[0]).toMatchObject({ verified: true, eventsChecked: 4 });
    for (const answer of answers) expect(answer).toEqual(answers[0]);
  });
});

describe('a period', () => {
  it('is closed by two people and refuses what would change its figures, from its last day back', async () => {
    const { id, contentHash } = await close();
    await guard('2024-12-31');
    await expect(sign(id, MAKER)).rejects.toMatchObject({ code: 'four-eyes' });
    await expect(sign(id, CHECKER, '0'.repeat(64))).rejects.toMatchObject({ code: 'content-changed' });
    expect(await sign(id, CHECKER, contentHash)).toEqual({ id, status: 'closed' });
    await expect(guard('2024-12-31')).rejects.toMatchObject({ code: 'period-closed' });
    await expect(guard('2020-06-30', 'main')).rejects.toMatchObject({ code: 'period-closed' });
    await guard('2025-01-01');
    const run = await completed();
    await expect(approve(run)).rejects.toMatchObject({ code: 'period-closed' });
    await expect(close()).rejects.toMatchObject({ code: 'period-already-closed' });
    await expect(close({ through: '2099-12-31' })).rejects.toMatchObject({ code: 'close-in-future' });
  });

  it('of one entity leaves the others open, but not a decision for all of them', async () => {
    await sign((await close({ entityId: 'hk' })).id);
    await expect(guard('2024-06-30', 'hk')).rejects.toMatchObject({ code: 'period-closed' });
    await expect(guard('2024-06-30', null)).rejects.toMatchObject({ code: 'period-closed' });
    await guard('2024-06-30', 'main');
    await sign((await close({ through: '2024-06-30' })).id);
    const list = await new ListPeriodClosesHandler(store).execute(new ListPeriodClosesQuery(tenant, {}));
    expect(list.closedThrough).toEqual([
      { entityId: null, through: '2024-06-30' },
      { entityId: 'hk', through: '2024-12-31' },
    ]);
  });

  it('signs the figures of an approved run of its last day and of no other', async () => {
    const id = await completed();
    await expect(close({ runId: id })).rejects.toMatchObject({ code: 'run-not-approved' });
    await approve(id);
    await expect(close({ runId: id, through: '2024-11-30' })).rejects.toMatchObject({ code: 'period-run-mismatch' });
    const proposed = await close({ runId: id });
    await sign(proposed.id);
    const { items } = await new ListPeriodClosesHandler(store).execute(new ListPeriodClosesQuery(tenant, {}));
    expect(items).toMatchObject([{ status: 'closed', runId: id }]);
  });

  it('is reopened by two people, the latest first, and is seen closed by whoever asks what was known before', async () => {
    const june = await close({ through: '2024-06-30' });
    await sign(june.id);
    const december = await close();
    await sign(december.id);
    const before = await new ListPeriodClosesHandler(store).execute(new ListPeriodClosesQuery(tenant, {}));
    await expect(reopen(june.id)).rejects.toMatchObject({ code: 'period-reopen-order' });
    await reopen(december.id);
    await expect(guard('2024-12-31')).rejects.toMatchObject({ code: 'period-closed' });
    await expect(sign(december.id, MAKER)).rejects.toMatchObject({ code: 'four-eyes' });
    expect(await sign(december.id)).toEqual({ id: december.id, status: 'reopened' });
    await guard('2024-12-31');
    await expect(guard('2024-06-30')).rejects.toMatchObject({ code: 'period-closed' });
    const then = await new ListPeriodClosesHandler(store).execute(new ListPeriodClosesQuery(tenant, { knownAt: before.knownAt }));
    expect(then.closedThrough).toEqual([{ entityId: null, through: '2024-12-31' }]);
    await expect(reopen(december.id)).rejects.toMatchObject({ code: 'period-close-not-closed' });
  });

  it('is not closed while a decision is entering it: one of the two comes first and the other sees it', async () => {
    const { id } = await close();
    let closing: Promise<unknown> = Promise.resolve();
    let closed = false;
    await database.transaction(tenant, async (tx) => {
      await assertPeriodOpen(store, tx, { effectiveOn: '2024-12-01', entityId: null });
      closing = sign(id).then(() => (closed = true));
      await new Promise((resolve) => setTimeout(resolve, 200));
      expect(closed).toBe(false);
    });
    await closing;
    expect(closed).toBe(true);
  });
});
