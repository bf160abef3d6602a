import { join } from 'node:path';
import type { MigrationSource } from '@app/event-store';

export { type Configuration, readConfiguration, timeZoneExists } from './configuration/configuration';
export { installationSecrets, type InstallationSecrets } from './configuration/secrets';
export { csvLine } from './csv/csv-line';
export { businessDate, type Clock, systemClock } from './identity/clock';
export { uuidV5, uuidV7 } from './identity/identifiers';
export { eventContext, type RequestContext } from './identity/request-context';
export { deadIntents, Intents, intentState, type IntentRequest, type IntentState } from './intents/intents';
export { type Job, type JobHandler, type JobOutcome, LeaseLost, type QueueName, retryIn } from './intents/job';
export { RunningWorker, WorkerRegistry } from './intents/worker-registry';
export { Logger } from './logging/logger';
export { PlatformModule } from './nest/platform.module';
export {
  assertDatabaseReachable,
  assertMasterKey,
  openResources,
  type PlatformResources,
  type PlatformRole,
  type ResourceOptions,
} from './nest/platform-resources';
export { CLOCK, CONFIG, DATABASE, EVENT_STORE } from './nest/tokens';
export { PersonalDataVault, type PersonalDetails } from './personal-data/personal-data-vault';
export { prepareDataFolder, runningInstance } from './postgresql/data-folder';
export { EmbeddedPostgresql } from './postgresql/embedded-postgresql';
export { migrateQueue, openQueueBackend } from './queue/bullmq-backend';
export { type QueueBackend, type Trigger } from './queue/queue-backend';
export { Refusal, type RefusalPlace } from './refusal/refusal';
export { recordTenantZone, tenantZone } from './schedule/tenant-zone';
export { SealBroken, SecretBox } from './security/secret-box';
export { StartFailure } from './start/start-failure';

/** The migrations of the platform: personal keys, intents and schedules. */
export const migrations: MigrationSource = { schema: 'pf', directory: join(__dirname, '../migrations') };
export { runProcess, type RunningProcess } from './start/run-process';
export { openProcessResources } from './nest/process-resources';
