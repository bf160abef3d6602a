import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { eventContext, PersonalDataVault, Refusal } from '@app/platform';
import { AlertingLog } from '../alerting-log';
import { personOf } from '../channel';
import { newEvent } from '../event-data';
import { CHANNEL } from '../events';
import { RemoveChannel } from './remove-channel.command';

@CommandHandler(RemoveChannel)
export class RemoveChannelHandler implements ICommandHandler<RemoveChannel> {
  constructor(
    private readonly log: AlertingLog,
    private readonly vault: PersonalDataVault,
  ) {}

  async execute({ context, channelId }: RemoveChannel): Promise<void> {
    await this.log.decide(eventContext(context), async (tx, plan) => {
      const channel = await this.log.channel(tx, channelId);
      if (channel === null) throw new Refusal('channel-not-found', `There is no channel ${channelId}.`);
      if (channel.status === 'removed') return;
      plan.add(CHANNEL, channelId, channel.streamVersion, newEvent('ChannelRemoved', this.log.today(), { channelId }));
      await this.vault.erase(tx, context.tenantId, personOf(channelId));
    });
  }
}
