import { Injectable } from '@nestjs/common';
import type { Tx } from '@app/event-store';
import type { Alert } from '../alert';
import { AlertingLog } from '../alerting-log';
import type { Channel } from '../channel';
import type { Delivery } from '../delivery';
import { fallbackDeliveryIdOf } from '../ids';
import { NotificationSettings } from '../notify/notification-settings';
import { CHANNEL_FAILING } from './channel-health';
import type { Fallback } from './delivery-attempts';

/** Finds who tells what a channel does not take. */
@Injectable()
export class Fallbacks {
  constructor(
    private readonly log: AlertingLog,
    private readonly settings: NotificationSettings,
  ) {}

  /**
   * The message as another channel would tell it, or null where none can: a test, a message that is told instead of another already (one hop, so
   * that channels which name each other make no circle), or one about the very channel that would tell it.
   */
  async of(tx: Tx, tenantId: number, delivery: Delivery, channel: Channel, opening: Delivery | null): Promise<Fallback | null> {
    const { request } = delivery;
    if (request.reason === 'test' || request.fallbackOf !== null) return null;
    const alert = request.alertId === null ? null : await this.log.alert(tx, request.alertId);
    const speaksOf = channelSpokenOf(alert);
    for (const channelId of await this.#candidates(tx, channel, alert?.fired.ruleId ?? null)) {
      if (channelId === channel.id || channelId === speaksOf) continue;
      const other = await this.log.channel(tx, channelId);
      if (other?.status === 'active') return this.#unlessTold(tx, fallbackTo(tenantId, delivery, channelId, opening));
    }
    return null;
  }

  /** Whether a message is about the channel it goes to: one about a failing channel is never told through that channel, whoever asked. */
  async isAboutItself(tx: Tx, { request }: Delivery): Promise<boolean> {
    if (request.alertId === null) return false;
    return channelSpokenOf(await this.log.alert(tx, request.alertId)) === request.channelId;
  }

  /** The copy for the channel that has told the beginning of this thread instead of this delivery's own, so that it hears the rest. */
  async forThread(tx: Tx, tenantId: number, delivery: Delivery, opening: Delivery | null): Promise<Fallback | null> {
    const toldById = opening?.outcome.state === 'failed' ? opening.outcome.data.fallbackDeliveryId : null;
    const toldBy = toldById === null ? null : await this.log.delivery(tx, toldById);
    return toldBy === null ? null : this.#unlessTold(tx, fallbackTo(tenantId, delivery, toldBy.request.channelId, opening));
  }

  /** The channel's own word first, then the escalation of the rule, then that of the tenant. */
  async #candidates(tx: Tx, { fallback }: Channel, ruleId: string | null): Promise<readonly string[]> {
    if (fallback.channelId !== null) return [fallback.channelId];
    const rule = ruleId === null ? null : await this.log.rule(tx, ruleId);
    const { escalation } = rule?.notification ?? (await this.settings.policy(tx)).policy;
    return escalation?.channels ?? [];
  }

  /** A message that was replayed and given up again has been told by the other channel already. */
  async #unlessTold(tx: Tx, fallback: Fallback): Promise<Fallback | null> {
    return (await this.log.delivery(tx, fallback.deliveryId)) === null ? fallback : null;
  }
}

function channelSpokenOf(alert: Alert | null): string | null {
  return alert?.fired.ruleType === CHANNEL_FAILING ? (alert.fired.labels['channelId'] ?? null) : null;
}

function fallbackTo(tenantId: number, { id, request }: Delivery, channelId: string, opening: Delivery | null): Fallback {
  const inReplyTo = opening?.outcome.state === 'failed' ? opening.outcome.data.fallbackDeliveryId : null;
  const deliveryId = fallbackDeliveryIdOf(tenantId, id, channelId);
  return { deliveryId, request: { ...request, deliveryId, channelId, inReplyTo, threadOf: inReplyTo, fallbackOf: id } };
}
