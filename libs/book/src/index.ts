import { events as accessEvents, migrations as accessMigrations } from '@app/access';
import { events as alertingEvents, migrations as alertingMigrations } from '@app/alerting';
import { events as collectionsEvents, migrations as collectionsMigrations } from '@app/collections';
import { type EventDefinition, migrate, type MigrationSource, migrations as logMigrations, registerEventTypes } from '@app/event-store';
import { migrateQueue, migrations as platformMigrations } from '@app/platform';
import { events as provisioningEvents } from '@app/provisioning';
import { events as receivablesEvents, migrations as receivablesMigrations } from '@app/receivables';

/** Migrations of every library, in the order in which they run. */
export const bookMigrations: readonly MigrationSource[] = [
  logMigrations,
  platformMigrations,
  accessMigrations,
  receivablesMigrations,
  collectionsMigrations,
  alertingMigrations,
];

/** Every event type a book may hold. */
export const bookEvents: readonly EventDefinition[] = [
  ...accessEvents,
  ...receivablesEvents,
  ...provisioningEvents,
  ...collectionsEvents,
  ...alertingEvents,
];

/**
 * Brings a database up to date: tables of every library, tables of the queue, event types. Safe to repeat and to run in several
 * processes at once. Needs the owner.
 */
export async function prepareBook(ownerConnectionString: string): Promise<void> {
  await migrate(ownerConnectionString, bookMigrations);
  await migrateQueue(ownerConnectionString);
  await registerEventTypes(ownerConnectionString, bookEvents);
}
