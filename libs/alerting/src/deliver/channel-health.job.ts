import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { EventContext, Tx } from '@app/event-store';
import { CLOCK, Intents, type Clock, type Job, type JobHandler, type JobOutcome } from '@app/platform';
import { AlertingLog, CHANNEL_HEALTH, DELIVER } from '../alerting-log';
import type { AppendPlan } from '../append-plan';
import type { Channel } from '../channel';
import { newEvent } from '../event-data';
import { CHANNEL } from '../events';
import { MACHINE_PRINCIPAL } from '../ids';
import { SystemAlerts, type SystemAlert } from '../notify/system-alerts';
import {
  CHANNEL_FAILING,
  type ChannelHealth,
  failsTooLong,
  isGone,
  noteCalled,
  noteTold,
  openFailures,
  readHealth,
} from './channel-health';
import { deliveryIdsOf } from './delivery-table';

/** The minute tick that finds channels which have failed for too long while nobody tried them; its key is no channel's id. */
export const CHANNEL_HEALTH_SCHEDULE = 'channel-health';
/** Waiting messages that are tried once more, and then fall back, in one run. */
const CALLED_MAX = 500;

/**
 * Writes down that a channel fails, and that it works again, and has that told through the other channels: never through itself, and one alert a
 * channel however many messages it refuses. Messages that wait for it are tried once more and then told by their other channel.
 */
@Injectable()
export class ChannelHealthJob implements JobHandler {
  readonly kind = CHANNEL_HEALTH;
  readonly queue = 'evaluate' as const;
  readonly attemptsMax = 20;
  readonly leaseSeconds = 60;

  constructor(
    private readonly log: AlertingLog,
    private readonly alerts: SystemAlerts,
    private readonly intents: Intents,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async run({ tenantId, key }: Job): Promise<JobOutcome> {
    const channelIds = key === CHANNEL_HEALTH_SCHEDULE ? await this.log.database.read(tenantId, (tx) => openFailures(tx, tenantId)) : [key];
    for (const channelId of channelIds) await this.#look(tenantId, channelId);
    return { outcome: 'done' };
  }

  async #look(tenantId: number, channelId: string): Promise<void> {
    const context: EventContext = { tenantId, principalId: MACHINE_PRINCIPAL, correlationId: randomUUID() };
    await this.log.decide(context, async (tx, plan) => {
      const channel = await this.log.channel(tx, channelId);
      if (channel === null) return;
      const health = await readHealth(tx, tenantId, channelId);
      if (health === null || channel.status === 'removed') await this.#recover(tx, plan, context, channel);
      else await this.#fail(tx, plan, context, channel, health);
    });
  }

  async #fail(tx: Tx, plan: AppendPlan, context: EventContext, channel: Channel, health: ChannelHealth): Promise<void> {
    const { tenantId } = context;
    const isTooLong = failsTooLong(health, this.clock.now(), channel.fallback.afterMinutes);
    const gone = isGone(health.reason) && channel.status === 'active';
    const version = channel.streamVersion;
    // Before anything else of the channel: what waits is called, and finds it disabled.
    if (gone)
      plan.add(CHANNEL, channel.id, version, newEvent('ChannelDisabled', this.log.today(), { channelId: channel.id, reason: 'gone' }));
    if ((isTooLong && !health.called) || gone) await this.#callWaiting(tx, tenantId, channel.id);
    if (channel.failing !== null || !(isTooLong || health.deadLetter || gone)) return;
    const channels = await this.#others(tx, channel);
    const { failingSince, reason } = health;
    const data = {
      channelId: channel.id,
      since: failingSince.toISOString(),
      cause: isTooLong ? ('too-long' as const) : ('dead-letter' as const),
      reason,
      channels,
    };
    plan.add(CHANNEL, channel.id, version, newEvent('ChannelFailing', this.log.today(), data));
    await noteTold(tx, tenantId, channel.id);
    await this.alerts.raise(tx, plan, context, alertOf(channel, reason, channels), this.log.today());
  }

  async #recover(tx: Tx, plan: AppendPlan, context: EventContext, channel: Channel): Promise<void> {
    if (channel.failing === null) return;
    plan.add(CHANNEL, channel.id, channel.streamVersion, newEvent('ChannelRecovered', this.log.today(), { channelId: channel.id }));
    const { reason, channels } = channel.failing;
    await this.alerts.resolve(tx, plan, context, alertOf(channel, reason, channels), this.log.today());
  }

  /** Its fallback first; without one every other channel, since nobody has said who looks after channels. */
  async #others(tx: Tx, channel: Channel): Promise<string[]> {
    const working = (await this.log.channels(tx)).filter(
      ({ id, status, failing }) => id !== channel.id && status === 'active' && failing === null,
    );
    const fallback = working.find(({ id }) => id === channel.fallback.channelId);
    return fallback === undefined ? working.map(({ id }) => id) : [fallback.id];
  }

  async #callWaiting(tx: Tx, tenantId: number, channelId: string): Promise<void> {
    await noteCalled(tx, tenantId, channelId);
    const upTo = await this.log.settledPosition(tx);
    for (const deliveryId of await deliveryIdsOf(tx, tenantId, { state: 'pending', channelId, upTo }, CALLED_MAX)) {
      await this.intents.request(tx, tenantId, { kind: DELIVER, key: deliveryId, payload: { deliveryId } });
    }
  }
}

/** The reason is a code; neither the name of the channel nor what it said stands in the alert, since both may name a person. */
function alertOf({ id }: Channel, reason: string, channels: readonly string[]): SystemAlert {
  return {
    source: CHANNEL_FAILING,
    labels: { channelId: id },
    severity: 'critical',
    name: 'Channel failing',
    subject: `Channel ${id}`,
    cause: `Channel ${id} does not take messages (${reason})`,
    channels,
  };
}
