import { randomUUID } from 'node:crypto';
import type { QueryBus } from '@nestjs/cqrs';
import { Database, EventStore, registerEventTypes, type EventContext } from '@app/event-store';
import { createTestDatabase, steppableClock, type TestDatabase } from '@app/testing';
import { newEvent } from '../event-data';
import { events } from '../events';
import { rebuildCollections } from '../rebuild/rebuild-collections';
import { DUNNING } from './letter-table';
import { LetterLog } from './letter-log';
import { ClaimLetterSendingHandler } from './letters.commands.handlers';
import { ClaimLetterSendingCommand, ListDunningLettersQuery } from './letters.commands';
import { ListDunningLettersHandler } from './letters.queries.handlers';

jest.setTimeout(120_000);

const TENANT = 1;

describe('a letter whose items are paid before it is out', () => {
  /** Noon in UTC is the day after in Auckland. */
  const clock = steppableClock(new Date('2026-03-01T12:30:00Z'));
  let server: TestDatabase;
  let store: EventStore;
  let log: LetterLog;
  const outstanding = new Map<string, bigint>();
  const queries = { execute: () => Promise.resolve(outstanding) } as unknown as QueryBus;
  const context = (): EventContext => ({ tenantId: TENANT, principalId: randomUUID(), correlationId: randomUUID() });

  beforeAll(async () => {
    server = await createTestDatabase({ schemas: ['pf', 'cl'] });
    await registerEventTypes(server.ownerUrl, events);
    store = new EventStore(
      new Database({ connectionString: server.workerUrl, role: 'arrears_worker', applicationName: 'letters-test' }),
      events,
    );
    log = new LetterLog(store, clock);
  });
  afterAll(async () => {
    await store.database.close();
    await server.drop();
  });

  const issue = async (debtorId: string, channel: 'email' | 'letter'): Promise<string> => {
    const letterId = randomUUID();
    const event = newEvent('DunningLetterIssued', '2026-03-01', {
      ...{ letterId, debtorId, level: 1, runId: randomUUID(), policyId: randomUUID(), policyVersion: 1, channel },
      ...{ mailChannelId: channel === 'email' ? randomUUID() : null, currency: 'CNY', total: '300', fee: null },
      items: ['1', '2'].map((n) => ({
        ...{ receivableId: `${debtorId}${n}`, documentNo: n, dueOn: '2026-02-01', daysPastDue: 28, outstanding: '150' },
      })),
    });
    const { lastPosition } = await store.appendSingle(context(), { category: DUNNING, key: debtorId, expectedVersion: 0, events: [event] });
    await store.settle(lastPosition);
    await rebuildCollections(store, TENANT);
    return letterId;
  };
  const claim = async (letterId: string): Promise<boolean> => {
    const isClaimed = await new ClaimLetterSendingHandler(log, queries).execute(new ClaimLetterSendingCommand(TENANT, letterId));
    await rebuildCollections(store, TENANT);
    return isClaimed;
  };
  const shown = async (debtorId: string) => {
    const [letter] = await new ListDunningLettersHandler(store, queries).execute(
      new ListDunningLettersQuery(TENANT, { debtorId, limit: 5 }),
    );
    return [letter?.state, letter?.failure, letter?.nothingOwed];
  };

  it('is not mailed but withdraws itself, as nothing-owed', async () => {
    const letterId = await issue('A', 'email');
    outstanding.set('A1', 0n).set('A2', 0n);
    expect(await shown('A')).toEqual(['issued', null, true]);
    expect(await claim(letterId)).toBe(false);
    expect(await shown('A')).toEqual(['withdrawn', 'nothing-owed', false]);
    expect(await claim(letterId)).toBe(false);
  });

  it('is mailed while any of them is open', async () => {
    const letterId = await issue('B', 'email');
    outstanding.set('B1', 0n).set('B2', 1n);
    expect(await claim(letterId)).toBe(true);
    expect(await shown('B')).toEqual(['sending', null, false]);
  });

  it('stays where it is on paper, where nobody knows whether it is in the post, and is shown as such', async () => {
    const letterId = await issue('C', 'letter');
    outstanding.set('C1', 0n).set('C2', -5n);
    expect(await claim(letterId)).toBe(false);
    expect(await shown('C')).toEqual(['issued', null, true]);
  });

  it('is told of on the day of the tenant, not of the installation', async () => {
    await store.database.transaction(TENANT, (tx) =>
      tx.execute(`INSERT INTO pf.tenant_zone (tenant_id, time_zone) VALUES ($1, 'Pacific/Auckland')`, [TENANT]),
    );
    const letterId = await issue('D', 'email');
    outstanding.set('D1', 0n).set('D2', 0n);
    await claim(letterId);
    const stream = await store.database.read(TENANT, (tx) => store.readStream(tx, DUNNING, 'D'));
    expect(stream.at(-1)).toMatchObject({ type: 'DunningLetterWithdrawn', effectiveOn: '2026-03-02' });
  });
});
