import { execFileSync } from 'node:child_process';
import { Redis } from 'ioredis';

export interface TestRedis {
  readonly url: string;
  /** Forgets everything in this test database, as FLUSHALL does in the field. */
  forgetEverything(): Promise<void>;
  close(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 1_000;
/** Databases 5 and above belong to tests; one a jest worker, so that forgetting never hits a neighbour. */
const FIRST_TEST_DATABASE = 5;
const TEST_DATABASES = 11;

function address(): URL {
  return new URL(process.env['ARREARS_TEST_REDIS_URL'] ?? 'redis://127.0.0.1:6379');
}

/**
 * Whether a Redis answers at ARREARS_TEST_REDIS_URL (default 127.0.0.1:6379). Known at once, because jest decides what is skipped while it
 * loads a file; says so on stderr when none does.
 * @throws with REQUIRE_REDIS=1, so that nothing is skipped unseen
 */
export function redisAnswers(): boolean {
  const { hostname, port, host } = address();
  const probe = `require('node:net').connect(${port || '6379'}, ${JSON.stringify(hostname)}).once('connect', () => process.exit(0)).once('error', () => process.exit(1))`;
  try {
    execFileSync(process.execPath, ['-e', probe], { timeout: 5 * CONNECT_TIMEOUT_MS, stdio: 'ignore' });
    return true;
  } catch (error) {
    if (process.env['REQUIRE_REDIS'] === '1') throw new Error(`REQUIRE_REDIS=1, but no Redis answers at ${host}.`, { cause: error });
    process.stderr.write(`No Redis answers at ${host}: its tests are skipped (REQUIRE_REDIS=1 makes them fail).\n`);
    return false;
  }
}

/** A Redis database for one test file; ask `redisAnswers` first. */
export async function openTestRedis(): Promise<TestRedis> {
  const number = FIRST_TEST_DATABASE + (Number(process.env['JEST_WORKER_ID'] ?? '1') % TEST_DATABASES);
  const url = address();
  url.pathname = `/${String(number)}`;
  const client = new Redis(url.href, {
    lazyConnect: true,
    connectTimeout: CONNECT_TIMEOUT_MS,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
  });
  client.on('error', () => undefined);
  await client.connect();
  await client.flushdb();
  return {
    url: url.href,
    forgetEverything: async () => {
      await client.flushdb();
    },
    close: async () => {
      await client.flushdb();
      client.disconnect();
    },
  };
}
