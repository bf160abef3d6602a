import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Tx } from '@app/event-store';
import { eventContext, Refusal } from '@app/platform';
import { AlertingLog } from '../alerting-log';
import type { AppendPlan } from '../append-plan';
import { failedDeliveryIds } from '../deliver/delivery-table';
import type { Delivery } from '../delivery';
import { newEvent } from '../event-data';
import { DELIVERY } from '../events';
import { ReplayChannel, ReplayDelivery } from './replay-deliveries.command';

/** Messages of one transaction: a long one would hold up every other decision. */
const REPLAYED_AT_ONCE = 500;

@CommandHandler(ReplayDelivery)
export class ReplayDeliveryHandler implements ICommandHandler<ReplayDelivery> {
  constructor(private readonly log: AlertingLog) {}

  async execute({ context, deliveryId }: ReplayDelivery): Promise<void> {
    await this.log.record(eventContext(context), async (tx, plan) => {
      const delivery = await this.log.delivery(tx, deliveryId);
      if (delivery === null) throw new Refusal('delivery-not-found', `There is no delivery ${deliveryId}.`);
      if (delivery.outcome.state !== 'failed') {
        throw new Refusal(
          'delivery-not-failed',
          `Delivery ${deliveryId} is ${delivery.outcome.state}; only one that was given up can be replayed.`,
        );
      }
      await assertChannel(this.log, tx, delivery.request.channelId);
      replay(this.log, plan, delivery);
    });
  }
}

@CommandHandler(ReplayChannel)
export class ReplayChannelHandler implements ICommandHandler<ReplayChannel> {
  constructor(private readonly log: AlertingLog) {}

  async execute({ context, channelId }: ReplayChannel): Promise<{ replayed: number }> {
    for (let replayed = 0; ;) {
      const count = await this.log.record(eventContext(context), async (tx, plan) => {
        await assertChannel(this.log, tx, channelId);
        const ids = await failedDeliveryIds(tx, context.tenantId, channelId, REPLAYED_AT_ONCE);
        for (const id of ids) {
          const delivery = await this.log.delivery(tx, id);
          if (delivery?.outcome.state === 'failed') replay(this.log, plan, delivery);
        }
        return plan.deliveryIds.length;
      });
      replayed += count;
      if (count < REPLAYED_AT_ONCE) return { replayed };
    }
  }
}

async function assertChannel(log: AlertingLog, tx: Tx, channelId: string): Promise<void> {
  const channel = await log.channel(tx, channelId);
  if (channel === null || channel.status === 'removed') throw new Refusal('channel-not-found', `There is no channel ${channelId}.`);
}

function replay(log: AlertingLog, plan: AppendPlan, { id, series, streamVersion }: Delivery): void {
  plan.add(DELIVERY, id, streamVersion, newEvent('DeliveryReplayed', log.today(), { deliveryId: id, series: series + 1 }));
  plan.addDelivery(id);
}
