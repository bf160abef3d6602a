import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { migrate, type MigrationSource } from '@app/event-store';

/** A database of one test file, with the addresses of its three roles. */
export interface TestDatabase {
  readonly ownerUrl: string;
  readonly apiUrl: string;
  readonly workerUrl: string;
  drop(): Promise<void>;
}

export interface TestDatabaseOptions {
  /** False leaves the database empty. Default true. */
  readonly migrated?: boolean;
  /** Schemas to migrate, in addition to `es`; default all. */
  readonly schemas?: readonly TestSchema[];
}

export type TestSchema = 'pf' | 'ac' | 'rc' | 'pv' | 'cl' | 'al';

const ROOT = join(__dirname, '../../../..');
const SCHEMAS: readonly (readonly [schema: 'es' | TestSchema, lib: string])[] = [
  ['es', 'event-store'],
  ['pf', 'platform'],
  ['ac', 'access'],
  ['rc', 'receivables'],
  ['pv', 'provisioning'],
  ['cl', 'collections'],
  ['al', 'alerting'],
];
/** One test process at a time builds the template of a set of migrations. */
const TEMPLATE_LOCK = '7310579921';
const ROLE_PASSWORD = 'arrears-test';

function serverUrl(): URL {
  const url = process.env['ARREARS_TEST_POSTGRES_URL'];
  if (url === undefined)
    throw new Error('No test server: run under jest, whose global set-up starts one, or set ARREARS_TEST_POSTGRES_URL.');
  return new URL(url);
}

function addressed(database: string, role?: string): string {
  const url = serverUrl();
  url.pathname = `/${database}`;
  if (role !== undefined) {
    url.username = role;
    if (url.password !== '') url.password = ROLE_PASSWORD;
  }
  return url.href;
}

function sourcesOf(schemas: readonly TestSchema[] | undefined): MigrationSource[] {
  return SCHEMAS.filter(([schema]) => schema === 'es' || schemas === undefined || schemas.includes(schema))
    .map(([schema, lib]) => ({ schema, directory: join(ROOT, 'libs', lib, 'migrations') }))
    .filter((source) => existsSync(source.directory));
}

function fingerprint(sources: readonly MigrationSource[]): string {
  const hash = createHash('sha256');
  for (const source of sources) {
    hash.update(source.schema);
    for (const folder of readdirSync(source.directory).sort()) {
      const file = join(source.directory, folder, 'up.sql');
      if (existsSync(file)) hash.update(folder).update(readFileSync(file));
    }
  }
  return hash.digest('hex').slice(0, 16);
}

async function onServer<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: addressed(serverUrl().pathname.slice(1) || 'postgres') });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** A migrated database that is copied for every test file: copying takes a tenth of migrating. */
async function ensureTemplate(schemas: readonly TestSchema[] | undefined): Promise<string> {
  const sources = sourcesOf(schemas);
  const template = `arrears_template_${fingerprint(sources)}`;
  await onServer(async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [template]);
    if (found.rowCount !== 0) return;
    const unfinished = `${template}_unfinished`;
    await client.query(`DROP DATABASE IF EXISTS ${unfinished} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${unfinished} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'`);
    await migrate(
      addressed(unfinished),
      sources,
      serverUrl().password === '' ? {} : { rolePasswords: { api: ROLE_PASSWORD, worker: ROLE_PASSWORD } },
    );
    await client.query(`ALTER DATABASE ${unfinished} RENAME TO ${template}`);
  });
  return template;
}

/** A database of its own for one test file, on the server of the test run. Call `drop` when done. */
export async function createTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const name = `arrears_test_${randomBytes(8).toString('hex')}`;
  const template = options.migrated === false ? 'template0' : await ensureTemplate(options.schemas);
  await onServer(async (client) => {
    // A server copies one template at a time; whoever comes second waits here rather than fails.
    await client.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
    for (const role of options.migrated === false ? [] : ['arrears_api', 'arrears_worker'])
      await client.query(`GRANT CONNECT, TEMPORARY ON DATABASE ${name} TO ${role}`);
  });
  return {
    ownerUrl: addressed(name),
    apiUrl: addressed(name, 'arrears_api'),
    workerUrl: addressed(name, 'arrears_worker'),
    drop: () =>
      onServer(async (client) => {
        await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      }),
  };
}
