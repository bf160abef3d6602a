import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { eventContext, Refusal } from '@app/platform';
import { AlertingLog } from '../alerting-log';
import { newEvent } from '../event-data';
import { CHANNEL } from '../events';
import { EnableChannel } from './enable-channel.command';

@CommandHandler(EnableChannel)
export class EnableChannelHandler implements ICommandHandler<EnableChannel> {
  constructor(private readonly log: AlertingLog) {}

  async execute({ context, channelId }: EnableChannel): Promise<void> {
    await this.log.decide(eventContext(context), async (tx, plan) => {
      const channel = await this.log.channel(tx, channelId);
      if (channel === null || channel.status === 'removed') throw new Refusal('channel-not-found', `There is no channel ${channelId}.`);
      if (channel.status === 'active') return;
      plan.add(CHANNEL, channelId, channel.streamVersion, newEvent('ChannelEnabled', this.log.today(), { channelId }));
    });
  }
}
