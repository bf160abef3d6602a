import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { CLOCK, eventContext, Refusal, SecretBox, type Clock } from '@app/platform';
import { AlertingLog } from '../alerting-log';
import { secretOf } from '../channel';
import { newEvent } from '../event-data';
import { CHANNEL } from '../events';
import { webhookSecret } from '../register-channel/webhook-secret';
import { RotateChannelSecret, type RotatedSecret } from './rotate-channel-secret.command';

const OVERLAP_MS = 24 * 60 * 60 * 1_000;

@CommandHandler(RotateChannelSecret)
export class RotateChannelSecretHandler implements ICommandHandler<RotateChannelSecret> {
  constructor(
    private readonly log: AlertingLog,
    private readonly secrets: SecretBox,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async execute({ context, channelId, secret: given }: RotateChannelSecret): Promise<RotatedSecret> {
    const secret = webhookSecret(given);
    const previousUntil = new Date(this.clock.now().getTime() + OVERLAP_MS);
    return this.log.decide(eventContext(context), async (tx, plan) => {
      const channel = await this.log.channel(tx, channelId);
      if (channel === null || channel.status === 'removed') throw new Refusal('channel-not-found', `There is no channel ${channelId}.`);
      if (channel.target.type !== 'webhook') {
        throw new Refusal('channel-type-unsupported', `A channel of type ${channel.target.type} has no signing key to change.`);
      }
      const data = {
        channelId,
        sealedSecret: this.secrets.seal(secret, secretOf(context.tenantId, channelId)),
        previousUntil: previousUntil.toISOString(),
      };
      plan.add(CHANNEL, channelId, channel.streamVersion, newEvent('ChannelSecretRotated', this.log.today(), data));
      return { secret: given === null ? secret : null, previousUntil };
    });
  }
}
