import { Command } from '@nestjs/cqrs';
import type { RequestContext } from '@app/platform';

export interface SlackTarget {
  readonly type: 'slack';
  readonly webhookUrl: string;
}

export interface SlackBotTarget {
  readonly type: 'slack-bot';
  readonly botToken: string;
  /** Slack's id of the channel. */
  readonly channel: string;
  /** Of the Slack application; null = messages carry no buttons. */
  readonly signingSecret: string | null;
  /** Another address than Slack's own: this machine's, for tests. */
  readonly apiUrl: string | null;
  /** Principal by Slack user; null lets everybody in the Slack channel press. */
  readonly principals: Readonly<Record<string, string>> | null;
}

export interface EmailTarget {
  readonly type: 'email';
  readonly to: readonly string[];
  readonly from: string | null;
  readonly smtp: {
    readonly host: string;
    readonly port: number;
    readonly secure: boolean;
    readonly user: string | null;
    readonly password: string | null;
  };
  /** `privateKey` as PEM. */
  readonly dkim: { readonly domain: string; readonly selector: string; readonly privateKey: string } | null;
}

export interface WebhookTarget {
  readonly type: 'webhook';
  readonly url: string;
  /** `whsec_` and base64; null makes one. */
  readonly secret: string | null;
}

export type ChannelTarget = SlackTarget | SlackBotTarget | EmailTarget | WebhookTarget;

/** What a registration answers: `secret` is the signing key that was made for a webhook, shown this once. */
export interface RegisteredChannel {
  readonly id: string;
  readonly secret: string | null;
}

/**
 * Registers where alerts are told. Addresses of the web, keys and passwords are sealed, addresses of people encrypted. Refused
 * `channel-url-not-allowed`, `channel-url-private`, `dkim-key-invalid`, `webhook-secret-invalid`.
 */
export class RegisterChannel extends Command<RegisteredChannel> {
  constructor(
    readonly context: RequestContext,
    readonly name: string | null,
    readonly target: ChannelTarget,
  ) {
    super();
  }
}
