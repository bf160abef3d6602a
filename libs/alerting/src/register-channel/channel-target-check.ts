import { createPrivateKey } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Configuration, Refusal } from '@app/platform';
import { RESOLVE, type Resolve } from '../deliver/channels/outbound/address-guard';
import { channelUrl } from '../deliver/channels/outbound/channel-url';
import type { EmailTarget, SlackBotTarget, ChannelTarget } from './register-channel.command';
import { webhookSecret } from './webhook-secret';
import { isLoopback } from './webhook-url';

/** A target whose addresses and keys may be used. */
export type CheckedTarget =
  | { readonly type: 'slack'; readonly url: URL }
  | SlackBotTarget
  | EmailTarget
  | { readonly type: 'webhook'; readonly url: URL; readonly secret: string };

/** What of a channel depends on the network and on this installation; its form is checked at the edge. */
@Injectable()
export class ChannelTargetCheck {
  constructor(
    @Inject(CONFIG) private readonly configuration: Configuration,
    @Inject(RESOLVE) private readonly resolve: Resolve,
  ) {}

  /** Refused `channel-url-not-allowed`, `channel-url-private`, `dkim-key-invalid`, `webhook-secret-invalid`. */
  async checked(target: ChannelTarget): Promise<CheckedTarget> {
    switch (target.type) {
      case 'slack':
        return { type: 'slack', url: await this.#url(target.webhookUrl, 'webhookUrl', true) };
      case 'slack-bot':
        if (target.apiUrl !== null) checkApiUrl(target.apiUrl);
        return target;
      case 'email':
        if (target.dkim !== null) checkPrivateKey(target.dkim.privateKey);
        return target;
      case 'webhook':
        return { type: 'webhook', url: await this.#url(target.url, 'url', false), secret: webhookSecret(target.secret) };
    }
  }

  #url(text: string, field: string, httpToLoopback: boolean): Promise<URL> {
    const policy = { allowed: this.configuration.allowPrivateWebhooks, httpToLoopback };
    return channelUrl(text, field, policy, this.resolve);
  }
}

/** Tokens go to Slack; for a test they may go to this very machine. */
function checkApiUrl(text: string): void {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url !== null && /^https?:$/.test(url.protocol) && isLoopback(url.hostname) && url.username === '' && url.password === '') return;
  throw new Refusal('channel-url-not-allowed', 'apiUrl is for tests: it must be on the loopback interface.', [
    { field: 'apiUrl', pointer: '/apiUrl' },
  ]);
}

function checkPrivateKey(pem: string): void {
  try {
    const { asymmetricKeyType } = createPrivateKey(pem);
    if (asymmetricKeyType === 'rsa' || asymmetricKeyType === 'ed25519') return;
  } catch {
    // Said below, without what the key looks like.
  }
  throw new Refusal('dkim-key-invalid', 'dkim.privateKey must be an RSA or Ed25519 private key as PEM, without a passphrase.', [
    { field: 'dkim.privateKey', pointer: '/dkim/privateKey' },
  ]);
}
