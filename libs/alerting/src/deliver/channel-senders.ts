import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Tx } from '@app/event-store';
import { CLOCK, CONFIG, PersonalDataVault, SecretBox, type Clock, type Configuration } from '@app/platform';
import { type Channel, secretOf } from '../channel';
import { unsubscribeToken } from '../pause-digests/unsubscribe-token';
import { addressesOf, pausedDigestsOf } from './addresses';
import { type EmailSettings, emailSender } from './channels/email.channel';
import { type Reach, RESOLVE, type Resolve } from './channels/outbound/address-guard';
import { reachOf } from './channels/outbound/channel-url';
import { SLACK_RATE, slackBotSender } from './channels/slack-bot.channel';
import { slackSender } from './channels/slack.channel';
import { WEBHOOK_RATE, webhookSender } from './channels/webhook.channel';
import type { ChannelSender, OutgoingMessage } from './outgoing-message';

/** Channels that are told at the same time; the one not told for longest makes room. */
const SENDERS_KEPT_MAX = 500;

interface Kept {
  /** Of the channel: its secrets and addresses may have changed since. */
  readonly streamVersion: number;
  readonly sender: ChannelSender;
}

/** Makes the senders of channels and keeps them, so that their connections are kept too. The only place where a channel's secrets are opened. */
@Injectable()
export class ChannelSenders implements OnModuleDestroy {
  readonly #kept = new Map<string, Kept>();

  constructor(
    private readonly secrets: SecretBox,
    private readonly vault: PersonalDataVault,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly configuration: Configuration,
    @Inject(RESOLVE) private readonly resolve: Resolve,
  ) {}

  async senderOf(tx: Tx, tenantId: number, channel: Channel): Promise<ChannelSender> {
    const name = secretOf(tenantId, channel.id);
    const kept = this.#kept.get(name);
    const isCurrent = kept?.streamVersion === channel.streamVersion;
    const sender = isCurrent ? kept.sender : this.#withLinks(await this.#make(tx, tenantId, channel));
    if (!isCurrent) kept?.sender.close?.();
    this.#kept.delete(name);
    this.#kept.set(name, { streamVersion: channel.streamVersion, sender });
    this.#makeRoom();
    return sender;
  }

  /** What mail by a channel takes; null where the channel sends none. */
  mailSettingsOf(tx: Tx, tenantId: number, channel: Channel): Promise<EmailSettings | null> {
    const { target } = channel;
    return target.type === 'email' ? this.#emailSettings(tx, tenantId, channel, target.email) : Promise.resolve(null);
  }

  onModuleDestroy(): void {
    for (const { sender } of this.#kept.values()) sender.close?.();
    this.#kept.clear();
  }

  #makeRoom(): void {
    for (const [name, { sender }] of this.#kept) {
      if (this.#kept.size <= SENDERS_KEPT_MAX) return;
      this.#kept.delete(name);
      sender.close?.();
    }
  }

  async #make(tx: Tx, tenantId: number, channel: Channel): Promise<ChannelSender> {
    const { id, target } = channel;
    const opened = (sealed: string): string => this.secrets.open(sealed, secretOf(tenantId, id));
    const now = (): Date => this.clock.now();
    const { resolve } = this;
    switch (target.type) {
      case 'slack': {
        const webhookUrl = opened(target.slack.sealedWebhookUrl);
        return { send: slackSender({ webhookUrl, reach: this.#reach(webhookUrl, true), resolve, now }), rateLimit: SLACK_RATE };
      }
      case 'slack-bot': {
        const { channel: slackChannel, apiUrl, sealedBotToken, sealedSigningSecret } = target.slackBot;
        const botToken = opened(sealedBotToken);
        return slackBotSender({ botToken, channel: slackChannel, apiUrl, buttons: sealedSigningSecret !== null });
      }
      case 'email':
        return emailSender(await this.#emailSettings(tx, tenantId, channel, target.email));
      case 'webhook': {
        const url = opened(target.webhook.sealedUrl);
        const secret = opened(target.webhook.sealedSecret);
        const previous = channel.previousSecret;
        const before = previous === null ? null : opened(previous.sealed);
        const secrets = (): string[] => (previous === null || before === null || now() >= previous.until ? [secret] : [secret, before]);
        return { send: webhookSender({ url, secrets, reach: this.#reach(url, false), resolve, now }), rateLimit: WEBHOOK_RATE };
      }
    }
  }

  async #emailSettings(
    tx: Tx,
    tenantId: number,
    { id, digestsPaused }: Channel,
    email: Extract<Channel['target'], { type: 'email' }>['email'],
  ): Promise<EmailSettings> {
    const opened = (sealed: string): string => this.secrets.open(sealed, secretOf(tenantId, id));
    const { host, port, secure, user, sealedPassword } = email.smtp;
    const { to, from } = await addressesOf(this.vault, tx, tenantId, id, email.personal);
    return {
      to,
      from,
      smtp: { host, port, secure, user, password: sealedPassword === null ? null : opened(sealedPassword) },
      dkim: email.dkim === null ? null : { ...email.dkim, privateKey: opened(email.dkim.sealedPrivateKey) },
      digestsPaused: await pausedDigestsOf(this.vault, tx, tenantId, id, digestsPaused),
      unsubscribeUrl: (recipient) =>
        `${this.configuration.publicUrl}/v1/digests/unsubscribe?token=${unsubscribeToken(this.secrets, { tenantId, channelId: id, recipient })}`,
    };
  }

  #reach(url: string, httpToLoopback: boolean): Reach {
    return reachOf(new URL(url), { allowed: this.configuration.allowPrivateWebhooks, httpToLoopback });
  }

  /** The views of messages lead somewhere from outside too. */
  #withLinks(sender: ChannelSender): ChannelSender {
    const linked = (message: OutgoingMessage): OutgoingMessage =>
      message.view?.startsWith('/') === true ? { ...message, view: `${this.configuration.publicUrl}${message.view}` } : message;
    return { ...sender, send: (message, stop) => sender.send(linked(message), stop) };
  }
}
