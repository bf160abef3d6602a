import { randomUUID } from 'node:crypto';
import type { JsonObject, StoredEvent } from '@app/event-store';
import type { Intents } from '@app/platform';
import { TENANT, TestAlerting } from '../alerting.fixture';
import { ChainCheck } from './chain-check';
import { SignalsProcessor } from './signals.processor';
import { failedWork, lastOfFeeds, unkeptPromises } from './signal-tables';

jest.setTimeout(60_000);

describe('what the rules on the day read, folded from events', () => {
  let test: TestAlerting;
  let requests: string[];
  let processor: SignalsProcessor;

  beforeEach(async () => {
    test = await TestAlerting.open();
    requests = [];
    const intents = {
      request: (_tx: unknown, _tenant: number, { kind, key }: { kind: string; key: string }) => {
        requests.push(`${kind}/${key}`);
        return Promise.resolve(randomUUID());
      },
    };
    processor = new SignalsProcessor(intents as unknown as Intents);
  });
  afterEach(() => test.stop());

  const event = (type: string, effectiveOn: string, data: JsonObject): StoredEvent =>
    ({ type, effectiveOn, data, position: 7n, correlationId: randomUUID(), key: 'k' }) as unknown as StoredEvent;
  const hear = (...events: readonly StoredEvent[]): Promise<void> =>
    test.resources.database.transaction(TENANT, (tx) =>
      processor.apply(tx, { tenantId: TENANT, after: 0n, upTo: 7n, events: () => Promise.resolve([...events]) }),
    );
  const read = <Result>(work: (tx: Parameters<typeof failedWork>[0]) => Promise<Result>): Promise<Result> =>
    test.resources.database.read(TENANT, work);

  const imported = (kind: string, on: string) => event('ImportCompleted', on, { importId: 'i', kind });
  const importFailed = (kind: string, on: string) => event('ImportFailed', on, { importId: 'i', kind, reason: 'cut off' });
  const problem = { code: 'fx-rate-missing', detail: 'no rate', errors: [] };

  it('keep the last success of a feed through a failure, and a failure until a success', async () => {
    await hear(imported('movements', '2024-12-02'), importFailed('movements', '2024-12-03'));
    await hear(
      event('CloseCompleted', '2025-01-03', { asOf: '2024-12-31' }),
      event('CloseFailed', '2025-01-04', { asOf: '2024-11-30', problem }),
    );
    expect(Object.fromEntries(await read((tx) => lastOfFeeds(tx, TENANT)))).toEqual({ movements: '2024-12-02', close: '2024-12-31' });
    expect(await read((tx) => failedWork(tx, TENANT, 10))).toEqual([
      { job: 'close', key: '2024-11-30', reason: 'fx-rate-missing: no rate' },
      { job: 'import', key: 'movements', reason: 'cut off' },
    ]);
    await hear(imported('movements', '2024-12-04'), event('CloseCompleted', '2025-01-05', { asOf: '2024-11-30' }));
    expect(await read((tx) => failedWork(tx, TENANT, 10))).toEqual([]);
    expect((await read((tx) => lastOfFeeds(tx, TENANT))).get('close')).toBe('2024-12-31');
    expect(new Set(requests)).toEqual(new Set(['evaluate-signals/signals-now']));
    expect(requests).toHaveLength(3);
  });

  it('keep a promise that was not kept until it was judged anew, made good, or opened again', async () => {
    const judged = (type: string, promiseId: string, dueOn: string, paid: string): StoredEvent =>
      event(type, dueOn, {
        promiseId,
        debtorId: 'D',
        amount: '100',
        paid,
        currency: 'CNY',
        dueOn,
        counted: [{ movementId: 'm', amount: paid }],
      });
    const promises = async (): Promise<string[]> =>
      (await read((tx) => unkeptPromises(tx, TENANT, []))).map(
        ({ promiseId, paidInTime, madeGood, counted }) => `${promiseId} ${String(paidInTime)} ${String(madeGood)} ${counted.join()}`,
      );
    await hear(judged('PromiseBroken', 'one', '2024-12-01', '0'), judged('PromisePartKept', 'two', '2024-12-05', '40'));
    expect(await promises()).toEqual(['one 0 false m', 'two 40 false m']);
    await hear(judged('PromiseKept', 'one', '2024-12-01', '100'));
    expect(await promises()).toEqual(['one 100 false m', 'two 40 false m']);
    await hear(judged('PromiseKept', 'three', '2024-12-10', '100'));
    expect(await promises()).toEqual(['one 100 true m', 'two 40 true m']);
    await hear(event('PromiseReopened', '2024-12-11', { promiseId: 'two', debtorId: 'D' }));
    expect(await promises()).toEqual(['one 100 true m']);
  });

  it('verify the chain once a day for the whole installation, whoever asks first', async () => {
    const { database } = test.resources;
    let today = '2024-12-30';
    const chain = new ChainCheck(database, { now: () => new Date(), today: () => today });
    const asked = jest.spyOn(database, 'statement');
    const seals = (): number => asked.mock.calls.filter(([sql]) => sql.includes('FROM es.seal')).length;
    expect(await chain.verify()).toMatchObject({ problemCount: 0, problems: [] });
    const once = seals();
    await chain.verify();
    expect(seals()).toBe(once);
    today = '2024-12-31';
    await chain.verify();
    expect(seals()).toBeGreaterThan(once);
  });
});
