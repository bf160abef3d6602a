import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { append, contextOf, createTestLog, invoice, type TestLog } from '../event-store.fixture';
import { sealHead, sealSettled } from '../seals/sealer';
import { verifyLog } from '../seals/verify-log';
import { exportLog } from './export-log';
import { importLog } from './import-log';

describe('moving a log to another server', () => {
  let from: TestLog;
  let to: TestLog;
  let file: string;
  beforeAll(async () => {
    [from, to] = await Promise.all([createTestLog(), createTestLog([])]);
    const rows = Array.from({ length: 7_000 }, (_, n) => ({
      ...invoice('x').events[0]!,
      category: 'invoice',
      key: `i-${n}`,
      expectedVersion: 0,
      sourceRow: n,
    }));
    await from.api.database.transaction(1, (tx) => from.api.bulkAppend(tx, contextOf(), { id: contextOf().principalId }, rows));
    await expect(append(from.api, 1, invoice('i-1'))).rejects.toThrow();
    const [last] = await append(from.api, 2, invoice('i-1', 0, 3), invoice('other'));
    await from.api.settle(last?.lastPosition ?? 0n);
    await sealSettled(from.worker.database);
    await append(from.api, 1, invoice('i-2', 1));
    const pipe = new PassThrough();
    const reading = text(pipe);
    await exportLog(from.worker.database, pipe);
    pipe.end();
    file = await reading;
  });
  afterAll(async () => {
    await from.drop();
    await to.drop();
  });

  it('refuses a file that was cut off or is none, and leaves the database empty', async () => {
    await expect(importLog(to.ownerUrl, Readable.from(file.slice(0, -200)))).rejects.toMatchObject({ name: 'LogImportRefused' });
    await expect(importLog(to.ownerUrl, Readable.from('{"x":1}\n'))).rejects.toMatchObject({ name: 'LogImportRefused' });
    await expect(importLog(to.ownerUrl, Readable.from(file.replace(/\{"event".*\n/, '')))).rejects.toThrow('promises');
    expect((await to.owner.query('SELECT FROM es.stream')).rowCount).toBe(0);
  });

  it('keeps every position, stream, mark and seal, and goes on from there', async () => {
    const done = await importLog(to.ownerUrl, Readable.from(file));
    expect(done).toMatchObject({ streams: 7_002, events: 7_005, seals: 1 });
    for (const sql of [
      'SELECT * FROM es.event ORDER BY position',
      'SELECT * FROM es.stream ORDER BY 1, 2',
      'SELECT * FROM es.settled ORDER BY 1',
      'SELECT * FROM es.seal ORDER BY 1',
    ])
      expect((await to.owner.query(sql)).rows).toEqual((await from.owner.query(sql)).rows);
    const head = await sealHead(from.worker.database);
    expect(await verifyLog(to.worker.database, head === null ? {} : { expectedHead: head })).toMatchObject({ ok: true, events: 7_005 });
    const [next] = await append(to.api, 1, invoice('i-2', 2), invoice('new'));
    expect(next?.firstPosition).toBe(done.lastPosition + 1n);
    await to.api.settle(next?.lastPosition ?? 0n);
    await expect(importLog(to.ownerUrl, Readable.from(file))).rejects.toThrow('not empty');
  });
});
