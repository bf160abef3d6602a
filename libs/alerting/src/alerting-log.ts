import { Inject, Injectable } from '@nestjs/common';
import type { Database, EventContext, EventStore, Position, StoredEvent, Tx } from '@app/event-store';
import { CLOCK, DATABASE, EVENT_STORE, Intents, type Clock } from '@app/platform';
import type { Alert } from './alert';
import { foldAlerts } from './alert';
import type { AlertRule } from './alert-rule';
import { foldRules } from './alert-rule';
import { AppendPlan } from './append-plan';
import type { Channel } from './channel';
import { foldChannels } from './channel';
import { deliveryEventsOf, saveDeliveryEvents } from './deliver/delivery-table';
import type { Delivery } from './delivery';
import { foldDeliveries } from './delivery';
import { ALERT, ALERT_GROUP, ALERT_RULE, CHANNEL, DELIVERY, SILENCE } from './events';
import { lockDecisions } from './episodes/rebuild-episodes';
import { foldSilences, type RecordedSilence } from './silences/silence';

/** The job that hands one message to its channel. */
export const DELIVER = 'deliver';
/** The job that looks at a channel that fails, or works again. */
export const CHANNEL_HEALTH = 'channel-health';
/** The job that evaluates every rule of a book. */
export const EVALUATE = 'evaluate';

/** Reads and writes the streams of this feature: channels, rules, alerts and deliveries. */
@Injectable()
export class AlertingLog {
  constructor(
    @Inject(DATABASE) readonly database: Database,
    @Inject(EVENT_STORE) readonly store: EventStore,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly intents: Intents,
  ) {}

  /**
   * Reads, decides and writes in one transaction, one at a time for a tenant: two evaluations of the same book can then never both see an alert
   * unfired, nor can a rule change between being read and being decided. Answers once every later read sees what was written.
   */
  decide<Result>(context: EventContext, work: (tx: Tx, plan: AppendPlan) => Promise<Result>): Promise<Result> {
    return this.record(context, async (tx, plan) => {
      await lockDecisions(tx, context.tenantId);
      return work(tx, plan);
    });
  }

  /** The same for what depends on nothing that others write: beside each other, held apart by expected versions alone. */
  async record<Result>(context: EventContext, work: (tx: Tx, plan: AppendPlan) => Promise<Result>): Promise<Result> {
    const { result, lastPosition } = await this.database.transaction(context.tenantId, async (tx) => {
      const plan = new AppendPlan();
      const decided = await work(tx, plan);
      await plan.complete();
      return { result: decided, lastPosition: await this.#write(tx, context, plan) };
    });
    if (lastPosition !== null) await this.store.settle(lastPosition);
    return result;
  }

  today(): string {
    return this.clock.today();
  }

  async channels(tx: Tx, upTo?: Position): Promise<Channel[]> {
    return foldChannels(await this.store.readCategory(tx, CHANNEL, upTo));
  }

  async channel(tx: Tx, channelId: string, upTo?: Position): Promise<Channel | null> {
    return foldChannels(await this.store.readStream(tx, CHANNEL, channelId, upTo))[0] ?? null;
  }

  async rules(tx: Tx, upTo?: Position): Promise<AlertRule[]> {
    return foldRules(await this.store.readCategory(tx, ALERT_RULE, upTo));
  }

  async rule(tx: Tx, ruleId: string, upTo?: Position): Promise<AlertRule | null> {
    return foldRules(await this.store.readStream(tx, ALERT_RULE, ruleId, upTo))[0] ?? null;
  }

  /** Alerts that began before a position, newest first, as they stood at another: one batch of a list. */
  async newestAlerts(tx: Tx, page: { readonly upTo: Position; readonly before: Position; readonly limit: number }): Promise<Alert[]> {
    const begun = await this.store.readNewestStreams(tx, ALERT, page);
    const keys = begun.map(({ key }) => key);
    const alerts = new Map(foldAlerts(await this.store.readStreams(tx, ALERT, keys, page.upTo)).map((alert) => [alert.id, alert]));
    return keys.flatMap((key) => alerts.get(key) ?? []);
  }

  async alert(tx: Tx, alertId: string, upTo?: Position): Promise<Alert | null> {
    return foldAlerts(await this.store.readStream(tx, ALERT, alertId, upTo))[0] ?? null;
  }

  /** What was decided for a group, in order. */
  groupDecisions(tx: Tx, groupId: string, upTo?: Position): Promise<StoredEvent[]> {
    return this.store.readStream(tx, ALERT_GROUP, groupId, upTo);
  }

  async silences(tx: Tx, upTo?: Position): Promise<RecordedSilence[]> {
    return foldSilences(await this.store.readCategory(tx, SILENCE, upTo));
  }

  async delivery(tx: Tx, deliveryId: string, upTo?: Position): Promise<Delivery | null> {
    return foldDeliveries(await this.store.readStream(tx, DELIVERY, deliveryId, upTo))[0] ?? null;
  }

  /** Events of the closes of the book, which provisioning writes. */
  closes(tx: Tx): Promise<StoredEvent[]> {
    return this.store.readCategory(tx, 'close');
  }

  async settledPosition(tx: Tx): Promise<Position> {
    return (await this.store.latestSettled(tx)).position;
  }

  /** Events and the intents to deliver share the transaction: neither is ever without the other. */
  async #write(tx: Tx, context: EventContext, plan: AppendPlan): Promise<Position | null> {
    if (plan.appends.length === 0) return null;
    const appended = await this.store.append(tx, context, plan.appends);
    await saveDeliveryEvents(tx, context.tenantId, deliveryEventsOf(plan.appends, appended));
    for (const deliveryId of plan.deliveryIds) {
      await this.intents.request(tx, context.tenantId, { kind: DELIVER, key: deliveryId, payload: { deliveryId } });
    }
    return appended.reduce<Position>((last, { lastPosition }) => (lastPosition > last ? lastPosition : last), 0n);
  }
}
