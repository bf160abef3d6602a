import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { testMessage } from '@app/credit-domain';
import { eventContext, Refusal } from '@app/platform';
import { AlertingLog } from '../alerting-log';
import { requestDelivery } from '../notify/tell';
import { TestChannel } from './test-channel.command';

@CommandHandler(TestChannel)
export class TestChannelHandler implements ICommandHandler<TestChannel> {
  constructor(private readonly log: AlertingLog) {}

  async execute({ context, channelId }: TestChannel): Promise<{ id: string }> {
    const deliveryId = context.newId();
    return this.log.record(eventContext(context), async (tx, plan) => {
      if ((await this.log.delivery(tx, deliveryId)) !== null) return { id: deliveryId };
      const channel = await this.log.channel(tx, channelId);
      if (channel === null || channel.status === 'removed') throw new Refusal('channel-not-found', `There is no channel ${channelId}.`);
      const message = testMessage(channel.name);
      requestDelivery(
        plan,
        { deliveryId, channelId, alertId: null, reason: 'test', severity: 'info', inReplyTo: null, message },
        this.log.today(),
      );
      return { id: deliveryId };
    });
  }
}
