import { join } from 'node:path';
import type { MigrationSource } from './migrations/migrate';

export * from './types';
export * from './errors';
export { Database, type DatabaseOptions } from './database';
export { EventStore } from './event-store';
export { canonicalJson } from './canonical-json';
export { canonicalEventWriter, contentHash, HASH_VERSION, type OwnHashedFields, type SharedHashedFields } from './content-hash';
export { BULK_ROWS_MAX } from './append/bulk-append';
export { SettlingStalled } from './settle/settler';
export { horizonStrategy, sequenceLockStrategy, type SettlingStrategy } from './settle/settling-strategy';
export type { EventPage, Processor } from './processors/processor';
export { ProcessorRunner, type ProcessorRunnerOptions } from './processors/processor-runner';
export { EventParked } from './processors/lane-worker';
export { waitForProcessor } from './processors/wait-for-processor';
export { exportLog, type LogTransfer } from './transfer/export-log';
export { importLog, LogImportRefused } from './transfer/import-log';
export { type SealHead, sealHead, sealSettled } from './seals/sealer';
export { type LogProblem, type LogVerification, verifyLog, type VerifyOptions } from './seals/verify-log';
export { type SealsVerification, type VerifiedSeal, verifySeals } from './seals/verify-seals';
export { type HistoryVerification, type LogFault, verifyHistory } from './seals/verify-history';
export { migrate, type MigrationSource } from './migrations/migrate';
export type { RolePasswords } from './migrations/roles';
export { registerEventTypes } from './migrations/register-event-types';

/** The migrations of the log itself; they run before those of every other library. */
export const migrations: MigrationSource = { schema: 'es', directory: join(__dirname, '../migrations') };
