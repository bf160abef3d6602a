import { Client } from 'pg';
import { Database } from '@app/event-store';
import { createTestDatabase, eventually, steppableClock, type SteppableClock, type TestDatabase } from '@app/testing';
import { Intents } from '../intents/intents';
import { Logger } from '../logging/logger';
import type { QueueBackend } from '../queue/queue-backend';
import { type Schedule, Scheduler } from './scheduler';
import { recordTenantZone } from './tenant-zone';

const DAILY: Schedule = { name: 'count-days', kind: 'count', every: 'day' };
const HOURLY: Schedule = { name: 'count-hours', kind: 'count', every: 'hour' };
const DEAF: QueueBackend = {
  kind: 'postgresql',
  add: () => Promise.resolve(),
  consume: () => Promise.reject(new Error('nobody consumes')),
  ping: () => Promise.resolve(true),
  close: () => Promise.resolve(),
};

describe('the schedules of a worker', () => {
  const logger = new Logger('silent');
  let test: TestDatabase;
  let database: Database;
  let intents: Intents;
  let clock: SteppableClock;

  const scheduler = (...schedules: readonly Schedule[]): Scheduler =>
    new Scheduler({ database, intents, clock, timeZone: 'UTC', logger }, schedules);
  /** Every request as it stands, marked done so that the next slot is seen as a new run. */
  const requested = (): Promise<{ tenant_id: number; key: string; slot: string }[]> =>
    database.statement(
      `WITH seen AS (SELECT tenant_id, key, payload->>'slot' AS slot FROM pf.intent WHERE state = 'waiting'),
         done AS (UPDATE pf.intent SET state = 'done' WHERE state = 'waiting')
       SELECT * FROM seen ORDER BY tenant_id, key`,
    );
  const slots = async (): Promise<string[]> => (await requested()).map((row) => `${String(row.tenant_id)} ${row.slot}`);

  beforeEach(async () => {
    test = await createTestDatabase({ schemas: ['pf'] });
    database = new Database({ connectionString: test.workerUrl, role: 'arrears_worker', applicationName: 'test', poolSize: 6 });
    intents = new Intents(database, DEAF, logger);
    clock = steppableClock(new Date('2026-03-27T12:00:00Z'));
    const owner = new Client({ connectionString: test.ownerUrl });
    await owner.connect();
    await owner.query(
      `INSERT INTO es.stream (tenant_id, stream_id, category, key, version) SELECT t, t, 'tenant', t::text, 1 FROM unnest(ARRAY[1, 2]) t`,
    );
    await owner.end();
  }, 60_000);

  afterEach(async () => {
    await database.close();
    await test.drop();
  });

  it('request one job a slot and tenant, however many workers look at once, or every morning would begin with every figure twice', async () => {
    const workers = Array.from({ length: 4 }, () => scheduler(DAILY));
    // Requests for a waiting job become one, so they are counted where they are made.
    const asked = jest.spyOn(intents, 'request');
    await Promise.all(workers.map((worker) => worker.look()));
    await Promise.all(workers.map((worker) => worker.look()));
    expect(asked.mock.calls.map(([, tenantId, { payload }]) => [tenantId, payload['slot']])).toEqual([
      [1, '2026-03-27'],
      [2, '2026-03-27'],
    ]);
    expect((await requested()).map(({ tenant_id, key }) => [tenant_id, key])).toEqual([
      [1, 'count-days'],
      [2, 'count-days'],
    ]);
  });

  it('run once when the day changes and not before, over the days on which clocks change', async () => {
    const worker = scheduler(DAILY);
    await database.transaction(1, (tx) => recordTenantZone(tx, 1, 'Europe/Berlin'));
    await worker.look();
    await requested();
    const seen: string[] = [];
    // Four days around the 29th of March, which has 23 hours in Berlin, an hour at a time.
    for (let hour = 0; hour < 96; hour += 1) {
      clock.addMs(3_600_000);
      await worker.look();
      for (const slot of await slots()) if (slot.startsWith('1 ')) seen.push(`${slot} at ${clock.now().toISOString().slice(0, 13)}`);
    }
    expect(seen).toEqual([
      '1 2026-03-28 at 2026-03-27T23',
      '1 2026-03-29 at 2026-03-28T23',
      '1 2026-03-30 at 2026-03-29T22',
      '1 2026-03-31 at 2026-03-30T22',
    ]);
  });

  it('begin a day where the tenant lives, or Shanghai would be told of the morning in the afternoon', async () => {
    await database.transaction(2, (tx) => recordTenantZone(tx, 2, 'Asia/Shanghai'));
    clock.addMs(4 * 3_600_000);
    const worker = scheduler(DAILY);
    await worker.look();
    expect(await slots()).toEqual(['1 2026-03-27', '2 2026-03-28']);
    await database.transaction(2, (tx) => recordTenantZone(tx, 2, null));
    await worker.look();
    // The 27th again, for tenant 2, is no new day.
    expect(await slots()).toEqual([]);
  });

  it('catch up a stop over a holiday with one run of the latest slot, and let a clock set back wait', async () => {
    await scheduler(DAILY, HOURLY).look();
    await requested();
    clock.addDays(5);
    const next = scheduler(DAILY, HOURLY);
    await next.look();
    expect(await slots()).toEqual(['1 2026-04-01', '1 2026-04-01T12', '2 2026-04-01', '2 2026-04-01T12']);
    clock.addDays(-2);
    await next.look();
    expect(await slots()).toEqual([]);
  });

  it('take the slot back when the request is not written, or a day would be lost to a broken connection', async () => {
    const broken = new Intents(database, DEAF, logger);
    broken.request = () => Promise.reject(new Error('the connection broke'));
    const failing = new Scheduler({ database, intents: broken, clock, timeZone: 'UTC', logger }, [DAILY]);
    await expect(failing.look()).rejects.toThrow('the connection broke');
    await scheduler(DAILY).look();
    expect(await slots()).toEqual(['1 2026-03-27', '2 2026-03-27']);
  });

  it('run by themselves within about a second of the clock, in a worker that is started and stopped', async () => {
    const worker = scheduler(DAILY);
    worker.start();
    await eventually(async () => (await slots()).length === 2);
    clock.addDays(1);
    await eventually(async () => (await slots()).length === 2, 5_000);
    await worker.stop();
    clock.addDays(1);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(await slots()).toEqual([]);
  });
});
