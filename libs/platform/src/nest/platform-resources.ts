import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Client } from 'pg';
import { Database, EventStore, type EventDefinition } from '@app/event-store';
import type { Configuration } from '../configuration/configuration';
import { systemClock, type Clock } from '../identity/clock';
import { Intents } from '../intents/intents';
import { WorkerRegistry } from '../intents/worker-registry';
import type { Logger } from '../logging/logger';
import { PersonalDataVault } from '../personal-data/personal-data-vault';
import { openQueueBackend } from '../queue/bullmq-backend';
import type { QueueBackend } from '../queue/queue-backend';
import { SealBroken, SecretBox } from '../security/secret-box';
import { StartFailure } from '../start/start-failure';

export type PlatformRole = 'api' | 'worker';

export interface ResourceOptions {
  readonly configuration: Configuration;
  /** Connection of the owner. */
  readonly databaseUrl: string;
  readonly masterKey: Buffer;
  /** Event types of every feature. */
  readonly catalogue: readonly EventDefinition[];
  readonly logger: Logger;
  /** Default: the system's. Another one lets a test live through months. */
  readonly clock?: Clock;
}

/** What one application (api or worker) holds open; the modules only hand it out. */
export interface PlatformResources {
  readonly role: PlatformRole;
  /** Names this process where it holds jobs and lanes. */
  readonly owner: string;
  readonly configuration: Configuration;
  readonly database: Database;
  readonly eventStore: EventStore;
  readonly clock: Clock;
  readonly secretBox: SecretBox;
  readonly vault: PersonalDataVault;
  readonly queueBackend: QueueBackend;
  readonly intents: Intents;
  readonly workerRegistry: WorkerRegistry;
  readonly logger: Logger;
  close(): Promise<void>;
}

const POOL_SIZE: Readonly<Record<PlatformRole, number>> = { api: 20, worker: 20 };
const CONNECT_TIMEOUT_MS = 5_000;
const MASTER_KEY_PROOF = 'master-key-proof';

/** @throws StartFailure when the queue does not answer. */
export async function openResources(role: PlatformRole, options: ResourceOptions): Promise<PlatformResources> {
  const { configuration, logger } = options;
  const own = role === 'api' ? configuration.apiDatabaseUrl : configuration.workerDatabaseUrl;
  const connectionString = own ?? options.databaseUrl;
  const database = new Database({
    connectionString,
    role: `arrears_${role}`,
    poolSize: POOL_SIZE[role],
    applicationName: `arrears-${role}`,
  });
  let queueBackend: QueueBackend;
  try {
    queueBackend = await openQueueBackend(
      { redisUrl: configuration.redisUrl, prefix: configuration.queuePrefix, postgresUrl: connectionString },
      logger,
    );
  } catch (error) {
    await database.close();
    throw error;
  }
  const secretBox = new SecretBox(options.masterKey);
  return {
    role,
    owner: `${hostname()}-${String(process.pid)}-${randomUUID().slice(0, 8)}`,
    configuration,
    database,
    eventStore: new EventStore(database, options.catalogue),
    clock: options.clock ?? systemClock(configuration.timeZone),
    secretBox,
    vault: new PersonalDataVault(secretBox),
    queueBackend,
    intents: new Intents(database, queueBackend, logger),
    workerRegistry: new WorkerRegistry(),
    logger,
    close: async () => {
      await queueBackend.close();
      await database.close();
    },
  };
}

/** @throws StartFailure in one line when the server cannot be reached or refuses. */
export async function assertDatabaseReachable(databaseUrl: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ version: number }>(`SELECT current_setting('server_version_num')::int AS version`);
    if ((rows[0]?.version ?? 0) < 150_000) throw new Error('it is older than PostgreSQL 15');
  } catch (error) {
    const { hostname: host, port } = new URL(databaseUrl);
    throw new StartFailure(`PostgreSQL at ${host}:${port || '5432'} cannot be used (${oneLine(error)}); check DATABASE_URL.`);
  } finally {
    await client.end().catch(() => undefined);
  }
}

function oneLine(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(oneLine).join(', ');
  const message = error instanceof Error ? error.message || error.name : String(error);
  return message.split('\n')[0] ?? message;
}

/**
 * Proves that the master key is the one this book was written under, and records the proof at the first start. Without it two
 * processes with different keys would write personal details that the other cannot read.
 * @throws StartFailure
 */
export async function assertMasterKey(ownerConnectionString: string, masterKey: Buffer): Promise<void> {
  const box = new SecretBox(masterKey);
  const client = new Client({ connectionString: ownerConnectionString });
  await client.connect();
  try {
    await client.query('INSERT INTO pf.installation (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
      MASTER_KEY_PROOF,
      box.seal('arrears', MASTER_KEY_PROOF),
    ]);
    const { rows } = await client.query<{ value: string }>('SELECT value FROM pf.installation WHERE name = $1', [MASTER_KEY_PROOF]);
    box.open(rows[0]?.value ?? '', MASTER_KEY_PROOF);
  } catch (error) {
    if (!(error instanceof SealBroken)) throw error;
    throw new StartFailure(
      'The master key is not the one this database was written under; set ARREARS_MASTER_KEY to that one, or use the data folder that holds it.',
    );
  } finally {
    await client.end();
  }
}
