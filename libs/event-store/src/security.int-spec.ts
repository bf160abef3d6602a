import { append, createTestLog, invoice, type TestLog } from './event-store.fixture';
import { migrate, migrations, registerEventTypes } from './index';

describe('the log keeps its promises against its own users', () => {
  let log: TestLog;
  beforeAll(async () => {
    log = await createTestLog();
    await append(log.api, 1, invoice('mine'));
    await append(log.api, 2, invoice('theirs'));
    await log.owner.query(`INSERT INTO es.settled VALUES (2, clock_timestamp()); INSERT INTO es.seal VALUES (1, 1, 2, 2, 1, '', '')`);
  });
  afterAll(async () => {
    await log.drop();
  });

  const as = (role: 'api' | 'worker', tenantId: number | null, sql: string) =>
    log[role].database.transaction(tenantId, (tx) => tx.query(sql));
  const changes = [
    `UPDATE es.event SET data = '{}'`,
    'DELETE FROM es.event',
    'TRUNCATE es.event',
    'UPDATE es.event_000000 SET version = 9',
    'DELETE FROM es.seal',
    'DELETE FROM es.settled',
    'DELETE FROM es.stream',
    `UPDATE es.stream SET key = 'other'`,
    `SELECT setval('es.position', 1)`,
    'DROP TABLE es.event',
    'ALTER TABLE es.event DISABLE TRIGGER append_only',
  ];

  it.each(changes)('refuses the application: %s', async (sql) => {
    await expect(as('api', 1, sql)).rejects.toMatchObject({ code: '42501' });
    await expect(as('worker', null, sql)).rejects.toMatchObject({ code: '42501' });
  });

  it.each(changes.slice(0, 5))('refuses the owner too: %s', async (sql) => {
    await expect(log.owner.query(sql)).rejects.toMatchObject({ code: 'ES002' });
    await log.owner.query('BEGIN; SET LOCAL session_replication_role = replica');
    await expect(log.owner.query(sql)).rejects.toMatchObject({ code: 'ES002' });
    await log.owner.query('ROLLBACK');
  });

  it('shows a tenant its own rows only, and none to a transaction that names no tenant', async () => {
    for (const table of ['es.event', 'es.stream']) {
      expect(await as('api', 1, `SELECT DISTINCT tenant_id FROM ${table}`)).toEqual([{ tenant_id: 1 }]);
      expect(await as('api', null, `SELECT tenant_id FROM ${table}`)).toEqual([]);
      expect(await as('worker', null, `SELECT DISTINCT tenant_id FROM ${table} ORDER BY 1`)).toEqual([{ tenant_id: 1 }, { tenant_id: 2 }]);
    }
    await expect(as('api', 1, `INSERT INTO es.stream VALUES (2, 999, 'invoice', 'forged', 1)`)).rejects.toMatchObject({ code: '42501' });
    await expect(as('api', 1, 'SELECT tenant_id FROM es.event_000000')).rejects.toMatchObject({ code: '42501' });
  });

  it('may be migrated again and by many databases of one cluster at the same time', async () => {
    await migrate(log.ownerUrl, [migrations], { rolePasswords: { api: 'a', worker: 'b' } });
    const more = await Promise.all([createTestLog(), createTestLog(), createTestLog()]);
    await Promise.all(more.map((one) => one.drop()));
  });

  it('can be owned by a login that is no superuser', async () => {
    await log.owner.query(`CREATE ROLE es_plain_owner LOGIN CREATEROLE CREATEDB; GRANT arrears_api, arrears_worker TO es_plain_owner`);
    await log.owner.query('CREATE DATABASE es_plain_owned OWNER es_plain_owner');
    try {
      const url = new URL(log.ownerUrl);
      url.username = 'es_plain_owner';
      url.pathname = '/es_plain_owned';
      await migrate(url.toString(), [migrations]);
    } finally {
      await log.owner.query('DROP DATABASE es_plain_owned WITH (FORCE)');
      await log.owner.query('DROP ROLE es_plain_owner');
    }
  });

  it('never lets a code of an event type come to mean something else', async () => {
    await expect(registerEventTypes(log.ownerUrl, [{ code: 1, type: 'Renamed', schemaVersion: 1 }])).rejects.toThrow('recorded as');
    await expect(registerEventTypes(log.ownerUrl, [{ code: 77, type: 'InvoiceRaised', schemaVersion: 1 }])).rejects.toThrow('recorded as');
    await registerEventTypes(log.ownerUrl, [{ code: 1, type: 'InvoiceRaised', schemaVersion: 1 }]);
  });

  it('names the alarm when the next partition is missing, and makes partitions ahead of need', async () => {
    await log.owner.query(`SELECT setval('es.position', 29999999)`);
    await expect(append(log.api, 1, invoice('no room'))).rejects.toMatchObject({ name: 'LogPartitionMissing' });
    await log.worker.database.statement('SELECT es.ensure_event_partitions(2)');
    await append(log.api, 1, invoice('room'));
  });
});
