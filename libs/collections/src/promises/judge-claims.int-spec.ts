import { randomUUID } from 'node:crypto';
import type { QueryBus } from '@nestjs/cqrs';
import { localDate, type CashMovement } from '@app/credit-domain';
import { Database, EventStore, registerEventTypes, type EventContext, type JsonObject } from '@app/event-store';
import type { Intents } from '@app/platform';
import { events as receivablesEvents } from '@app/receivables';
import { createTestDatabase, steppableClock, type TestDatabase } from '@app/testing';
import { CaseLog, JUDGE_CLAIMS } from '../case/case-log';
import { newEvent } from '../event-data';
import { events } from '../events';
import { rebuildCases } from '../rebuild/rebuild-cases';
import { JudgeClaims } from './judge-claims';
import { SeeCashProcessor } from './see-cash.processor';

jest.setTimeout(120_000);

const TENANT = 1;
const PAGE_EVENTS = 10_000;

describe('the judging of promises', () => {
  const clock = steppableClock(new Date('2026-03-01T12:00:00Z'));
  let server: TestDatabase;
  let store: EventStore;
  let log: CaseLog;
  let judging: JudgeClaims;
  let seeing: SeeCashProcessor;
  let requested: string[] = [];
  const cash = new Map<string, CashMovement[]>();
  const context = (): EventContext => ({ tenantId: TENANT, principalId: randomUUID(), correlationId: randomUUID() });

  beforeAll(async () => {
    server = await createTestDatabase({ schemas: ['pf', 'cl'] });
    const catalogue = [...receivablesEvents, ...events];
    await registerEventTypes(server.ownerUrl, catalogue);
    store = new EventStore(
      new Database({ connectionString: server.workerUrl, role: 'arrears_worker', applicationName: 'judging-test' }),
      catalogue,
    );
    const request = (_tx: unknown, _tenantId: number, { kind }: { kind: string }) => {
      requested.push(kind);
      return Promise.resolve(randomUUID());
    };
    const intents = { request } as unknown as Intents;
    log = new CaseLog(store, clock, intents);
    judging = new JudgeClaims(store.database, store, log, { execute: () => Promise.resolve(cash) } as unknown as QueryBus);
    seeing = new SeeCashProcessor(intents);
  });
  beforeEach(() => {
    requested = [];
    cash.clear();
  });
  afterAll(async () => {
    await store.database.close();
    await server.drop();
  });

  const promise = (debtorId: string, dueOn: string): Promise<string> => {
    const promiseId = randomUUID();
    const data = { promiseId, debtorId, amount: '100', currency: 'CNY', dueOn, graceDays: 0, receivableIds: null, personal: null };
    const made = newEvent('PromiseMade', clock.today(), data);
    return log.decide(context(), debtorId, () => ({
      events: [made],
      result: promiseId,
      opened: promiseId,
      claimed: { cashFrom: clock.today() },
    }));
  };
  const typesOf = (debtorId: string): Promise<string[]> =>
    store.database.read(TENANT, async (tx) => (await store.readStream(tx, 'debtor-case', debtorId)).map(({ type }) => type));
  const judgeAll = async (): Promise<void> => {
    while (await judging.judgeSome(context()));
  };
  const paid = (debtorId: string, on: string): void => {
    const movement = {
      movementId: randomUUID(),
      position: 1n,
      type: 'payment' as const,
      receivableId: 'A',
      entityId: 'main',
      currency: 'CNY',
    };
    cash.set(debtorId, [{ ...movement, effectiveOn: localDate(on), gross: -100n, credit: 0n, recovered: 0n }]);
  };

  it('says once what came of each, however often and by however many it is done', async () => {
    const debtors = Array.from({ length: 120 }, (_, index) => `many-${String(index)}`);
    for (const debtorId of debtors) await promise(debtorId, '2026-03-05');
    expect(requested).toContain(JUDGE_CLAIMS);
    await judgeAll();
    expect(await typesOf('many-0')).toEqual(['PromiseMade']);
    clock.goTo('2026-03-06');
    await Promise.all([judgeAll(), judgeAll(), judgeAll()]);
    await judgeAll();
    for (const debtorId of debtors) expect(await typesOf(debtorId)).toEqual(['PromiseMade', 'PromiseBroken']);
  });

  it('judges nothing anew after a rebuild', async () => {
    await promise('rebuilt', '2026-03-10');
    clock.goTo('2026-03-11');
    await judgeAll();
    const { position } = await store.database.read(TENANT, (tx) => store.latestSettled(tx));
    await rebuildCases(store, TENANT);
    await judgeAll();
    expect((await store.database.read(TENANT, (tx) => store.latestSettled(tx))).position).toBe(position);
    expect(await typesOf('rebuilt')).toEqual(['PromiseMade', 'PromiseBroken']);
  });

  it('hears of cash only where something was promised, and takes it into account', async () => {
    await promise('late', '2026-03-12');
    clock.goTo('2026-03-13');
    await judgeAll();
    paid('late', '2026-03-12');
    const data = (debtorId: string): JsonObject => ({ debtorId });
    const rows = Array.from({ length: PAGE_EVENTS }, (_, index) => ({
      ...{
        category: 'receivable',
        key: `r${String(index)}`,
        expectedVersion: 0,
        type: 'ReceivableMovementRecorded',
        effectiveOn: '2026-03-12',
      },
      ...{ data: data(index === 77 ? 'late' : `nobody-${String(index)}`), sourceRow: index + 1 },
    }));
    const { firstPosition, lastPosition } = await store.database.transaction(TENANT, (tx) =>
      store.bulkAppend(tx, context(), { id: randomUUID() }, rows),
    );
    await store.settle(lastPosition);
    const started = performance.now();
    const page = { tenantId: TENANT, after: firstPosition - 1n, upTo: lastPosition, events: () => Promise.resolve([]) };
    await store.database.transaction(TENANT, (tx) => seeing.apply(tx, page));
    process.stdout.write(`cash seen in a page of ${String(PAGE_EVENTS)} movements: ${(performance.now() - started).toFixed(1)} ms\n`);
    const seen = await store.database.read(TENANT, (tx) => tx.query<{ debtor_id: string }>('SELECT debtor_id FROM cl.cash_seen'));
    expect(seen).toEqual([{ debtor_id: 'late' }]);
    await judgeAll();
    expect(await typesOf('late')).toEqual(['PromiseMade', 'PromiseBroken', 'PromiseKept']);
  });
});
