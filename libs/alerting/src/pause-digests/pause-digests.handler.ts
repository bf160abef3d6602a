import { randomUUID } from 'node:crypto';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { PersonalDataVault, Refusal, SecretBox } from '@app/platform';
import { AlertingLog } from '../alerting-log';
import { personOf } from '../channel';
import { pausedDigestsOf } from '../deliver/addresses';
import { newEvent } from '../event-data';
import { CHANNEL } from '../events';
import { MACHINE_PRINCIPAL } from '../ids';
import { PauseDigests } from './pause-digests.command';
import { readUnsubscribeToken } from './unsubscribe-token';

@CommandHandler(PauseDigests)
export class PauseDigestsHandler implements ICommandHandler<PauseDigests> {
  constructor(
    private readonly log: AlertingLog,
    private readonly secrets: SecretBox,
    private readonly vault: PersonalDataVault,
  ) {}

  async execute({ token }: PauseDigests): Promise<void> {
    const asked = readUnsubscribeToken(this.secrets, token);
    if (asked === null) {
      throw new Refusal('unsubscribe-token-invalid', 'The link is not one of a digest of this installation.', [{ field: 'token' }]);
    }
    const { tenantId, channelId, recipient } = asked;
    const context = { tenantId, principalId: MACHINE_PRINCIPAL, correlationId: randomUUID() };
    await this.log.decide(context, async (tx, plan) => {
      const channel = await this.log.channel(tx, channelId);
      // A channel that is gone sends no digests.
      if (channel === null || channel.status === 'removed') return;
      const paused = await pausedDigestsOf(this.vault, tx, tenantId, channelId, channel.digestsPaused);
      if (paused.includes(recipient)) return;
      const personal = await this.vault.encrypt(tx, tenantId, personOf(channelId), { to: recipient });
      plan.add(CHANNEL, channelId, channel.streamVersion, newEvent('ChannelDigestsPaused', this.log.today(), { channelId, personal }));
    });
  }
}
