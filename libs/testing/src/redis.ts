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

/**
 * A Redis database for a test, or null when none answers at ARREARS_TEST_REDIS_URL (default 127.0.0.1:6379): the test then says that it
 * is skipped. With REQUIRE_REDIS=1 a missing Redis is a failure.
 */
export async function openTestRedis(): Promise<TestRedis | null> {
  const number = FIRST_TEST_DATABASE + (Number(process.env['JEST_WORKER_ID'] ?? '1') % TEST_DATABASES);
  const url = new URL(process.env['ARREARS_TEST_REDIS_URL'] ?? 'redis://127.0.0.1:6379');
  url.pathname = `/${String(number)}`;
  const client = new Redis(url.href, {
    lazyConnect: true,
    connectTimeout: CONNECT_TIMEOUT_MS,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.flushdb();
  } catch (error) {
    client.disconnect();
    if (process.env['REQUIRE_REDIS'] === '1') throw new Error(`REQUIRE_REDIS=1, but no Redis answers at ${url.host}.`, { cause: error });
    return null;
  }
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
