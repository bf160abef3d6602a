import { append, contextOf, createTestLog, invoice, type TestLog } from '../event-store.fixture';
import { type SealHead, sealHead, sealSettled } from './sealer';
import { type LogVerification, verifyLog } from './verify-log';
import { verifySeals } from './verify-seals';

describe('verifying the log', () => {
  let log: TestLog;
  let head: SealHead;
  const tables = ['event_000000', 'stream', 'seal'];
  beforeAll(async () => {
    log = await createTestLog();
    const rows = Array.from({ length: 12_000 }, (_, n) => ({
      ...invoice('x').events[0]!,
      category: 'invoice',
      key: `i-${n}`,
      expectedVersion: 0,
      sourceRow: n,
    }));
    await log.api.database.transaction(1, (tx) => log.api.bulkAppend(tx, contextOf(), { id: contextOf().principalId }, rows));
    await append(log.api, 2, invoice('two', 0, 3), invoice('three'));
    const [last] = await append(log.api, 1, { ...invoice('i-5', 1, 2) });
    await log.api.settle(last?.lastPosition ?? 0n);
    await sealSettled(log.worker.database);
    head = (await sealHead(log.api.database)) as SealHead;
    await append(log.api, 2, invoice('unsealed', 0, 2));
    for (const table of tables) await log.owner.query(`CREATE TABLE public.honest_${table} AS SELECT * FROM es.${table}`);
  });
  afterAll(async () => {
    await log.drop();
  });

  /** What only a superuser can do: switch the triggers off and write into the table. */
  const tamper = async (sql: string): Promise<void> => {
    await log.owner.query(
      `ALTER TABLE es.event_000000 DISABLE TRIGGER ALL; ALTER TABLE es.seal DISABLE TRIGGER ALL; ${sql}; ALTER TABLE es.event_000000 ENABLE TRIGGER ALL; ALTER TABLE es.seal ENABLE TRIGGER ALL`,
    );
  };
  const kinds = (found: LogVerification): string[] => [...new Set(found.problems.map((problem) => problem.kind))].sort();

  it('finds nothing wrong with an honest log, sealed and unsealed', async () => {
    expect(await verifyLog(log.worker.database, { expectedHead: head })).toMatchObject({
      ok: true,
      events: 12_008,
      seals: 2,
      sealedTo: head.toPosition,
      problems: [],
    });
  });

  /** Puts the honest log back. */
  afterEach(async () => {
    await tamper(tables.map((table) => `TRUNCATE es.${table}; INSERT INTO es.${table} SELECT * FROM public.honest_${table}`).join(';'));
  });

  const swap = [
    [12001, 90000],
    [12003, 12001],
    [90000, 12003],
  ]
    .map(([from, to]) => `UPDATE es.event_000000 SET position = ${to} WHERE position = ${from}`)
    .join(';');
  const event = `es.event_000000 WHERE tenant_id = 1 AND position = 77`;
  it.each([
    ['altered', `UPDATE es.event_000000 SET data = data || '{"amount":"1"}' WHERE tenant_id = 1 AND position = 77`],
    ['altered', `UPDATE es.event_000000 SET effective_on = '2020-01-01' WHERE tenant_id = 1 AND position = 77`],
    ['altered', `UPDATE es.event_000000 SET recorded_at = recorded_at - interval '1 microsecond' WHERE tenant_id = 1 AND position = 77`],
    ['altered', `UPDATE es.event_000000 SET data = '{}' WHERE tenant_id = 2 AND position > 12006`],
    ['deleted', `DELETE FROM ${event}`],
    ['deleted', `DELETE FROM ${event}; DELETE FROM es.stream WHERE tenant_id = 1 AND key = 'i-76'`],
    ['reordered', swap],
    ['truncated', `DELETE FROM es.event_000000 WHERE position > 12004`],
    ['truncated', `DELETE FROM es.event_000000 WHERE position > 12007`],
    [
      'truncated',
      `DELETE FROM es.event_000000 WHERE position > 10000; DELETE FROM es.seal WHERE seal_no = 2; UPDATE es.stream SET version = 1 WHERE key = 'i-5';
                   DELETE FROM es.stream s WHERE NOT EXISTS (SELECT FROM es.event e WHERE e.stream_id = s.stream_id)`,
    ],
    ['seal', `UPDATE es.seal SET root = sha256('x') WHERE seal_no = 1`],
    ['inserted', `UPDATE es.seal SET event_count = event_count - 1, root = sha256('y') WHERE seal_no = 2`],
  ])('sees that an event was %s, or an auditor would sign a forged book: %s', async (kind, sql) => {
    await tamper(sql);
    const found = await verifyLog(log.worker.database, { expectedHead: head });
    expect(found.ok).toBe(false);
    expect(kinds(found)).toContain(kind);
  });

  it('goes on from the seal verified before, and looks again at what did not verify, or yesterday would have to be read every day', async () => {
    const { database } = log.worker;
    const first = await verifySeals(database, null, 1);
    expect(first).toMatchObject({ seals: 1, isComplete: false, problemCount: 0, verifiedTo: { sealNo: 1n } });
    expect(await verifySeals(database, first.verifiedTo, 10)).toMatchObject({
      seals: 1,
      isComplete: true,
      problemCount: 0,
      verifiedTo: { sealNo: 2n },
    });

    await tamper(`UPDATE es.event_000000 SET data = '{}' WHERE tenant_id = 1 AND position = 10500`);
    for (const _run of [1, 2]) {
      const found = await verifySeals(database, first.verifiedTo, 10);
      expect(found).toMatchObject({ verifiedTo: { sealNo: 1n }, problems: [{ kind: 'altered', fromPosition: 10500n }] });
    }
  });

  it.each([
    ['was cut off', `DELETE FROM es.seal WHERE seal_no = 2`],
    ['was rewritten', `UPDATE es.seal SET root = sha256('z') WHERE seal_no = 2`],
  ])('sees that the chain behind the seal verified before %s, or a forger would only have to wait a day', async (_how, sql) => {
    await tamper(sql);
    const found = await verifySeals(log.worker.database, head, 10);
    expect(found.problems).toMatchObject([{ kind: 'seal', detail: 'seal 2 is not the one that was verified before' }]);
  });
});
