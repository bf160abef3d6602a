import { Client } from 'pg';
import { createTestDatabase, type TestDatabase } from '@app/testing';

/** The one table with a tenant column that is read before the tenant is known: keys by their hash. */
const WITHOUT_ROW_SECURITY = ['ac.api_key'];

/** What SQL can do when it speaks as the role of the api: an injected statement, or a bug. */
describe('the database roles', () => {
  let database: TestDatabase;
  let owner: Client;
  let api: Client;

  beforeAll(async () => {
    database = await createTestDatabase();
    owner = new Client({ connectionString: database.ownerUrl });
    api = new Client({ connectionString: database.apiUrl });
    await Promise.all([owner.connect(), api.connect()]);
    for (const tenant of [1, 2]) {
      await owner.query(`INSERT INTO rc.debtor (tenant_id, debtor_no, debtor_id) VALUES ($1::int, $1::int, 'D1')`, [tenant]);
      await owner.query(
        `INSERT INTO es.stream (tenant_id, stream_id, category, key, version) VALUES ($1::int, $1::int, 'debtor', 'D1', 1)`,
        [tenant],
      );
    }
  });

  afterAll(async () => {
    await Promise.all([owner.end(), api.end()]);
    await database.drop();
  });

  const asTenant = async <T>(tenant: number, work: () => Promise<T>): Promise<T> => {
    await api.query('BEGIN');
    await api.query(`SELECT set_config('arrears.tenant', $1, true)`, [String(tenant)]);
    try {
      return await work();
    } finally {
      await api.query('ROLLBACK');
    }
  };

  it('guards every table that has a tenant by forced row security, or one organisation could read another’s book', async () => {
    const { rows } = await owner.query<{ name: string; guarded: boolean; open: string | null }>(
      `SELECT n.nspname || '.' || c.relname AS name, c.relrowsecurity AND c.relforcerowsecurity AS guarded,
              (SELECT string_agg(p.polname, ',') FROM pg_policy p
               WHERE p.polrelid = c.oid AND 'arrears_api'::regrole = ANY (p.polroles) AND pg_get_expr(p.polqual, p.polrelid) NOT LIKE '%current_tenant%') AS open
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
       WHERE n.nspname IN ('es', 'pf', 'ac', 'rc', 'pv', 'cl', 'al') AND c.relkind IN ('r', 'p') AND NOT c.relispartition`,
    );
    expect(rows.length).toBeGreaterThan(15);
    expect(rows.filter((row) => !WITHOUT_ROW_SECURITY.includes(row.name) && (!row.guarded || row.open !== null))).toEqual([]);
  });

  it('shows the api role the rows of its tenant only, and none before a tenant is set', async () => {
    const seen = async (): Promise<number[]> =>
      (await api.query<{ tenant_id: number }>('SELECT tenant_id FROM rc.debtor')).rows.map((r) => r.tenant_id);
    expect(await asTenant(1, seen)).toEqual([1]);
    expect(await asTenant(2, seen)).toEqual([2]);
    expect(await seen()).toEqual([]);
    const streams = async (): Promise<unknown[]> => (await api.query<{ tenant_id: number }>('SELECT tenant_id FROM es.stream')).rows;
    expect(await asTenant(1, streams)).toEqual([{ tenant_id: 1 }]);
  });

  it('lets the api role write no row of another tenant, or a forged request could change its book', async () => {
    const foreign = asTenant(1, () => api.query(`INSERT INTO rc.debtor (tenant_id, debtor_no, debtor_id) VALUES (2, 9, 'X')`));
    await expect(foreign).rejects.toThrow(/row-level security/);
    expect((await asTenant(1, () => api.query('DELETE FROM rc.debtor WHERE tenant_id = 2'))).rowCount).toBe(0);
  });

  it.each(['UPDATE es.event SET type = 1', 'DELETE FROM es.event', 'TRUNCATE es.event'])(
    'refuses "%s" to the api role, or a recorded fact could be changed',
    async (statement) => {
      await expect(asTenant(1, () => api.query(statement))).rejects.toThrow(/permission denied/);
    },
  );

  it('owns nothing and bypasses nothing as either role', async () => {
    const { rows } = await owner.query(
      `SELECT r.rolname, r.rolsuper, r.rolbypassrls, r.rolcreaterole, (SELECT count(*)::int FROM pg_class c WHERE c.relowner = r.oid) AS owned
       FROM pg_roles r WHERE r.rolname IN ('arrears_api', 'arrears_worker') ORDER BY 1`,
    );
    const nothing = { rolsuper: false, rolbypassrls: false, rolcreaterole: false, owned: 0 };
    expect(rows).toEqual([
      { rolname: 'arrears_api', ...nothing },
      { rolname: 'arrears_worker', ...nothing },
    ]);
  });
});
