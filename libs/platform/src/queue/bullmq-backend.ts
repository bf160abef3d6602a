import { createPostgresBackend, Queue, runMigrations, Worker, type PostgresConnectionOptions } from 'bullmq';
import { Redis } from 'ioredis';
import { Client, Pool } from 'pg';
import { QUEUES } from '../intents/job';
import type { Logger } from '../logging/logger';
import { StartFailure } from '../start/start-failure';
import { jobId, type Consumer, type QueueBackend, type Trigger } from './queue-backend';

const LOCK_MS = 60_000;
const FAILED_KEPT_SECONDS = 3_600;
const FAILED_KEPT_MAX = 1_000;
const CONNECT_TIMEOUT_MS = 5_000;
/** BullMQ looks for this schema on a pool that it did not make itself. */
const BULLMQ_SCHEMA = 'bullmq';
/** Every queue listens on a connection of its own; the rest serve the queries of them all. */
const POOL_SIZE = QUEUES.length + 8;

const RETENTION = { removeOnComplete: true, removeOnFail: { age: FAILED_KEPT_SECONDS, count: FAILED_KEPT_MAX } };

/** Chooses the backend, in this one place: Redis where an address is given, else the PostgreSQL of the book. */
export async function openQueueBackend(
  options: { readonly redisUrl: string | null; readonly prefix: string; readonly postgresUrl: string },
  logger: Logger,
): Promise<QueueBackend> {
  return options.redisUrl === null ? openPostgresql(options.postgresUrl, logger) : openRedis(options.redisUrl, options.prefix, logger);
}

/** Makes the tables of the queue and lets both roles use them. Owner only. */
export async function migrateQueue(ownerConnectionString: string): Promise<void> {
  const client = new Client({ connectionString: ownerConnectionString, application_name: 'arrears-migrate' });
  await client.connect();
  try {
    await runMigrations(client, BULLMQ_SCHEMA);
    await client.query(
      `GRANT USAGE ON SCHEMA ${BULLMQ_SCHEMA} TO arrears_api, arrears_worker;
       GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${BULLMQ_SCHEMA} TO arrears_api, arrears_worker;
       GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA ${BULLMQ_SCHEMA} TO arrears_api, arrears_worker;
       GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ${BULLMQ_SCHEMA} TO arrears_api, arrears_worker`,
    );
  } finally {
    await client.end();
  }
}

async function openRedis(url: string, prefix: string, logger: Logger): Promise<QueueBackend> {
  // Producers fail at once when Redis is away (the sweeper rings later); consumers wait for it for ever.
  const producer = new Redis(url, {
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
    lazyConnect: true,
    connectTimeout: CONNECT_TIMEOUT_MS,
  });
  const closing = new AbortController();
  const problem = reportOnce(logger, closing.signal);
  let lastError: Error | undefined;
  const remember = (error: Error): void => {
    lastError = error;
  };
  producer.on('error', remember);
  try {
    await producer.connect();
    await producer.ping();
  } catch (error) {
    producer.disconnect();
    const reason = (lastError ?? (error as Error)).message;
    throw new StartFailure(`Redis at ${withoutPassword(url)} does not answer (${reason}); start it, or leave REDIS_URL out.`);
  }
  producer.off('error', remember);
  producer.on('error', problem);
  const queues = new Map(
    QUEUES.map((name) => [name, new Queue<Trigger>(name, { connection: producer, prefix, skipWaitingForReady: true })] as const),
  );
  for (const queue of queues.values()) queue.on('error', problem);
  const consumers: Redis[] = [];
  return {
    kind: 'redis',
    async add(name, trigger) {
      await queues.get(name)?.add(trigger.kind, trigger, { jobId: jobId(trigger), ...RETENTION });
    },
    async consume(name, concurrency, onTrigger) {
      const connection = new Redis(url, { maxRetriesPerRequest: null });
      connection.on('error', problem);
      consumers.push(connection);
      const worker = new Worker<Trigger>(name, (job) => onTrigger(job.data), { connection, prefix, concurrency, lockDuration: LOCK_MS });
      worker.on('error', problem);
      await worker.waitUntilReady();
      return stopping(worker);
    },
    ping: () =>
      producer.ping().then(
        () => true,
        () => false,
      ),
    async close() {
      closing.abort();
      await Promise.all([...queues.values()].map((queue) => queue.close()));
      producer.disconnect();
      for (const connection of consumers) connection.disconnect();
    },
  };
}

async function openPostgresql(connectionString: string, logger: Logger): Promise<QueueBackend> {
  const closing = new AbortController();
  const problem = reportOnce(logger, closing.signal);
  const pool = new Pool({
    connectionString,
    max: POOL_SIZE,
    keepAlive: true,
    application_name: 'arrears-queue',
    options: `-c search_path=${BULLMQ_SCHEMA}`,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  pool.on('error', problem);
  // BullMQ describes the pool of pg in types of its own, which the published ones do not match.
  const connection = pool as unknown as PostgresConnectionOptions;
  const queues = new Map(QUEUES.map((name) => [name, new Queue(name, { connection }, createPostgresBackend)] as const));
  for (const queue of queues.values()) queue.on('error', problem);
  await Promise.all([...queues.values()].map((queue) => queue.waitUntilReady()));
  return {
    kind: 'postgresql',
    async add(name, trigger) {
      await queues.get(name)?.add(trigger.kind, trigger, { jobId: jobId(trigger), ...RETENTION });
    },
    async consume(name, concurrency, onTrigger) {
      const worker = new Worker(
        name,
        (job: { data: Trigger }) => onTrigger(job.data),
        { connection, concurrency, lockDuration: LOCK_MS },
        createPostgresBackend,
      );
      worker.on('error', problem);
      await worker.waitUntilReady();
      return stopping(worker);
    },
    ping: () =>
      pool.query('SELECT 1').then(
        () => true,
        () => false,
      ),
    async close() {
      closing.abort();
      await Promise.all([...queues.values()].map((queue) => queue.close()));
      await pool.end();
    },
  };
}

function stopping(worker: { close(force?: boolean): Promise<void> }): Consumer {
  return { stop: () => worker.close() };
}

const REPORT_EVERY_MS = 10_000;

/** A lost connection reports itself many times a second; once every ten seconds is enough to be told. */
function reportOnce(logger: Logger, closing: AbortSignal): (error: Error) => void {
  let quietUntil = 0;
  return (error) => {
    // Connections that end while everything is closed are no news.
    if (closing.aborted || Date.now() < quietUntil) return;
    quietUntil = Date.now() + REPORT_EVERY_MS;
    logger.warn(`The queue reports: ${error.message}`, 'Queue');
  };
}

function withoutPassword(url: string): string {
  const parsed = new URL(url);
  return `${parsed.hostname}:${parsed.port || '6379'}`;
}
