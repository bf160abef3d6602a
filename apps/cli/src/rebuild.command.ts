import { rebuildEpisodes } from '@app/alerting';
import { bookEvents, prepareBook } from '@app/book';
import { rebuildCollections } from '@app/collections';
import { Database, EventStore } from '@app/event-store';
import { rebuildReadModels, WorkerRunning } from '@app/receivables';
import { CommandFailure } from './command-failure';
import { withBook } from './open-book';

/** `arrears rebuild`: the read models of every tenant, from the log. */
export function rebuildCommand(): Promise<number> {
  return withBook(rebuildEveryTenant);
}

/** @throws CommandFailure while a worker runs */
export async function rebuildEveryTenant(ownerUrl: string): Promise<number> {
  await prepareBook(ownerUrl);
  const database = new Database({ connectionString: ownerUrl, role: 'arrears_worker', applicationName: 'arrears-rebuild', poolSize: 3 });
  try {
    const store = new EventStore(database, bookEvents);
    const tenants = await database.transaction(null, (tx) =>
      tx.query<{ tenant_id: number }>('SELECT tenant_id FROM es.tenants() AS t(tenant_id)'),
    );
    for (const { tenant_id: tenantId } of tenants) {
      const position = await rebuildReadModels(store, tenantId);
      await rebuildCollections(store, tenantId);
      await database.transaction(tenantId, (tx) => rebuildEpisodes(tx, store, tenantId));
      process.stdout.write(`Rebuilt the read models of tenant ${String(tenantId)} up to position ${String(position)}.\n`);
    }
    return 0;
  } catch (error) {
    if (error instanceof WorkerRunning) throw new CommandFailure(error.message);
    throw error;
  } finally {
    await database.close();
  }
}
