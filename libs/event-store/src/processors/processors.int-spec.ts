import { setTimeout as sleep } from 'node:timers/promises';
import { append, contextOf, createTestLog, invoice, type TestLog } from '../event-store.fixture';
import type { EventStore } from '../event-store';
import type { EventPage, Processor } from './processor';
import { ProcessorRunner } from './processor-runner';
import { waitForProcessor } from './wait-for-processor';
import type { Tx } from '../types';

describe('processors', () => {
  let log: TestLog;
  let runners: ProcessorRunner[] = [];
  const stops: [string, string][] = [];
  beforeEach(async () => {
    log = await createTestLog();
    await log.owner.query(
      `CREATE TABLE public.seen (tenant_id int, name text, position bigint); GRANT ALL ON public.seen TO arrears_worker`,
    );
    stops.length = 0;
  });
  afterEach(async () => {
    await Promise.all(runners.map((runner) => runner.stop()));
    runners = [];
    await log.drop();
  });

  const start = async (store: EventStore, ...processors: Processor[]): Promise<ProcessorRunner> => {
    const runner = new ProcessorRunner(store, processors, { owner: 'test', onStop: (name, error) => stops.push([name, error.message]) });
    runners.push(runner);
    await runner.start();
    return runner;
  };
  const recorder = (name: string, change: Partial<Processor> = {}, before?: (tx: Tx, page: EventPage) => Promise<void>): Processor => ({
    name,
    lanes: 2,
    eventTypes: 'all',
    onError: 'stop',
    async apply(tx, page) {
      await before?.(tx, page);
      for (const event of await page.events())
        await tx.execute('INSERT INTO public.seen VALUES ($1, $2, $3)', [page.tenantId, name, event.position]);
    },
    ...change,
  });
  const seen = async (name: string): Promise<string[]> =>
    (await log.owner.query<{ position: string }>('SELECT position FROM public.seen WHERE name = $1 ORDER BY ctid', [name])).rows.map(
      (r) => r.position,
    );
  const committed = async (tenantId = 1): Promise<string[]> =>
    (
      await log.owner.query<{ position: string }>('SELECT position FROM es.event WHERE tenant_id = $1 ORDER BY position', [tenantId])
    ).rows.map((r) => r.position);

  it('applies a settled command within moments, or the page a user opens next would still show the old balance', async () => {
    await start(log.worker, recorder('fast'));
    await append(log.api, 1, invoice('warm-up'));
    await sleep(300);
    const lags: number[] = [];
    for (let turn = 0; turn < 15; turn += 1) {
      const [done] = await append(log.api, 1, invoice(`fast-${turn}`));
      const started = performance.now();
      await log.api.settle(done?.lastPosition ?? 0n);
      await waitForProcessor(log.api.database, 'fast', 1, done?.lastPosition ?? 0n, 2_000);
      lags.push(performance.now() - started);
    }
    lags.sort((a, b) => a - b);
    expect(lags[7]).toBeLessThan(100);
    expect(await seen('fast')).toEqual(await committed());
    if (process.env['ARREARS_SHOW_FIGURES'] !== undefined)
      console.log(`settle + apply ms: p50 ${lags[7]?.toFixed(1)}, max ${lags[14]?.toFixed(1)}`);
  });

  it('settles and applies what a writer left unsettled, or an import would stay invisible', async () => {
    await start(log.worker, recorder('background'));
    const [done] = await append(log.api, 3, invoice('left'));
    await waitForProcessor(log.api.database, 'background', 3, done?.lastPosition ?? 0n, 2_000);
    expect(await seen('background')).toHaveLength(1);
  });

  it('does not wait for events that are none of its business, or every read would wait for every write', async () => {
    await start(log.worker, recorder('payments', { eventTypes: ['InvoicePaid'] }));
    const [raised] = await append(log.api, 1, invoice('quiet'));
    await waitForProcessor(log.api.database, 'payments', 1, raised?.lastPosition ?? 0n, 1_000);
    const [paid] = await append(log.api, 1, invoice('quiet', 1));
    await waitForProcessor(log.api.database, 'payments', 1, paid?.lastPosition ?? 0n, 1_000);
    expect(await seen('payments')).toEqual([String(paid?.lastPosition)]);
    await waitForProcessor(log.api.database, 'payments', 9, paid?.lastPosition ?? 0n, 100);
    await sleep(400);
    await append(log.api, 1, invoice('quiet-2'));
    await sleep(600);
    const { rows } = await log.owner.query<{ behind: string }>(
      `SELECT (SELECT max(position) FROM es.event) - position AS behind FROM es.checkpoint WHERE name = 'payments' AND tenant_id = 1`,
    );
    expect(rows[0]?.behind).toBe('0');
  });

  it('says that it is behind instead of letting a stale figure out', async () => {
    const [done] = await append(log.api, 1, invoice('behind'));
    await expect(waitForProcessor(log.api.database, 'nobody', 1, done?.lastPosition ?? 0n, 50)).rejects.toMatchObject({
      name: 'ProjectionBehind',
    });
  });

  it('holds a tenant at an event it cannot apply and never skips it, while other tenants go on', async () => {
    let broken = true;
    const money = recorder('money', { lanes: 1 }, (_, page) =>
      broken && page.tenantId === 1 ? Promise.reject(new Error('cannot book')) : Promise.resolve(),
    );
    await append(log.api, 1, invoice('poison'));
    await start(log.worker, money);
    const [other] = await append(log.api, 2, invoice('fine'));
    await waitForProcessor(log.api.database, 'money', 2, other?.lastPosition ?? 0n, 2_000);
    expect(stops).toContainEqual(['money', 'cannot book']);
    const [later] = await append(log.api, 1, invoice('after poison'));
    await sleep(300);
    expect((await seen('money')).filter((position) => position !== String(other?.lastPosition))).toEqual([]);
    broken = false;
    await waitForProcessor(log.api.database, 'money', 1, later?.lastPosition ?? 0n, 4_000);
    expect((await seen('money')).filter((position) => position !== String(other?.lastPosition))).toEqual(await committed(1));
  });

  it('parks only the event at fault, so one odd alert does not silence the rest', async () => {
    const positions = [];
    for (let n = 0; n < 5; n += 1) positions.push((await append(log.api, 1, invoice(`park-${n}`)))[0]?.lastPosition ?? 0n);
    const bad = positions[2] ?? 0n;
    const alerts = recorder('alerts', { onError: 'park' }, async (_, page) => {
      if ((await page.events()).some((event) => event.position === bad)) throw new Error('odd');
    });
    await start(log.worker, alerts);
    await waitForProcessor(log.api.database, 'alerts', 1, positions[4] ?? 0n, 2_000);
    expect(await seen('alerts')).toEqual(positions.filter((position) => position !== bad).map(String));
    const { rows } = await log.owner.query<{ position: string; error: string }>('SELECT position, error FROM es.parked');
    expect(rows).toEqual([{ position: String(bad), error: 'odd' }]);
  });

  it('applies each event once though two workers believe they own the lane', async () => {
    const first = log.open('arrears_worker');
    const second = log.open('arrears_worker');
    const slow = recorder('contested', { lanes: 1 }, async () => {
      await sleep(5);
    });
    await start(first, slow);
    await start(second, slow);
    const thief = setInterval(() => void log.owner.query(`UPDATE es.lane SET lease_until = '-infinity'`).catch(() => undefined), 20);
    let last = 0n;
    for (let n = 0; n < 60; n += 1) last = (await append(log.api, 1, invoice(`contested-${n}`)))[0]?.lastPosition ?? 0n;
    await waitForProcessor(log.api.database, 'contested', 1, last, 10_000);
    clearInterval(thief);
    expect(await seen('contested')).toEqual(await committed());
    const { rows } = await log.owner.query<{ fence: string }>(`SELECT fence FROM es.lane WHERE name = 'contested'`);
    expect(Number(rows[0]?.fence)).toBeGreaterThan(2);
  });

  it('goes on after its connections were killed, or a database restart would stop the books', async () => {
    await start(log.worker, recorder('killed'));
    let last = 0n;
    for (let n = 0; n < 20; n += 1) {
      last = (await append(log.api, 1, invoice(`killed-${n}`)))[0]?.lastPosition ?? 0n;
      if (n % 7 === 3)
        await log.owner.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
        );
      await sleep(20);
    }
    await waitForProcessor(log.api.database, 'killed', 1, last, 5_000).catch(() =>
      waitForProcessor(log.api.database, 'killed', 1, last, 5_000),
    );
    expect(await seen('killed')).toEqual(await committed());
  });

  it('reads a long history in pages, in order, each event once', async () => {
    const rows = Array.from({ length: 25_000 }, (_, n) => ({
      ...invoice(`long-${n}`),
      ...invoice(`x`).events[0]!,
      key: `long-${n}`,
      sourceRow: n + 1,
    }));
    const done = await log.api.database.transaction(1, (tx) => log.api.bulkAppend(tx, contextOf(), { id: contextOf().principalId }, rows));
    const pages: bigint[][] = [];
    const ranges: Processor = {
      name: 'ranges',
      lanes: 1,
      eventTypes: 'all',
      onError: 'stop',
      async apply(_, page) {
        pages.push((await page.events()).map((event) => event.position));
      },
    };
    await start(log.worker, ranges);
    await waitForProcessor(log.api.database, 'ranges', 1, done.lastPosition, 10_000);
    expect(pages.length).toBeGreaterThan(2);
    expect(pages.flat()).toEqual(done.positions);
  });
});
