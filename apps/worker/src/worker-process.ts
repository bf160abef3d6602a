import { Client } from 'pg';
import { bookEvents, prepareBook } from '@app/book';
import { openProcessResources, type RunningProcess, StartFailure } from '@app/platform';
import { startWorker } from './start-worker';

/** Held by the one worker that may consume the PostgreSQL queue of a database. */
const ONLY_WORKER_LOCK = '7310579922';
const LOCK_PATIENCE_MS = 10_000;

/** A worker process of its own: npm run start:worker. */
export async function startWorkerProcess(): Promise<RunningProcess> {
  const resources = await openProcessResources('worker', bookEvents, prepareBook);
  try {
    const alone = resources.queueBackend.kind === 'postgresql';
    const lock = alone ? await becomeOnlyWorker(resources.configuration.databaseUrl ?? '') : null;
    const worker = await startWorker(resources, alone);
    process.stdout.write('arrears worker ready\n');
    return {
      stop: async () => {
        await worker.stop();
        await resources.close();
        await lock?.end();
      },
    };
  } catch (error) {
    await resources.close();
    throw error;
  }
}

/** BullMQ's PostgreSQL queue deadlocks and fails jobs with two consumers; several workers need Redis. */
async function becomeOnlyWorker(databaseUrl: string): Promise<Client> {
  const client = new Client({ connectionString: databaseUrl, application_name: 'arrears-only-worker', keepAlive: true });
  client.on('error', () => undefined);
  await client.connect();
  for (const until = Date.now() + LOCK_PATIENCE_MS; ;) {
    const { rows } = await client.query<{ held: boolean }>('SELECT pg_try_advisory_lock($1) AS held', [ONLY_WORKER_LOCK]);
    if (rows[0]?.held === true) return client;
    if (Date.now() > until) {
      await client.end();
      throw new StartFailure('Another worker runs on this database; several workers need a Redis: set REDIS_URL for all of them.');
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
