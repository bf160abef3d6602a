import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { createRoles, type RolePasswords } from './roles';

/** The migrations of one library: numbered folders with up.sql, why.md and check.sql, all in one schema. */
export interface MigrationSource {
  schema: string;
  directory: string;
}

/** Key of the lock that lets one process migrate a database at a time. */
const MIGRATION_LOCK = '7310579920';
const FOLDER = /^\d{3}-[a-z0-9-]+$/;

/**
 * Brings a database up to date: roles, schemas (made and opened to both roles here), then each source's migrations in order, each in a
 * transaction with its check. Throws when a check finds rows, or when a migration that ran before has changed since.
 */
export async function migrate(
  ownerConnectionString: string,
  sources: readonly MigrationSource[],
  options: { rolePasswords?: RolePasswords } = {},
): Promise<void> {
  const client = new Client({ connectionString: ownerConnectionString, application_name: 'arrears-migrate' });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await createRoles(client, options.rolePasswords);
    await client.query(
      `CREATE SCHEMA IF NOT EXISTS es;
       CREATE TABLE IF NOT EXISTS es.migration (schema text, name text, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT clock_timestamp(),
         PRIMARY KEY (schema, name));
       GRANT USAGE ON SCHEMA es TO arrears_api, arrears_worker;
       GRANT SELECT ON es.migration TO arrears_api, arrears_worker`,
    );
    for (const source of sources) await migrateSource(client, source);
  } finally {
    await client.end();
  }
}

async function migrateSource(client: Client, source: MigrationSource): Promise<void> {
  const schema = client.escapeIdentifier(source.schema);
  await client.query(`CREATE SCHEMA IF NOT EXISTS ${schema}; GRANT USAGE ON SCHEMA ${schema} TO arrears_api, arrears_worker`);
  const { rows } = await client.query<{ name: string; checksum: string }>('SELECT name, checksum FROM es.migration WHERE schema = $1', [
    source.schema,
  ]);
  const applied = new Map(rows.map((row) => [row.name, row.checksum]));
  const names = (await readdir(source.directory)).filter((name) => FOLDER.test(name)).sort();
  for (const name of names) {
    const up = await readFile(join(source.directory, name, 'up.sql'), 'utf8');
    const checksum = createHash('sha256').update(up.replaceAll('\r\n', '\n')).digest('hex');
    const before = applied.get(name);
    if (before === checksum) continue;
    if (before !== undefined) throw new Error(`migration ${source.schema}/${name} has changed since it ran; write a new one`);
    await apply(client, source, name, up, checksum);
  }
}

async function apply(client: Client, source: MigrationSource, name: string, up: string, checksum: string): Promise<void> {
  const check = await readFile(join(source.directory, name, 'check.sql'), 'utf8');
  await client.query('BEGIN');
  try {
    await client.query(up);
    const found = await client.query<Record<string, unknown>>(check);
    const results = Array.isArray(found) ? (found as (typeof found)[]) : [found];
    const bad = results.find((result) => result.rows.length > 0)?.rows[0];
    if (bad !== undefined) throw new Error(`its check found ${JSON.stringify(bad)}`);
    await client.query('INSERT INTO es.migration (schema, name, checksum) VALUES ($1, $2, $3)', [source.schema, name, checksum]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`migration ${source.schema}/${name} failed: ${reason}`, { cause: error });
  }
}
