import { createServer } from 'node:net';
import { bookEvents, prepareBook } from '@app/book';
import {
  assertDatabaseReachable,
  assertMasterKey,
  type Clock,
  type Configuration,
  EmbeddedPostgresql,
  installationSecrets,
  Logger,
  openResources,
  prepareDataFolder,
  readConfiguration,
  type RunningProcess,
  StartFailure,
} from '@app/platform';
import { serveApi } from '../../api/src';
import { startWorker } from '../../worker/src';

const READY_POLL_MS = 50;

const notice = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

/** Things to undo, newest first, whether the start fails or the process is asked to stop. */
class Undo {
  readonly #steps: (() => Promise<void>)[] = [];

  add(step: () => Promise<void>): void {
    this.#steps.unshift(step);
  }

  async run(): Promise<void> {
    const failures: unknown[] = [];
    for (const step of this.#steps.splice(0)) await step().catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw new AggregateError(failures, 'Not everything could be stopped cleanly.');
  }
}

export interface StandaloneOptions {
  /** Default: the system's. Another one lets a test live through months. */
  readonly clock?: Clock;
}

/** Everything in one process: the embedded PostgreSQL (or the server of DATABASE_URL), the worker and the api. */
export async function startStandalone(options: StandaloneOptions = {}): Promise<RunningProcess> {
  const configuration = readConfiguration(process.env);
  await assertPortFree(configuration);
  const undo = new Undo();
  try {
    await start(configuration, undo, options);
  } catch (error) {
    await undo.run().catch(() => undefined);
    throw error;
  }
  return { stop: () => undo.run() };
}

async function start(configuration: Configuration, undo: Undo, options: StandaloneOptions): Promise<void> {
  const logger = new Logger(configuration.logLevel);
  const dataFolder = prepareDataFolder(
    { folder: configuration.dataFolder, isDefault: configuration.dataFolderIsDefault, forServer: configuration.databaseUrl === null },
    notice,
  );
  const secrets = installationSecrets(dataFolder);
  const databaseUrl = configuration.databaseUrl ?? (await startEmbedded(dataFolder, secrets.databasePassword, undo));
  await assertDatabaseReachable(databaseUrl);
  await prepareBook(databaseUrl);
  const masterKey = configuration.masterKey ?? secrets.masterKey;
  await assertMasterKey(databaseUrl, masterKey);
  const shared = { configuration, databaseUrl, masterKey, catalogue: bookEvents, logger, ...options };
  const workerResources = await openResources('worker', shared);
  undo.add(() => workerResources.close());
  const apiResources = await openResources('api', shared);
  undo.add(() => apiResources.close());
  // The embedded server admits one process, so no other worker can be at work.
  const worker = await startWorker(workerResources, configuration.databaseUrl === null);
  undo.add(() => worker.stop());
  const api = await serveApi(apiResources);
  undo.add(() => api.stop());
  while (!(await api.isReady())) await new Promise((resolve) => setTimeout(resolve, READY_POLL_MS));
  process.stdout.write(`arrears ready on http://127.0.0.1:${String(api.port)}\n`);
}

async function startEmbedded(dataFolder: string, password: string, undo: Undo): Promise<string> {
  const server = await EmbeddedPostgresql.start({ dataFolder, password, durable: true, notice });
  undo.add(() => server.stop());
  server.onUnexpectedExit((code) => {
    notice(`arrears ends: its PostgreSQL server stopped with code ${String(code)}; see ${dataFolder}/postgresql.log.`);
    process.exit(1);
  });
  return server.connectionString;
}

/** Says so before a server is started for nothing. */
async function assertPortFree({ port, host }: Configuration): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error) => {
      reject(new StartFailure(`Port ${String(port)} on ${host} cannot be used (${error.message}); set PORT to a free one.`));
    });
    probe.listen(port, host, () => {
      probe.close(() => {
        resolve();
      });
    });
  });
}
