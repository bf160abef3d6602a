import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Tx } from '@app/event-store';
import { eventContext, PersonalDataVault, SecretBox } from '@app/platform';
import { AlertingLog } from '../alerting-log';
import { personOf, secretOf } from '../channel';
import { newEvent } from '../event-data';
import { CHANNEL, type ChannelRegisteredData } from '../events';
import { RegisterChannel, type ChannelTarget } from './register-channel.command';
import { webhookUrl } from './webhook-url';

@CommandHandler(RegisterChannel)
export class RegisterChannelHandler implements ICommandHandler<RegisterChannel> {
  constructor(
    private readonly log: AlertingLog,
    private readonly secrets: SecretBox,
    private readonly vault: PersonalDataVault,
  ) {}

  async execute({ context, name, target }: RegisterChannel): Promise<{ id: string }> {
    if (target.type === 'slack') webhookUrl(target.webhookUrl);
    const id = context.newId();
    return this.log.decide(eventContext(context), async (tx, plan) => {
      // The identifier is the same on a second attempt with the same Idempotency-Key: then the work is already done.
      if ((await this.log.channel(tx, id)) !== null) return { id };
      const data = { channelId: id, name: name ?? target.type, target: await this.#seal(tx, context.tenantId, id, target) };
      plan.add(CHANNEL, id, 0, newEvent('ChannelRegistered', this.log.today(), data));
      return { id };
    });
  }

  async #seal(tx: Tx, tenantId: number, channelId: string, target: ChannelTarget): Promise<ChannelRegisteredData['target']> {
    const secret = secretOf(tenantId, channelId);
    if (target.type === 'slack') {
      const { host, href } = webhookUrl(target.webhookUrl);
      return { type: 'slack', slack: { host, sealedWebhookUrl: this.secrets.seal(href, secret) } };
    }
    const { host, port, secure, user, password } = target.smtp;
    const personal = await this.vault.encrypt(tx, tenantId, personOf(channelId), { to: [...target.to], from: target.from });
    const sealedPassword = password === null ? null : this.secrets.seal(password, secret);
    return { type: 'email', email: { personal, smtp: { host, port, secure, user, sealedPassword } } };
  }
}
