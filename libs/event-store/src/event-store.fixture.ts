import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { Database } from './database';
import { EventStore } from './event-store';
import {
  migrate,
  migrations,
  registerEventTypes,
  type EventContext,
  type EventDefinition,
  type SettlingStrategy,
  type StreamAppend,
} from './index';

const SERVER = process.env['ARREARS_TEST_POSTGRES_URL'] ?? 'postgres://root@127.0.0.1:5432/postgres';

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
  const name = `es_${randomUUID().replaceAll('-', '')}`;
  const server = new Client({ connectionString: SERVER });
  await server.connect();
  await server.query(`CREATE DATABASE ${name}`);
  const url = new URL(SERVER);
  url.pathname = `/${name}`;
  const ownerUrl = url.toString();
  await migrate(ownerUrl, [migrations]);
  await registerEventTypes(ownerUrl, types);
  const owner = new Client({ connectionString: ownerUrl });
  await owner.connect();
  owner.on('error', () => undefined);
  const opened: Database[] = [];
  const open = (role: 'arrears_api' | 'arrears_worker', strategy?: SettlingStrategy): EventStore => {
    const database = new Database({ connectionString: ownerUrl, role, applicationName: 'event-store-test' });
    opened.push(database);
    return new EventStore(database, catalogue, strategy);
  };
  return {
    ownerUrl,
    owner,
    api: open('arrears_api'),
    worker: open('arrears_worker'),
    open,
    async drop() {
      await Promise.all(opened.map((database) => database.close()));
      await owner.end();
      await server.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await server.end();
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
