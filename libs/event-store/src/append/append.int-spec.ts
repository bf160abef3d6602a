import { randomUUID } from 'node:crypto';
import { append, contextOf, createTestLog, invoice, type TestLog } from '../event-store.fixture';
import { EventInvalid, VersionConflict } from '../errors';
import type { BulkEvent } from '../types';

describe('appending', () => {
  let log: TestLog;
  beforeAll(async () => {
    log = await createTestLog();
  });
  afterAll(async () => {
    await log.drop();
  });

  const read = (key: string, tenantId = 1) => log.api.database.read(tenantId, (tx) => log.api.readStream(tx, 'invoice', key));
  const row = (key: string, expectedVersion: number, sourceRow: number): BulkEvent => ({
    category: 'invoice',
    key,
    expectedVersion,
    type: expectedVersion === 0 ? 'InvoiceRaised' : 'InvoicePaid',
    effectiveOn: '2026-01-31',
    data: { amount: '5', text: 'a\\b\n\t"c"' },
    sourceRow,
  });
  const bulk = (rows: BulkEvent[], tenantId = 1) =>
    log.api.database.transaction(tenantId, (tx) => log.api.bulkAppend(tx, contextOf(tenantId), { id: randomUUID() }, rows));

  it('records what was said, so that an invoice reads back as it was raised', async () => {
    const [stored] = await append(log.api, 1, invoice('read-back', 0, 2));
    expect(stored).toMatchObject({ version: 2 });
    const events = await read('read-back');
    expect(events.map((event) => event.version)).toEqual([1, 2]);
    expect(events[0]).toMatchObject({
      tenantId: 1,
      streamId: stored?.streamId,
      position: stored?.firstPosition,
      category: 'invoice',
      key: 'read-back',
      type: 'InvoiceRaised',
      schemaVersion: 1,
      effectiveOn: '2026-01-31',
      data: invoice('read-back').events[0]?.data,
    });
  });

  it('refuses a second stream for an external id, or a debtor would owe the same invoice twice', async () => {
    await append(log.api, 1, invoice('twice'));
    await expect(append(log.api, 1, invoice('twice'))).rejects.toMatchObject({
      name: 'VersionConflict',
      expectedVersion: 0,
      actualVersion: 1,
    });
    await expect(append(log.api, 2, invoice('twice'))).resolves.toHaveLength(1);
  });

  it('leaves nothing behind a conflict, or half a payment run would be booked', async () => {
    await append(log.api, 1, invoice('half-a'));
    const before = await log.owner.query('SELECT last_value FROM es.position');
    await expect(append(log.api, 1, invoice('half-b'), invoice('half-a', 5))).rejects.toBeInstanceOf(VersionConflict);
    expect(await read('half-b')).toEqual([]);
    expect(await read('half-a')).toHaveLength(1);
    expect((await log.owner.query('SELECT last_value FROM es.position')).rows).toEqual(before.rows);
  });

  it('accepts the next version only from whoever saw the last one', async () => {
    await append(log.api, 1, invoice('next'));
    await append(log.api, 1, invoice('next', 1, 2));
    await expect(append(log.api, 1, invoice('next', 1))).rejects.toMatchObject({ actualVersion: 3 });
    await expect(append(log.api, 1, invoice('never-raised', 4))).rejects.toMatchObject({ actualVersion: 0 });
  });

  it('lets one of many racing writers win each version, so no payment overwrites another', async () => {
    await append(log.api, 1, invoice('race'));
    const results = await Promise.allSettled(Array.from({ length: 10 }, () => append(log.api, 1, invoice('race', 1))));
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
    const created = await Promise.allSettled(Array.from({ length: 10 }, () => append(log.api, 1, invoice('race-new'))));
    expect(created.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
    expect(await read('race-new')).toHaveLength(1);
  });

  it('judges each coalesced append on its own, or one stale user would refuse everybody', async () => {
    await append(log.api, 1, invoice('own-taken'));
    const results = await Promise.allSettled([
      log.api.appendSingle(contextOf(), invoice('own-1')),
      log.api.appendSingle(contextOf(), invoice('own-taken')),
      log.api.appendSingle(contextOf(), invoice('own-1', 1)),
      log.api.appendSingle(contextOf(), invoice('own-2', 0, 3)),
      log.api.appendSingle(contextOf(), invoice('own-3', 7)),
      log.api.appendSingle(contextOf(2), invoice('own-1')),
      log.api.appendSingle(contextOf(), { ...invoice('own-4'), events: [{ type: 'InvoiceRaised', effectiveOn: '2026-02-30', data: {} }] }),
    ]);
    expect(
      results.map((result) => (result.status === 'fulfilled' ? result.value.version : (result.reason as Error).constructor.name)),
    ).toEqual([1, 'VersionConflict', 2, 3, 'VersionConflict', 1, 'DatabaseError']);
    const events = await read('own-2');
    expect(events.map((event) => event.version)).toEqual([1, 2, 3]);
  });

  it('imports rows to new and to existing streams in one go and in file order', async () => {
    const [existing] = await append(log.api, 1, invoice('bulk-old'));
    const result = await bulk([row('bulk-b', 0, 1), row('bulk-old', 1, 2), row('bulk-a', 0, 3), row('bulk-b', 1, 4)]);
    expect(result.positions).toEqual([...result.positions].sort((a, b) => (a < b ? -1 : 1)));
    expect(result.firstPosition).toBe(result.positions[0]);
    expect(result.lastPosition).toBe(result.positions[3]);
    expect(result.streamIds[1]).toBe(existing?.streamId);
    expect(result.streamIds[0]).toBe(result.streamIds[3]);
    const events = await read('bulk-b');
    expect(events.map((event) => [event.position, event.sourceRow])).toEqual([
      [result.positions[0], 1],
      [result.positions[3], 4],
    ]);
    expect(events[0]?.data).toEqual({ amount: '5', text: 'a\\b\n\t"c"' });
  });

  it('leaves nothing of an import that meets a stale version or a taken id', async () => {
    await append(log.api, 1, invoice('bulk-taken'));
    await expect(bulk([row('bulk-x', 0, 1), row('bulk-taken', 0, 2)])).rejects.toMatchObject({ key: 'bulk-taken', actualVersion: 1 });
    await expect(bulk([row('bulk-x', 0, 1), row('bulk-taken', 3, 2)])).rejects.toMatchObject({ key: 'bulk-taken', actualVersion: 1 });
    await expect(bulk([row('bulk-x', 0, 1), row('bulk-x', 0, 2)])).rejects.toBeInstanceOf(EventInvalid);
    expect(await read('bulk-x')).toEqual([]);
  });

  it('refuses what would not read back as it was written: fractions, unknown types, foreign tenants', async () => {
    const event = { type: 'InvoiceRaised', effectiveOn: '2026-01-31', data: { amount: 0.1 } };
    await expect(append(log.api, 1, { ...invoice('bad'), events: [event] })).rejects.toBeInstanceOf(EventInvalid);
    await expect(append(log.api, 1, { ...invoice('bad'), events: [{ ...event, data: {}, type: 'Unheard' }] })).rejects.toBeInstanceOf(
      EventInvalid,
    );
    await expect(log.api.database.transaction(1, (tx) => log.api.append(tx, contextOf(2), [invoice('bad')]))).rejects.toBeInstanceOf(
      EventInvalid,
    );
  });
});
