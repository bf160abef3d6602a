import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { createTestDatabase } from '@app/testing';
import { Database } from './database';
import { EventStore } from './event-store';
import { registerEventTypes, type EventContext, type EventDefinition, type SettlingStrategy, type StreamAppend } from './index';

// The machine that runs the tests may be busy with other work.
jest.setTimeout(60_000);

export const catalogue: EventDefinition[] = [
  { code: 1, type: 'InvoiceRaised', schemaVersion: 1 },
  { code: 2, type: 'InvoicePaid', schemaVersion: 1 },
];

/** A database of its own with the log in it, opened as owner, api and worker. */
export interface TestLog {
  ownerUrl: string;
  owner: Client;
  api: EventStore;
  worker: EventStore;
  open(role: 'arrears_api' | 'arrears_worker', strategy?: SettlingStrategy): EventStore;
  drop(): Promise<void>;
}

export async function createTestLog(types: EventDefinition[] = catalogue): Promise<TestLog> {
  const database = await createTestDatabase({ schemas: [] });
  const { ownerUrl } = database;
  await registerEventTypes(ownerUrl, types);
  const owner = new Client({ connectionString: ownerUrl });
  await owner.connect();
  owner.on('error', () => undefined);
  const opened: Database[] = [];
  const open = (role: 'arrears_api' | 'arrears_worker', strategy?: SettlingStrategy): EventStore => {
    const connection = new Database({ connectionString: ownerUrl, role, applicationName: 'event-store-test' });
    opened.push(connection);
    return new EventStore(connection, catalogue, strategy);
  };
  return {
    ownerUrl,
    owner,
    api: open('arrears_api'),
    worker: open('arrears_worker'),
    open,
    async drop() {
      await Promise.all(opened.map((one) => one.close()));
      await owner.end();
      await database.drop();
    },
  };
}

export function contextOf(tenantId = 1): EventContext {
  return { tenantId, principalId: randomUUID(), correlationId: randomUUID() };
}

/** An append to an invoice's stream; the first one raises it, later ones pay. */
export function invoice(key: string, expectedVersion = 0, events = 1): StreamAppend {
  return {
    category: 'invoice',
    key,
    expectedVersion,
    events: Array.from({ length: events }, (_, index) => ({
      type: expectedVersion + index === 0 ? 'InvoiceRaised' : 'InvoicePaid',
      effectiveOn: '2026-01-31',
      data: { amount: '100', note: 'zürich\t"quoted"\\', lines: [1, 2], nested: { b: true, a: null } },
    })),
  };
}

/** Appends in a transaction of its own. */
export function append(store: EventStore, tenantId: number, ...appends: StreamAppend[]): ReturnType<EventStore['append']> {
  return store.database.transaction(tenantId, (tx) => store.append(tx, contextOf(tenantId), appends));
}
