import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { eventContext, Refusal } from '@app/platform';
import { AlertingLog } from '../alerting-log';
import { FALLBACK_MINUTES_DEFAULT } from '../channel';
import { newEvent } from '../event-data';
import { CHANNEL } from '../events';
import { SetChannelFallback } from './set-channel-fallback.command';

@CommandHandler(SetChannelFallback)
export class SetChannelFallbackHandler implements ICommandHandler<SetChannelFallback> {
  constructor(private readonly log: AlertingLog) {}

  async execute({ context, channelId, fallbackChannelId, afterMinutes }: SetChannelFallback): Promise<void> {
    await this.log.decide(eventContext(context), async (tx, plan) => {
      const channel = await this.log.channel(tx, channelId);
      if (channel === null || channel.status === 'removed') throw new Refusal('channel-not-found', `There is no channel ${channelId}.`);
      const other = fallbackChannelId === null ? null : await this.log.channel(tx, fallbackChannelId);
      if (fallbackChannelId !== null && (other === null || other.status === 'removed' || other.id === channelId)) {
        throw new Refusal('channel-unknown', `Channel ${fallbackChannelId} cannot take over: it is this one, or there is none.`, [
          { field: 'fallbackChannelId', pointer: '/fallbackChannelId' },
        ]);
      }
      const minutes = afterMinutes ?? FALLBACK_MINUTES_DEFAULT;
      if (channel.fallback.channelId === fallbackChannelId && channel.fallback.afterMinutes === minutes) return;
      const data = { channelId, fallbackChannelId, afterMinutes: minutes };
      plan.add(CHANNEL, channelId, channel.streamVersion, newEvent('ChannelFallbackSet', this.log.today(), data));
    });
  }
}
