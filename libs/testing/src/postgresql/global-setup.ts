// jest loads this file before any alias exists, so it takes the two files it needs by their paths.
import { mkdtempSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareDataFolder } from '../../../platform/src/postgresql/data-folder';
import { EmbeddedPostgresql } from '../../../platform/src/postgresql/embedded-postgresql';

/** What the tear-down of the same process has to put away. */
export interface TestServer {
  readonly server: EmbeddedPostgresql;
  readonly folder: string;
}

declare global {
  var arrearsTestServer: TestServer | undefined;
}

/** One throw-away PostgreSQL server a run, for the projects that need one; ARREARS_TEST_POSTGRES_URL names another instead. */
export default async function globalSetup(): Promise<void> {
  if (process.env['ARREARS_TEST_POSTGRES_URL'] !== undefined) return;
  const folder = mkdtempSync(join(tmpdir(), 'arrears-test-'));
  chmodSync(folder, 0o711);
  const server = await EmbeddedPostgresql.start({
    dataFolder: prepareDataFolder({ folder, isDefault: false, forServer: true }, () => undefined),
    password: null,
    durable: false,
    notice: () => undefined,
  });
  process.env['ARREARS_TEST_POSTGRES_URL'] = server.connectionString;
  globalThis.arrearsTestServer = { server, folder };
}
