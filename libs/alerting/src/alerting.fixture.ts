import { randomUUID } from 'node:crypto';
import { CommandBus, CqrsModule, QueryBus, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { Test, type TestingModule } from '@nestjs/testing';
import { Client } from 'pg';
import type { CoverageShift } from '@app/credit-domain';
import { registerEventTypes, type EventContext, type JsonObject, type StoredEvent, type Tx } from '@app/event-store';
import {
  Logger,
  migrateQueue,
  openResources,
  PlatformModule,
  readConfiguration,
  RunningWorker,
  WorkerRegistry,
  type Clock,
  type PlatformResources,
  type RequestContext,
} from '@app/platform';
import { events as collectionsEvents } from '@app/collections';
import { events as provisioningEvents } from '@app/provisioning';
import { events as receivablesEvents, ListLargestDebtorsQuery } from '@app/receivables';
import { createTestDatabase, type TestDatabase } from '@app/testing';
import { AlertingLog } from './alerting-log';
import { AlertingModule } from './alerting.module';
import { AlertingWorkerModule } from './alerting-worker.module';
import { DefineAlertRule, type RuleContent } from './define-alert-rule/define-alert-rule.command';
import type { AppendPlan } from './append-plan';
import { DeliverJob } from './deliver/deliver.job';
import { RuleDecisions } from './evaluate-rules/rule-decisions';
import { NotifyDueJob } from './notify/notify-due.job';
import { EvaluateRules } from './evaluate-rules/evaluate-rules';
import { events } from './events';
import { RegisterChannel } from './register-channel/register-channel.command';

export const TENANT = 1;
const SILENT = new Logger('silent');

/** Coverage moved by five points since the close before. */
export const coverageRule: CoverageShift = {
  type: 'coverage-shift',
  assessed: 'all',
  kinds: null,
  segment: null,
  base: 'previous-close',
  enter: '0.05',
  exit: '0.03',
};

/** There is no book behind the closes: no debtor stands behind a figure. */
@QueryHandler(ListLargestDebtorsQuery)
class NoDebtorsHandler implements IQueryHandler<ListLargestDebtorsQuery> {
  execute(): Promise<null> {
    return Promise.resolve(null);
  }
}

/** Alerting on a database of its own, without the features that feed it: closes are written as provisioning writes them. */
export class TestAlerting {
  #worker: RunningWorker | null = null;

  private constructor(
    readonly database: TestDatabase,
    readonly resources: PlatformResources,
    private readonly module: TestingModule,
  ) {}

  static async open(redisUrl?: string, clock?: Clock, logger: Logger = SILENT): Promise<TestAlerting> {
    const database = await createTestDatabase({ schemas: ['pf', 'al'] });
    await migrateQueue(database.ownerUrl);
    const catalogue = [...events, ...provisioningEvents, ...receivablesEvents, ...collectionsEvents];
    await registerEventTypes(database.ownerUrl, catalogue);
    const resources = await openResources('worker', {
      configuration: readConfiguration({
        ARREARS_ALLOW_PRIVATE_WEBHOOKS: 'loopback',
        ARREARS_PUBLIC_URL: 'https://arrears.example/',
        ...(redisUrl !== undefined && { REDIS_URL: redisUrl }),
      }),
      databaseUrl: database.workerUrl,
      masterKey: Buffer.alloc(32, 7),
      catalogue,
      logger,
      ...(clock !== undefined && { clock }),
    });
    const module = await Test.createTestingModule({
      imports: [CqrsModule.forRoot(), PlatformModule.with(resources), AlertingModule, AlertingWorkerModule],
      providers: [NoDebtorsHandler],
    })
      .setLogger(logger)
      .compile();
    await module.init();
    return new TestAlerting(database, resources, module);
  }

  get log(): AlertingLog {
    return this.module.get(AlertingLog);
  }

  get deliverJob(): DeliverJob {
    return this.module.get(DeliverJob);
  }

  /** Looks for what is due by the clock, as the minute's schedule does. */
  async notifyDue(): Promise<void> {
    await this.module.get(NotifyDueJob).run({ tenantId: TENANT });
  }

  /** Writes in one decision, as rules do. */
  decide<Result>(work: (tx: Tx, plan: AppendPlan, decisions: RuleDecisions, context: EventContext) => Promise<Result>): Promise<Result> {
    const context = this.eventContext();
    return this.log.decide(context, (tx, plan) => work(tx, plan, this.module.get(RuleDecisions), context));
  }

  get commands(): CommandBus {
    return this.module.get(CommandBus);
  }

  get queries(): QueryBus {
    return this.module.get(QueryBus);
  }

  context(): RequestContext {
    return { tenantId: TENANT, principalId: randomUUID(), roles: ['manager'], correlationId: randomUUID(), newId: randomUUID };
  }

  eventContext(): EventContext {
    return { tenantId: TENANT, principalId: randomUUID(), correlationId: randomUUID() };
  }

  async defineRule(channels: readonly string[], content: Partial<RuleContent> = {}): Promise<string> {
    const rule = { name: 'Coverage', severity: 'critical' as const, channels, definition: coverageRule, ...content };
    return (await this.commands.execute(new DefineAlertRule(this.context(), rule))).id;
  }

  async slackChannel(webhookUrl: string): Promise<string> {
    return (await this.commands.execute(new RegisterChannel(this.context(), 'credit control', { type: 'slack', webhookUrl }))).id;
  }

  async emailChannel(host: string, port: number): Promise<string> {
    const smtp = { host, port, secure: false, user: null, password: null };
    const target = { type: 'email' as const, to: ['finance@example.com'], from: 'arrears@example.com', smtp, dkim: null };
    return (await this.commands.execute(new RegisterChannel(this.context(), 'finance', target))).id;
  }

  /** The figures of a close of 1,000.00 gross, all in one bucket. */
  async close(asOf: string, coveragePercent: number): Promise<void> {
    const { store } = this.log;
    const lastPosition = await this.resources.database.transaction(TENANT, async (tx) => {
      const version = (await store.readStream(tx, 'close', asOf)).length;
      const append = { category: 'close', key: asOf, expectedVersion: version, events: closeEvents(asOf, coveragePercent) };
      const appended = await store.append(tx, this.eventContext(), [append]);
      return appended[0]?.lastPosition ?? 0n;
    });
    await store.settle(lastPosition);
  }

  async evaluate(): Promise<void> {
    await this.module.get(EvaluateRules).evaluate(this.eventContext());
  }

  /** Types of this feature's events in the order they were recorded. */
  async recorded(...categories: readonly string[]): Promise<StoredEvent[]> {
    return this.resources.database.read(TENANT, async (tx) => {
      const found: StoredEvent[] = [];
      for (const category of categories) found.push(...(await this.log.store.readCategory(tx, category)));
      return found.sort((left, right) => (left.position < right.position ? -1 : 1));
    });
  }

  async owner(sql: string, params: readonly unknown[] = []): Promise<Record<string, unknown>[]> {
    const client = new Client({ connectionString: this.database.ownerUrl });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(sql, [...params])).rows;
    } finally {
      await client.end();
    }
  }

  async startWorker(): Promise<void> {
    const { eventStore, queueBackend, logger, owner, intents, clock, configuration } = this.resources;
    const options = { owner, alone: true, intents, clock, timeZone: configuration.timeZone };
    this.#worker = await RunningWorker.start(this.module.get(WorkerRegistry), eventStore, queueBackend, logger, options);
  }

  async stopWorker(): Promise<void> {
    await this.#worker?.stop();
    this.#worker = null;
  }

  async stop(): Promise<void> {
    await this.stopWorker();
    await this.module.close();
    await this.resources.close();
    await this.database.drop();
  }
}

function closeEvents(asOf: string, coveragePercent: number): { type: string; effectiveOn: string; data: JsonObject }[] {
  const gross = '100000';
  const allowance = String(coveragePercent * 1000);
  const both = { gross, allowance };
  const none = { gross: '0', allowance: '0' };
  const figures = { ...both, collective: both, individual: none };
  const scheme = 'months-6-12-24-36-48';
  const shared = { closeId: asOf, asOf, position: 1, currency: 'CNY' };
  const snapshot = {
    ...shared,
    total: gross,
    byAge: [
      {
        scheme,
        basis: 'recognition',
        buckets: [
          { label: 'Up to 6 months', upTo: { unit: 'months', count: 6 }, amount: gross },
          { label: 'Older', upTo: null, amount: '0' },
        ],
        total: gross,
        groups: [{ kind: 'trade', segment: '', collective: [gross, '0'], individual: ['0', '0'] }],
      },
    ],
  };
  const provision = {
    ...shared,
    resultHash: `hash of ${allowance}`,
    lossRateSets: [],
    total: figures,
    kinds: [{ kind: 'trade', ...figures }],
    buckets: [
      { kind: 'trade', scheme, segment: '', bucket: 'Up to 6 months', rate: `0.${String(coveragePercent).padStart(2, '0')}`, ...both },
    ],
    warnings: [],
  };
  return [
    { type: 'AgeingSnapshotTaken', effectiveOn: asOf, data: snapshot },
    { type: 'ProvisionRecomputed', effectiveOn: asOf, data: provision },
    { type: 'CloseCompleted', effectiveOn: asOf, data: { closeId: asOf, asOf, position: 1, provision: 'computed', problem: null } },
  ];
}
