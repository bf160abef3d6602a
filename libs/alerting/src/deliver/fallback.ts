import { Injectable } from '@nestjs/common';
import type { Tx } from '@app/event-store';
import { AlertingLog } from '../alerting-log';
import type { Channel } from '../channel';
import type { Delivery } from '../delivery';
import { fallbackDeliveryIdOf } from '../ids';
import type { Fallback } from './delivery-attempts';

/** Finds who tells what a channel does not take. */
@Injectable()
export class Fallbacks {
  constructor(private readonly log: AlertingLog) {}

  /**
   * The message as another channel would tell it, or null where none can: a test, a message that is told instead of another already (one hop, so
   * that channels which name each other make no circle), or one about the very channel that would tell it.
   */
  async of(tx: Tx, tenantId: number, delivery: Delivery, channel: Channel, opening: Delivery | null): Promise<Fallback | null> {
    const { request } = delivery;
    if (request.reason === 'test' || request.fallbackOf !== null) return null;
    const alert = request.alertId === null ? null : await this.log.alert(tx, request.alertId);
    const speaksOf = alert?.fired.labels['channelId'];
    for (const channelId of [channel.fallback.channelId].filter((id) => id !== null)) {
      if (channelId === channel.id || channelId === speaksOf) continue;
      const other = await this.log.channel(tx, channelId);
      if (other?.status === 'active') return this.#unlessTold(tx, fallbackTo(tenantId, delivery, channelId, opening));
    }
    return null;
  }

  /** The copy for the channel that has told the beginning of this thread instead of this delivery's own, so that it hears the rest. */
  async forThread(tx: Tx, tenantId: number, delivery: Delivery, opening: Delivery | null): Promise<Fallback | null> {
    const toldById = opening?.outcome.state === 'failed' ? opening.outcome.data.fallbackDeliveryId : null;
    const toldBy = toldById === null ? null : await this.log.delivery(tx, toldById);
    return toldBy === null ? null : this.#unlessTold(tx, fallbackTo(tenantId, delivery, toldBy.request.channelId, opening));
  }

  /** A message that was replayed and given up again has been told by the other channel already. */
  async #unlessTold(tx: Tx, fallback: Fallback): Promise<Fallback | null> {
    return (await this.log.delivery(tx, fallback.deliveryId)) === null ? fallback : null;
  }
}

function fallbackTo(tenantId: number, { id, request }: Delivery, channelId: string, opening: Delivery | null): Fallback {
  const inReplyTo = opening?.outcome.state === 'failed' ? opening.outcome.data.fallbackDeliveryId : null;
  const deliveryId = fallbackDeliveryIdOf(tenantId, id, channelId);
  return { deliveryId, request: { ...request, deliveryId, channelId, inReplyTo, threadOf: inReplyTo, fallbackOf: id } };
}
