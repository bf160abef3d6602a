import { Injectable } from '@nestjs/common';
import { AlertingLog } from '../alerting-log';
import type { Delivery } from '../delivery';
import { type ChannelHealth, readHealth } from './channel-health';
import { ChannelSenders } from './channel-senders';
import type { Fallback, InWork } from './delivery-attempts';
import { Fallbacks } from './fallback';
import type { ChannelSender, RateLimit } from './outgoing-message';

/** Everything one run of a delivery goes by. */
export interface LoadedDelivery extends InWork {
  /** The delivery that opens its thread on the same channel. */
  readonly opening: Delivery | null;
  /** null when nothing more may be sent: the channel is removed or disabled, or the delivery has its outcome. */
  readonly sender: ChannelSender | null;
  /** Why nothing is sent though the channel is there. */
  readonly refused?: string;
  readonly health: ChannelHealth | null;
  /** Who tells it should this channel not. */
  readonly fallback: Fallback | null;
  /** Who is told too, because they were told how the thread began. */
  readonly copy: Fallback | null;
}

const NO_RATE: RateLimit = { perSecond: 1, burst: 1 };

/** Reads a delivery with its channel, its thread, and the other channels that could tell it, at one instant. */
@Injectable()
export class DeliveryLoader {
  constructor(
    private readonly log: AlertingLog,
    private readonly senders: ChannelSenders,
    private readonly fallbacks: Fallbacks,
  ) {}

  /** @throws when there is no such delivery. */
  load(tenantId: number, deliveryId: string): Promise<LoadedDelivery> {
    return this.log.database.read(tenantId, async (tx) => {
      const delivery = await this.log.delivery(tx, deliveryId);
      if (delivery === null) throw new Error(`Delivery ${deliveryId} has no stream.`);
      const { channelId, inReplyTo } = delivery.request;
      const channel = await this.log.channel(tx, channelId);
      const nothing = { tenantId, delivery, channel, rate: NO_RATE, opening: null, sender: null, health: null, fallback: null, copy: null };
      if (delivery.outcome.state !== 'pending' || channel === null || channel.status === 'removed') return nothing;
      if (await this.fallbacks.isAboutItself(tx, delivery)) return { ...nothing, refused: 'about-this-channel' };
      const opening = inReplyTo === null ? null : await this.log.delivery(tx, inReplyTo);
      const fallback = await this.fallbacks.of(tx, tenantId, delivery, channel, opening);
      if (channel.status === 'disabled') return { ...nothing, opening, fallback };
      const sender = await this.senders.senderOf(tx, tenantId, channel);
      const copy = await this.fallbacks.forThread(tx, tenantId, delivery, opening);
      const health = await readHealth(tx, tenantId, channelId);
      return { tenantId, delivery, channel, rate: sender.rateLimit, opening, sender, health, fallback, copy };
    });
  }
}
