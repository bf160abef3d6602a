import type { Evaluation, Explanation, NotificationPolicy } from '@app/credit-domain';
import { isMeasured, TOLD_AT_ONCE } from '@app/credit-domain';
import type { Database, EventContext, EventStore, JsonObject, StoredEvent, StreamAppend, Tx } from '@app/event-store';
import type { Clock, Configuration, Intents, RequestContext } from '@app/platform';
import { AcknowledgeAlert, type Acknowledgement } from '../acknowledge-alert/acknowledge-alert.command';
import { AcknowledgeAlertHandler } from '../acknowledge-alert/acknowledge-alert.handler';
import { AlertingLog } from '../alerting-log';
import { clearEpisodes } from '../episodes/rebuild-episodes';
import { Episodes } from '../episodes/episodes';
import { RuleDecisions, type DecidingRule } from '../evaluate-rules/rule-decisions';
import type { Explainer } from '../explain/explainer';
import { SetNotificationPolicyHandler } from '../notification-policy/notification-policy.handlers';
import { SetNotificationPolicy } from '../notification-policy/notification-policy.messages';
import { CreateSilence, EndSilence, type SilenceRequest } from '../silences/silences.commands';
import { CreateSilenceHandler, EndSilenceHandler } from '../silences/silences.handlers';
import { NotificationSettings } from './notification-settings';
import { Notifier } from './notifier';
import { NotifyDueJob } from './notify-due.job';

const TENANT = 1;
const PRINCIPAL = '00000000-0000-4000-8000-000000000001';
const CONTEXT: EventContext = { tenantId: TENANT, principalId: PRINCIPAL, correlationId: PRINCIPAL };
const UNEXPLAINED: Explanation = { bridges: [], debtors: [], view: null };

interface EpisodeRow {
  readonly alert_id: string;
  readonly rule_id: string;
  readonly is_latest: boolean;
  readonly is_open: boolean;
  readonly can_inhibit: boolean;
  readonly group_id: string | null;
  readonly data: JsonObject;
}
interface GroupRow {
  readonly group_id: string;
  readonly is_waiting: boolean;
  readonly due_at: string | null;
  readonly data: JsonObject;
}

/** The tables of alerts and groups as their statements see them: enough of PostgreSQL for hundreds of histories a second. */
class MemoryTables {
  readonly #episodes = new Map<string, EpisodeRow>();
  readonly #groups = new Map<string, GroupRow>();
  #isBuilt = false;

  query(sql: string, [, value]: readonly unknown[]): object[] {
    if (sql.includes('SELECT EXISTS')) return [{ found: !this.#isBuilt || this.#groupsBy('due_at <=', value).length > 0 }];
    if (sql.includes('al.episodes_built')) return this.#isBuilt ? [{}] : [];
    if (sql.includes('FROM al.episode ')) return structuredClone(this.#episodesBy(sql, value));
    if (sql.includes('FROM al.alert_group ')) return structuredClone(this.#groupsBy(sql, value));
    return [];
  }

  execute(sql: string, [, rows]: readonly unknown[]): void {
    if (sql.includes('INTO al.episodes_built')) this.#isBuilt = true;
    else if (sql.startsWith('DELETE FROM al.episodes_built')) this.#isBuilt = false;
    else if (sql.startsWith('DELETE FROM al.episode ')) this.#episodes.clear();
    else if (sql.startsWith('DELETE FROM al.alert_group')) this.#groups.clear();
    else if (sql.includes('INTO al.episode ')) for (const row of parsed<EpisodeRow>(rows)) this.#episodes.set(row.alert_id, row);
    else if (sql.includes('INTO al.alert_group ')) for (const row of parsed<GroupRow>(rows)) this.#groups.set(row.group_id, row);
  }

  #episodesBy(sql: string, value: unknown): EpisodeRow[] {
    const named = new Set(Array.isArray(value) ? value : [value]);
    return [...this.#episodes.values()].filter((row) => {
      if (sql.includes('rule_id = $2')) return row.is_latest && named.has(row.rule_id);
      if (sql.includes('alert_id = ANY')) return named.has(row.alert_id);
      if (sql.includes('group_id = ANY')) return named.has(row.group_id);
      return row.is_open && (row.can_inhibit || !sql.includes('can_inhibit'));
    });
  }

  #groupsBy(sql: string, value: unknown): GroupRow[] {
    const named = new Set(Array.isArray(value) ? value : []);
    return [...this.#groups.values()]
      .filter((row) => {
        if (sql.includes('due_at <=')) return row.due_at !== null && value instanceof Date && Date.parse(row.due_at) <= value.getTime();
        return sql.includes('group_id = ANY') ? named.has(row.group_id) : row.is_waiting;
      })
      .sort((left, right) => (left.group_id < right.group_id ? -1 : 1));
  }
}

function parsed<Row>(rows: unknown): Row[] {
  return JSON.parse(String(rows)) as Row[];
}

/** Rules, the pipeline and its commands as they run in the worker, over a log and tables in memory. The clock stands until it is moved. */
export class AlertingInMemory {
  readonly events: StoredEvent[] = [];
  now: number;
  /** Events by category, and by stream. */
  readonly #index = new Map<string, StoredEvent[]>();
  readonly #log: AlertingLog;
  readonly #tables = new MemoryTables();
  readonly #episodes: Episodes;
  readonly #decisions: RuleDecisions;
  readonly #settings: NotificationSettings;
  readonly #clock: Clock;
  readonly #tx: Tx;
  #ids = 0;

  constructor(start: string, timeZone: string) {
    this.now = Date.parse(start);
    this.#clock = { now: () => new Date(this.now), today: () => new Date(this.now).toISOString().slice(0, 10) };
    this.#tx = {
      tenantId: TENANT,
      query: (sql: string, params: readonly unknown[] = []) => Promise.resolve(this.#tables.query(sql, params)),
      execute: (sql: string, params: readonly unknown[] = []) => {
        this.#tables.execute(sql, params);
        return Promise.resolve(0);
      },
    } as unknown as Tx;
    const inside = <Result>(_tenant: number, work: (tx: Tx) => Promise<Result>): Promise<Result> => work(this.#tx);
    const database = {
      read: inside,
      transaction: async <Result>(tenant: number, work: (tx: Tx) => Promise<Result>) => inside(tenant, work),
    } as unknown as Database;
    const store = this.#store();
    const intents = { request: () => Promise.resolve() } as unknown as Intents;
    this.#log = new AlertingLog(database, store, this.#clock, intents);
    this.#settings = new NotificationSettings(store, { timeZone } as Configuration);
    const explainer = { explain: () => Promise.resolve(UNEXPLAINED) } as unknown as Explainer;
    this.#episodes = new Episodes(this.#log, new Notifier(this.#log, this.#settings, explainer, this.#clock));
    this.#decisions = new RuleDecisions(this.#episodes, this.#clock);
  }

  /** Several rules on one close. */
  decideAll(decided: readonly { readonly rule: DecidingRule; readonly evaluations: readonly Evaluation[] }[], asOf: string): Promise<void> {
    return this.#log.decide(CONTEXT, async (tx, plan) => {
      for (const { rule, evaluations } of decided) {
        await this.#decisions.decide(tx, plan, CONTEXT, rule, evaluations, { asOf, isMeasurable: evaluations.every(isMeasured) });
      }
    });
  }

  closeAll(ruleId: string): Promise<void> {
    return this.#log.decide(CONTEXT, (tx, plan) => this.#decisions.closeAll(tx, plan, CONTEXT, ruleId, 'rule-changed'));
  }

  acknowledge(alertId: string, by: Omit<Acknowledgement, 'note'>): Promise<void> {
    const handler = new AcknowledgeAlertHandler(this.#log, this.#episodes, this.#clock);
    return handler.execute(new AcknowledgeAlert(this.#context(), alertId, null, by));
  }

  silence(request: SilenceRequest): Promise<{ id: string }> {
    return new CreateSilenceHandler(this.#log, this.#episodes, this.#clock).execute(new CreateSilence(this.#context(), request));
  }

  endSilence(id: string): Promise<void> {
    return new EndSilenceHandler(this.#log, this.#episodes, this.#clock).execute(new EndSilence(this.#context(), id));
  }

  async setPolicy(policy: Partial<NotificationPolicy>): Promise<void> {
    const channels = (policy.escalation?.channels ?? []).map((id) => ({ id, status: 'active' }));
    // They are looked up among those that were registered.
    Object.defineProperty(this.#log, 'channels', { value: () => Promise.resolve(channels), configurable: true });
    const handler = new SetNotificationPolicyHandler(this.#log, this.#settings, this.#episodes);
    await handler.execute(new SetNotificationPolicy(this.#context(), { ...TOLD_AT_ONCE, ...policy }, undefined));
  }

  async tick(): Promise<void> {
    await new NotifyDueJob(this.#log, this.#episodes, this.#clock).run({ tenantId: TENANT });
  }

  /** As after an upgrade or an import of the log: the next decision fills the tables from it. */
  async forgetTables(): Promise<void> {
    await clearEpisodes(this.#tx, TENANT);
  }

  #context(): RequestContext {
    this.#ids += 1;
    const id = `id ${String(this.#ids)}`;
    return { tenantId: TENANT, principalId: PRINCIPAL, roles: ['manager'], correlationId: PRINCIPAL, newId: () => id };
  }

  #store(): EventStore {
    const of = (name: string): Promise<StoredEvent[]> => Promise.resolve([...(this.#index.get(name) ?? [])]);
    return {
      readCategory: (_tx: Tx, category: string) => of(category),
      readStream: (_tx: Tx, category: string, key: string) => of(`${category}/${key}`),
      append: (_tx: Tx, _context: EventContext, appends: readonly StreamAppend[]) =>
        Promise.resolve(appends.map((append) => this.#append(append))),
      settle: () => Promise.resolve(),
    } as unknown as EventStore;
  }

  #append({ category, key, expectedVersion, events }: StreamAppend): object {
    const version = this.#index.get(`${category}/${key}`)?.length ?? 0;
    if (version !== expectedVersion) throw new Error(`Stream ${category}/${key} is at ${String(version)}, not ${String(expectedVersion)}.`);
    const firstPosition = BigInt(this.events.length + 1);
    for (const [index, { type, effectiveOn, data }] of events.entries()) {
      const recorded = {
        tenantId: TENANT,
        position: BigInt(this.events.length + 1),
        category,
        key,
        version: version + index + 1,
        type,
        effectiveOn,
        recordedAt: new Date(this.now),
        principalId: PRINCIPAL,
        data: structuredClone(data),
      };
      const event = recorded as unknown as StoredEvent;
      this.events.push(event);
      for (const name of [category, `${category}/${key}`]) this.#index.set(name, [...(this.#index.get(name) ?? []), event]);
    }
    return { firstPosition, lastPosition: BigInt(this.events.length) };
  }
}
