import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { append, contextOf, createTestLog, invoice, type TestLog } from '../event-store.fixture';
import { KnownAtInvalid } from '../errors';
import { horizonStrategy, sequenceLockStrategy } from './settling-strategy';

describe('the settled mark', () => {
  let log: TestLog;
  beforeAll(async () => {
    log = await createTestLog();
  });
  afterAll(async () => {
    await log.drop();
  });

  const mark = async (): Promise<bigint> => (await log.api.database.read(1, (tx) => log.api.latestSettled(tx))).position;
  const pending = async (work: Promise<unknown>, ms: number): Promise<boolean> =>
    (await Promise.race([work.then(() => 'done'), sleep(ms).then(() => 'pending')])) === 'pending';

  it.each([sequenceLockStrategy, horizonStrategy])(
    'waits by $name for a slow commit, or the reader would lose its event for good',
    async (strategy) => {
      const store = log.open('arrears_api', strategy);
      let release = (): void => undefined;
      const held = new Promise<void>((resolve) => (release = resolve));
      let early = 0n;
      const slow = store.database.transaction(1, async (tx) => {
        early = (await store.append(tx, contextOf(), [invoice(`slow-${strategy.name}`)]))[0]?.lastPosition ?? 0n;
        await held;
      });
      while (early === 0n) await sleep(2);
      const [late] = await append(store, 1, invoice(`late-${strategy.name}`));
      const settling = store.settle(late?.lastPosition ?? 0n);
      expect(await pending(settling, 150)).toBe(true);
      expect(await mark()).toBeLessThan(early);
      release();
      await slow;
      await settling;
      expect(await mark()).toBeGreaterThanOrEqual(late?.lastPosition ?? 0n);
    },
  );

  it('is held up by a long write in another database when it goes by horizons, and not when it goes by the sequence', async () => {
    const neighbour = await createTestLog();
    const writer = new Client({ connectionString: neighbour.ownerUrl });
    await writer.connect();
    await writer.query('BEGIN');
    await writer.query('CREATE TABLE public.unrelated (x int)');
    const byHorizon = log.open('arrears_api', horizonStrategy);
    const [done] = await append(log.api, 1, invoice('neighbour'));
    const horizon = byHorizon.settle(done?.lastPosition ?? 0n);
    expect(await pending(horizon, 150)).toBe(true);
    await log.api.settle(done?.lastPosition ?? 0n);
    expect(await mark()).toBeGreaterThanOrEqual(done?.lastPosition ?? 0n);
    await writer.query('ROLLBACK');
    await writer.end();
    await horizon;
    await neighbour.drop();
  });

  it('does not wait for a transaction that only reads, or a long report would stop the clock', async () => {
    await log.owner.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    await log.owner.query('SELECT count(*), (SELECT last_value FROM es.position) FROM es.event');
    for (const strategy of [sequenceLockStrategy, horizonStrategy]) {
      const [done] = await append(log.api, 1, invoice(`reader-${strategy.name}`));
      await log.open('arrears_api', strategy).settle(done?.lastPosition ?? 0n);
    }
    await log.owner.query('COMMIT');
  });

  it('shares one step among many callers, and may be moved by both roles', async () => {
    const [done] = await append(log.api, 1, invoice('shared'));
    const marks = async () => (await log.owner.query('SELECT FROM es.settled')).rowCount ?? 0;
    const before = await marks();
    await Promise.all(Array.from({ length: 50 }, () => log.api.settle(done?.lastPosition ?? 0n)));
    expect((await marks()) - before).toBe(1);
    const [next] = await append(log.worker, 1, invoice('shared-2'));
    await log.worker.settle(next?.lastPosition ?? 0n);
  });

  it('goes past positions that were burnt by a rollback', async () => {
    await log.owner.query(`SELECT nextval('es.position') FROM generate_series(1, 5)`);
    const { rows } = await log.owner.query<{ last_value: string }>('SELECT last_value FROM es.position');
    await log.api.settle(BigInt(rows[0]?.last_value ?? 0));
    expect(await mark()).toBe(BigInt(rows[0]?.last_value ?? 0));
  });

  describe('knownAt', () => {
    const resolve = (knownAt?: string) => log.api.database.read(1, (tx) => log.api.resolveKnownAt(tx, knownAt));

    it('answers an instant with the same position for ever, or a sealed run could not be re-performed', async () => {
      const resolved: { position: bigint; knownAt: string }[] = [];
      for (let turn = 0; turn < 20; turn += 1) {
        const [done] = await append(log.api, 1, invoice(`known-${turn}`));
        const settling = log.api.settle(done?.lastPosition ?? 0n);
        const { rows } = await log.owner.query<{ at: Date }>('SELECT clock_timestamp() AS at');
        resolved.push(await resolve(rows[0]?.at.toISOString()), await resolve());
        await settling;
        resolved.push(await resolve());
      }
      for (const { position, knownAt } of resolved) expect(await resolve(knownAt)).toEqual({ position, knownAt });
    });

    it('never falls back as the instant moves on', async () => {
      const { rows } = await log.owner.query<{ position: string; at: string }>(
        `SELECT position, to_char(settled_at, 'YYYY-MM-DD"T"HH24:MI:SS.USOF') || ':00' AS at FROM es.settled ORDER BY position`,
      );
      for (const row of rows) expect((await resolve(row.at)).position).toBe(BigInt(row.position));
      expect((await resolve('1999-12-31T23:59:59Z')).position).toBe(0n);
    });

    it('refuses the future and what is no instant', async () => {
      await expect(resolve('2999-01-01T00:00:00Z')).rejects.toMatchObject({ name: 'KnownAtInFuture' });
      for (const text of [
        '2026-01-31',
        '2026-02-30T00:00:00Z',
        '2025-02-29T00:00:00Z',
        '2026-01-01T00:00:00',
        '2026-01-01T24:00:00Z',
        'now',
        '2026-01-01T00:00:00+25:00',
      ])
        await expect(resolve(text)).rejects.toBeInstanceOf(KnownAtInvalid);
      await expect(resolve('2024-02-29T10:00:00.123456789+14:00')).resolves.toMatchObject({ knownAt: '2024-02-28T20:00:00.123456Z' });
    });
  });
});
