import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { JsonObject } from '@app/event-store';
import { eventContext, PersonalDataVault, SecretBox } from '@app/platform';
import { AlertingLog } from '../alerting-log';
import { personOf, secretOf } from '../channel';
import { newEvent } from '../event-data';
import { CHANNEL, type ChannelRegisteredData } from '../events';
import { ChannelTargetCheck, type CheckedTarget } from './channel-target-check';
import { RegisterChannel, type ChannelTarget, type RegisteredChannel } from './register-channel.command';

@CommandHandler(RegisterChannel)
export class RegisterChannelHandler implements ICommandHandler<RegisterChannel> {
  constructor(
    private readonly log: AlertingLog,
    private readonly secrets: SecretBox,
    private readonly vault: PersonalDataVault,
    private readonly check: ChannelTargetCheck,
  ) {}

  async execute({ context, name, target }: RegisterChannel): Promise<RegisteredChannel> {
    const id = context.newId();
    // Before the transaction: names are looked up.
    const checked = await this.check.checked(target);
    const shown = target.type === 'webhook' && target.secret === null;
    return this.log.decide(eventContext(context), async (tx, plan) => {
      // The identifier is the same on a second attempt with the same Idempotency-Key: then the work is already done.
      const known = (await this.log.channel(tx, id))?.target;
      if (known !== undefined) {
        const sealed = shown && known.type === 'webhook' ? known.webhook.sealedSecret : null;
        return { id, secret: sealed === null ? null : this.secrets.open(sealed, secretOf(context.tenantId, id)) };
      }
      const fields = personalFields(target);
      const personal = fields === null ? null : await this.vault.encrypt(tx, context.tenantId, personOf(id), fields);
      const sealed = this.#seal(secretOf(context.tenantId, id), checked, personal);
      plan.add(
        CHANNEL,
        id,
        0,
        newEvent('ChannelRegistered', this.log.today(), { channelId: id, name: name ?? nameOf(target), target: sealed }),
      );
      return { id, secret: shown && checked.type === 'webhook' ? checked.secret : null };
    });
  }

  #seal(place: string, target: CheckedTarget, personal: JsonObject | null): ChannelRegisteredData['target'] {
    const sealed = (plain: string): string => this.secrets.seal(plain, place);
    const sealedOrNull = (plain: string | null): string | null => (plain === null ? null : sealed(plain));
    switch (target.type) {
      case 'slack':
        return { type: 'slack', slack: { host: target.url.host, sealedWebhookUrl: sealed(target.url.href) } };
      case 'slack-bot': {
        const { channel, apiUrl, botToken, signingSecret } = target;
        const secrets = { sealedBotToken: sealed(botToken), sealedSigningSecret: sealedOrNull(signingSecret) };
        return { type: 'slack-bot', slackBot: { channel, apiUrl, ...secrets, personal } };
      }
      case 'email': {
        const { dkim } = target;
        const { host, port, secure, user, password } = target.smtp;
        const smtp = { host, port, secure, user, sealedPassword: sealedOrNull(password) };
        const signing = dkim === null ? null : { domain: dkim.domain, selector: dkim.selector, sealedPrivateKey: sealed(dkim.privateKey) };
        return { type: 'email', email: { personal: personal ?? {}, smtp, dkim: signing } };
      }
      case 'webhook': {
        const { url, secret } = target;
        return { type: 'webhook', webhook: { host: url.host, sealedUrl: sealed(url.href), sealedSecret: sealed(secret) } };
      }
    }
  }
}

/** What a channel is called that nobody named. */
function nameOf({ type }: ChannelTarget): string {
  return type === 'slack-bot' ? 'slack' : type;
}

/** What of a channel names people. */
function personalFields(target: ChannelTarget): JsonObject | null {
  if (target.type === 'email') return { to: [...target.to], from: target.from };
  if (target.type === 'slack-bot' && target.principals !== null) return { principals: { ...target.principals } };
  return null;
}
