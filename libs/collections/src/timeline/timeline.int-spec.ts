import { randomBytes, randomUUID } from 'node:crypto';
import type { QueryBus } from '@nestjs/cqrs';
import { Database, EventStore, registerEventTypes, type EventContext, type EventDefinition, type JsonObject } from '@app/event-store';
import { PersonalDataVault, SecretBox } from '@app/platform';
import { events as receivablesEvents, rebuildBook } from '@app/receivables';
import { createTestDatabase, type TestDatabase } from '@app/testing';
import { Notes } from '../case/notes';
import { events } from '../events';
import { rebuildCases } from '../rebuild/rebuild-cases';
import { ReadTimelineHandler } from './read-timeline.handler';
import { TIMELINE_PROCESSOR, TimelineProcessor } from './timeline.processor';
import { ReadTimelineQuery, type TimelineRequest } from './timeline.query';

jest.setTimeout(120_000);

const TENANT = 1;
/** As alerting and provisioning define them: the timeline knows them by name alone. */
const FOREIGN: EventDefinition[] = [
  { code: 203, type: 'IndividualAssessmentApproved', schemaVersion: 1 },
  { code: 236, type: 'IndividualAssessmentWithdrawn', schemaVersion: 1 },
  { code: 420, type: 'AlertFired', schemaVersion: 1 },
  { code: 421, type: 'AlertResolved', schemaVersion: 1 },
];
const RECEIVABLES = 5_000;

describe('the timeline of a debtor', () => {
  let server: TestDatabase;
  let store: EventStore;
  let handler: ReadTimelineHandler;
  let timeline: TimelineProcessor;
  const context: EventContext = { tenantId: TENANT, principalId: randomUUID(), correlationId: randomUUID() };

  const append = async (
    category: string,
    key: string,
    expectedVersion: number,
    type: string,
    on: string,
    data: JsonObject,
  ): Promise<void> => {
    const { lastPosition } = await store.appendSingle(context, {
      category,
      key,
      expectedVersion,
      events: [{ type, effectiveOn: on, data }],
    });
    await store.settle(lastPosition);
  };
  /** As the worker does: everything settled, once. */
  const project = async (): Promise<void> => {
    await store.database.transaction(TENANT, async (tx) => {
      const { position: upTo } = await store.latestSettled(tx);
      const [at] = await tx.query<{ position: bigint }>('SELECT position FROM es.checkpoint WHERE tenant_id = $1 AND name = $2', [
        TENANT,
        TIMELINE_PROCESSOR,
      ]);
      await timeline.apply(tx, { tenantId: TENANT, after: at?.position ?? 0n, upTo, events: () => Promise.resolve([]) });
      await tx.execute(
        'INSERT INTO es.checkpoint (tenant_id, name, position) VALUES ($1, $2, $3) ON CONFLICT (name, tenant_id) DO UPDATE SET position = EXCLUDED.position',
        [TENANT, TIMELINE_PROCESSOR, upTo],
      );
    });
  };
  const read = (debtorId: string, request: Partial<TimelineRequest> = {}) =>
    handler.execute(new ReadTimelineQuery(TENANT, debtorId, { asOf: '2030-01-01', order: 'asc', limit: 100, ...request }));

  beforeAll(async () => {
    server = await createTestDatabase({ schemas: ['pf', 'rc', 'cl'] });
    const catalogue = [...receivablesEvents, ...events, ...FOREIGN];
    await registerEventTypes(server.ownerUrl, catalogue);
    const database = new Database({ connectionString: server.workerUrl, role: 'arrears_worker', applicationName: 'timeline-test' });
    store = new EventStore(database, catalogue);
    timeline = new TimelineProcessor(store);
    const streams = {
      execute: async ({ debtorId }: { debtorId: string }) => {
        const rows = await database.read(TENANT, (tx) =>
          tx.query<{ no: bigint }>(
            `SELECT d.debtor_no AS no FROM rc.debtor d WHERE d.tenant_id = $1 AND d.debtor_id = $2
             UNION ALL SELECT r.receivable_no FROM rc.receivable r JOIN rc.debtor d USING (tenant_id, debtor_no) WHERE d.tenant_id = $1 AND d.debtor_id = $2`,
            [TENANT, debtorId],
          ),
        );
        return { streamIds: rows.map((row) => row.no) };
      },
    } as unknown as QueryBus;
    handler = new ReadTimelineHandler(store, new Notes(new PersonalDataVault(new SecretBox(randomBytes(32)))), streams);
    await fillBook();
  });
  afterAll(async () => {
    await store.database.close();
    await server.drop();
  });

  async function fillBook(): Promise<void> {
    const row = { entityId: 'main', currency: 'CNY', attributes: {}, contentHash: '' };
    await append('debtor', 'D', 0, 'DebtorRegistered', '2024-01-01', {
      ...{ debtorId: 'D', segment: '', relatedParty: false, country: null, termsDays: null, creditLimit: null, creditLimitCurrency: null },
      ...{ dated: true, personal: {} },
    });
    const rows = Array.from({ length: RECEIVABLES }, (_, index) => {
      const on = `2025-${String((index % 12) + 1).padStart(2, '0')}-15`;
      const receivableId = `R${String(index)}`;
      const common = { category: 'receivable', key: receivableId, effectiveOn: on, sourceRow: index + 1 };
      return [
        {
          ...common,
          expectedVersion: 0,
          type: 'ReceivableRecognised',
          data: {
            ...row,
            receivableId,
            debtorId: 'D',
            kind: 'trade',
            class: null,
            amount: '100',
            recognisedOn: on,
            invoicedOn: on,
            dueOn: on,
            documentNo: receivableId,
          },
        },
        {
          ...common,
          expectedVersion: 1,
          type: 'ReceivableMovementRecorded',
          data: {
            ...{ ...row, movementId: `M${String(index)}`, debtorId: 'D', receivableId, type: 'payment', amount: '50' },
            ...{ credit: '0', gross: '-50', recovered: '0', reference: '', reason: '' },
          },
        },
      ];
    }).flat();
    await store.database.transaction(TENANT, (tx) => store.bulkAppend(tx, context, { id: randomUUID() }, rows));
    const { position } = await store.database.read(TENANT, (tx) => store.latestSettled(tx));
    await store.settle(position + BigInt(rows.length));
    await store.database.transaction(TENANT, async (tx) => rebuildBook(tx, TENANT, 0n, (await store.latestSettled(tx)).position));
  }

  it('holds what only follows an event that named the debtor: how its alert and its assessment ended', async () => {
    await append('alert', 'a1', 0, 'AlertFired', '2026-01-10', {
      ruleName: 'Broken promises',
      labels: { debtor: 'D', promise: 'p' },
      cause: 'moved',
    });
    await append('alert', 'a2', 0, 'AlertFired', '2026-01-10', { ruleName: 'Broken promises', labels: { debtor: 'E' }, cause: 'other' });
    await append('individual-assessment', 'i', 0, 'IndividualAssessmentApproved', '2026-01-11', { debtorId: 'D', lossRate: '0.5' });
    await project();
    await append('alert', 'a1', 1, 'AlertResolved', '2026-01-12', { reason: 'recovered' });
    await append('alert', 'a2', 1, 'AlertResolved', '2026-01-12', { reason: 'recovered' });
    await append('individual-assessment', 'i', 1, 'IndividualAssessmentWithdrawn', '2026-01-13', { reason: 'x' });
    await append('debtor-group', 'G', 0, 'DebtorGroupStated', '2026-01-14', { groupId: 'G', name: 'G', members: ['D', 'F'], limit: null });
    await project();
    const { items } = await read('D', { order: 'desc', limit: 6 });
    expect(items.map(({ summary }) => summary)).toEqual([
      'Debtor group stated',
      'Individual assessment withdrawn',
      'Alert resolved: recovered',
      'Individual assessment approved: loss rate 0.5',
      'Alert fired by Broken promises: moved',
      'Payment of 0.50 CNY on R4991 (M4991)',
    ]);
  });

  it('comes out of the log the same after a rebuild', async () => {
    const entries = () =>
      store.database.read(TENANT, (tx) =>
        tx.query<object>('SELECT debtor_id, position, type FROM cl.timeline_entry WHERE tenant_id = $1 ORDER BY 1, 2', [TENANT]),
      );
    const before = await entries();
    expect(before.length).toBeGreaterThan(5);
    await rebuildCases(store, TENANT);
    expect(await entries()).toEqual(before);
  });

  it('pages through ten thousand facts without losing or repeating one, each page fast', async () => {
    const seen: bigint[] = [];
    const times: number[] = [];
    let after: TimelineRequest['after'];
    for (;;) {
      const started = performance.now();
      const { items } = await read('D', { after });
      times.push(performance.now() - started);
      seen.push(...items.map(({ position }) => position));
      const last = items.at(-1);
      if (last === undefined) break;
      after = { effectiveOn: last.effectiveOn, position: last.position };
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBe(1 + 2 * RECEIVABLES + 5);
    const sorted = times.sort((a, b) => a - b);
    process.stdout.write(
      `timeline of ${String(seen.length)} facts: page of 100 p50 ${(sorted[50] ?? 0).toFixed(1)} ms, max ${(sorted.at(-1) ?? 0).toFixed(1)} ms\n`,
    );
    expect(sorted[50]).toBeLessThan(1_000);
  });
});
