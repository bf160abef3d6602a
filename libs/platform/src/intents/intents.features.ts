import { Client } from 'pg';
import { Database, type JsonObject } from '@app/event-store';
import { createTestDatabase, eventually, type TestDatabase } from '@app/testing';
import { Logger } from '../logging/logger';
import { migrateQueue } from '../queue/bullmq-backend';
import type { QueueBackend } from '../queue/queue-backend';
import { Intents } from './intents';
import type { Job, JobHandler, JobOutcome } from './job';
import { JobRunner } from './job-runner';

const TENANT = 1;
const logger = new Logger('silent');

export interface QueueUnderTest {
  open(database: TestDatabase): Promise<QueueBackend>;
  /** Loses everything the queue knows. */
  lose(database: TestDatabase): Promise<void>;
}

type Run = (job: Job) => Promise<JobOutcome>;

class Work implements JobHandler {
  readonly kind = 'test-work';
  readonly queue = 'evaluate';
  readonly seen: { key: string; payload: JsonObject; attempt: number }[] = [];
  attemptsMax = 3;
  leaseSeconds = 2;
  serialBy?: 'tenant';
  readonly abandoned: string[] = [];
  onRun: Run = () => Promise.resolve({ outcome: 'done' });

  run(job: Job): Promise<JobOutcome> {
    this.seen.push({ key: job.key, payload: job.payload, attempt: job.attempt });
    return this.onRun(job);
  }

  abandon(job: Job): Promise<void> {
    this.abandoned.push(job.key);
    return Promise.resolve();
  }
}

/** What every queue must do for intents; the same sentences hold on Redis and on PostgreSQL. */
export function describeIntents(queue: QueueUnderTest): void {
  let test: TestDatabase;
  let api: Database;
  let worker: Database;
  let backend: QueueBackend;
  let intents: Intents;
  let work: Work;
  let runner: JobRunner | undefined;

  const startRunner = async (alone = false): Promise<JobRunner> => {
    runner = new JobRunner(worker, backend, new Map([[work.kind, work]]), logger, { owner: `owner-${String(Math.random())}`, alone });
    await runner.start();
    return runner;
  };
  const request = (key: string, payload: JsonObject = {}, notBefore?: Date): Promise<string> =>
    api.transaction(TENANT, (tx) =>
      intents.request(tx, TENANT, { kind: work.kind, key, payload, ...(notBefore === undefined ? {} : { notBefore }) }),
    );
  const states = async (): Promise<string[]> => {
    const rows = await worker.statement<{ key: string; state: string }>('SELECT key, state FROM pf.intent ORDER BY key');
    return rows.map((row) => `${row.key} ${row.state}`);
  };

  beforeEach(async () => {
    test = await createTestDatabase({ schemas: ['pf'] });
    await migrateQueue(test.ownerUrl);
    api = new Database({ connectionString: test.apiUrl, applicationName: 'test-api', poolSize: 4 });
    worker = new Database({ connectionString: test.workerUrl, applicationName: 'test-worker', poolSize: 4 });
    backend = await queue.open(test);
    intents = new Intents(api, backend, logger);
    work = new Work();
  }, 60_000);

  afterEach(async () => {
    await runner?.stop();
    runner = undefined;
    await backend.close();
    await api.close();
    await worker.close();
    await test.drop();
  }, 30_000);

  const sentence = (name: string, body: () => Promise<void>): void => {
    it(name, body, 60_000);
  };

  sentence('runs a request that was committed, and none that was rolled back', async () => {
    await startRunner();
    await request('kept', { amount: '5' });
    await api
      .transaction(TENANT, async (tx) => {
        await intents.request(tx, TENANT, { kind: work.kind, key: 'rolled-back', payload: {} });
        throw new Error('no');
      })
      .catch(() => undefined);
    await eventually(async () => (await states()).includes('kept done'));
    expect(work.seen).toEqual([{ key: 'kept', payload: { amount: '5' }, attempt: 1 }]);
  });

  sentence('rings for every request of a commit, or all but the first of a morning would wait for the sweeper', async () => {
    await startRunner();
    const began = Date.now();
    await api.transaction(TENANT, async (tx) => {
      for (const key of ['first', 'second', 'third']) await intents.request(tx, TENANT, { kind: work.kind, key, payload: {} });
    });
    await eventually(async () => (await states()).join() === 'first done,second done,third done');
    expect(Date.now() - began).toBeLessThan(10_000);
  });

  sentence('makes one job of many requests while it waits, or a burst of facts would compute the same figure a hundred times', async () => {
    for (let index = 1; index <= 20; index += 1) await request('book', { index });
    await startRunner();
    await eventually(async () => (await states()).includes('book done'));
    expect(work.seen).toEqual([{ key: 'book', payload: { index: 20 }, attempt: 1 }]);
  });

  sentence('runs once more when asked for while running, or the last fact would never be counted', async () => {
    let finish: () => void = () => undefined;
    const running = new Promise<void>((resolve) => (finish = resolve));
    work.onRun = async () => {
      await running;
      return { outcome: 'done' };
    };
    await startRunner();
    await request('book', { index: 1 });
    await eventually(() => work.seen.length === 1);
    await request('book', { index: 2 });
    await request('book', { index: 3 });
    finish();
    await eventually(async () => work.seen.length === 2 && (await states()).includes('book done'));
    expect(work.seen.map((one) => one.payload)).toEqual([{ index: 1 }, { index: 3 }]);
  });

  sentence('runs a job again under a new generation when its worker died in the middle, and ignores the dead one', async () => {
    await startRunner();
    let firstRun: Job | undefined;
    work.onRun = async (job) => {
      if (firstRun !== undefined) return { outcome: 'done' };
      firstRun = job;
      // What a killed worker looks like to everybody else: a lease nobody renews.
      await worker.statement(`UPDATE pf.intent SET lease_until = clock_timestamp() - interval '1 second' WHERE key = 'crash'`);
      await eventually(() => work.seen.length === 2);
      return { outcome: 'dead', reason: 'said by the dead' };
    };
    await request('crash');
    await eventually(async () => work.seen.length === 2 && (await states()).includes('crash done'));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await states()).toEqual(['crash done']);
    expect(work.seen.map((one) => one.attempt)).toEqual([1, 2]);
    await expect(firstRun?.extendLease()).rejects.toThrow('lease');
  });

  sentence('takes over the jobs of a killed process at the start of the only worker, without waiting for their leases', async () => {
    await request('left-behind');
    await worker.statement(
      `UPDATE pf.intent SET state = 'running', lease_until = clock_timestamp() + interval '1 hour', claimed_by = 'killed', attempts = 1`,
    );
    await startRunner(true);
    await eventually(async () => (await states()).includes('left-behind done'));
  });

  sentence('loses nothing when the queue loses everything', async () => {
    for (let index = 0; index < 10; index += 1) await request(`job-${String(index)}`);
    await queue.lose(test);
    await worker.statement(`UPDATE pf.intent SET trigger_until = clock_timestamp()`);
    await startRunner();
    await eventually(async () => (await states()).every((state) => state.endsWith('done')));
    expect(new Set(work.seen.map((one) => one.key)).size).toBe(10);
    expect(work.seen).toHaveLength(10);
  });

  sentence('does not run before its time, even when the queue rings early', async () => {
    await startRunner();
    const notBefore = new Date(Date.now() + 1_500);
    const intentId = await request('later', {}, notBefore);
    await backend.add('evaluate', { tenantId: TENANT, intentId, kind: work.kind, generation: 1 });
    await eventually(async () => (await states()).includes('later done'));
    expect(Date.now()).toBeGreaterThanOrEqual(notBefore.getTime());
    expect(work.seen).toHaveLength(1);
  });

  sentence('gives up after the last attempt, tells the handler, and starts anew when asked again', async () => {
    work.attemptsMax = 2;
    work.onRun = () => Promise.reject(new Error('the channel is closed'));
    await startRunner();
    await request('doomed');
    await eventually(async () => (await states()).includes('doomed dead'));
    expect(work.seen).toHaveLength(2);
    expect(work.abandoned).toEqual(['doomed']);
    work.onRun = () => Promise.resolve({ outcome: 'done' });
    await request('doomed');
    await eventually(async () => (await states()).includes('doomed done'));
    expect(work.seen.at(-1)?.attempt).toBe(1);
  });

  sentence(
    'runs the jobs of one tenant one at a time and in order where the handler asks for it, or imports would overtake each other',
    async () => {
      work.serialBy = 'tenant';
      let inWork = 0;
      let inWorkMost = 0;
      work.onRun = async () => {
        inWork += 1;
        inWorkMost = Math.max(inWorkMost, inWork);
        await new Promise((resolve) => setTimeout(resolve, 20));
        inWork -= 1;
        return { outcome: 'done' };
      };
      const keys = Array.from({ length: 8 }, (_, index) => `import-${String(index)}`);
      for (const key of keys) await request(key);
      await startRunner();
      await eventually(async () => (await states()).every((state) => state.endsWith('done')), 30_000);
      expect(work.seen.map((one) => one.key)).toEqual(keys);
      expect(inWorkMost).toBe(1);
    },
  );

  sentence('puts a job back when the worker stops, so that a restart goes on at once', async () => {
    work.onRun = (job) =>
      new Promise((_, reject) => {
        job.signal.addEventListener('abort', () => {
          reject(new Error('stopped'));
        });
      });
    const first = await startRunner();
    await request('long');
    await eventually(() => work.seen.length === 1);
    await first.stop();
    expect(await states()).toEqual(['long waiting']);
    work.onRun = () => Promise.resolve({ outcome: 'done' });
    await startRunner();
    await eventually(async () => (await states()).includes('long done'), 5_000);
  });

  sentence('refuses to start when unfinished work has no handler, or it would wait for ever unseen', async () => {
    const owner = new Client({ connectionString: test.ownerUrl });
    await owner.connect();
    await owner.query(
      `INSERT INTO pf.intent (tenant_id, intent_id, kind, key, payload, not_before, trigger_until)
       VALUES (1, gen_random_uuid(), 'forgotten-kind', 'x', '{}', now(), now())`,
    );
    await owner.end();
    const lonely = new JobRunner(worker, backend, new Map([[work.kind, work]]), logger, { owner: 'o', alone: false });
    await expect(lonely.start()).rejects.toThrow('forgotten-kind');
  });
}
