import type { EventDefinition, Json } from '@app/event-store';
import { z } from 'zod';

/** What is written down of channels. Everything that opens a door is sealed, everything that names a person is in an envelope. */
const id = z.string();
const json: z.ZodType<Json> = z.json();
const envelope = z.record(z.string(), json);

const slackChannelData = z.strictObject({
  /** Host of the webhook; the whole URL is a secret. */
  host: z.string(),
  sealedWebhookUrl: z.string(),
});
const slackBotChannelData = z.strictObject({
  /** Slack's id of the channel, `C…` or `G…`. */
  channel: z.string(),
  /** null = Slack itself. */
  apiUrl: z.string().nullable(),
  sealedBotToken: z.string(),
  /** Of the buttons; null where nobody may press any. */
  sealedSigningSecret: z.string().nullable(),
  /** Which Slack user is which principal; null lets everybody in the Slack channel press. */
  personal: envelope.nullable(),
});
const emailChannelData = z.strictObject({
  /** Encrypted envelope with the addresses: recipients can be erased. */
  personal: envelope,
  smtp: z.strictObject({
    host: z.string(),
    port: z.int(),
    /** TLS from the first byte; otherwise STARTTLS where the server offers it. */
    secure: z.boolean(),
    user: z.string().nullable(),
    sealedPassword: z.string().nullable(),
  }),
  /** null = mails are not signed here. */
  dkim: z.strictObject({ domain: z.string(), selector: z.string(), sealedPrivateKey: z.string() }).nullable().default(null),
});
const webhookChannelData = z.strictObject({
  host: z.string(),
  sealedUrl: z.string(),
  sealedSecret: z.string(),
});

export const channelRegisteredData = z.strictObject({
  channelId: id,
  name: z.string(),
  target: z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('slack'), slack: slackChannelData }),
    z.strictObject({ type: z.literal('slack-bot'), slackBot: slackBotChannelData }),
    z.strictObject({ type: z.literal('email'), email: emailChannelData }),
    z.strictObject({ type: z.literal('webhook'), webhook: webhookChannelData }),
  ]),
});
export type ChannelRegisteredData = z.infer<typeof channelRegisteredData>;

export const channelRemovedData = z.strictObject({ channelId: id });

/** The key messages to a webhook are signed with was changed; the one before signs beside it until then. */
export const channelSecretRotatedData = z.strictObject({ channelId: id, sealedSecret: z.string(), previousUntil: z.iso.datetime() });
export type ChannelSecretRotatedData = z.infer<typeof channelSecretRotatedData>;

export const CHANNEL_DISABLED_REASONS = ['gone'] as const;
/** The receiver said that it is gone for good (410). Nothing more is sent until somebody enables the channel again. */
export const channelDisabledData = z.strictObject({ channelId: id, reason: z.enum(CHANNEL_DISABLED_REASONS) });
export type ChannelDisabledData = z.infer<typeof channelDisabledData>;
export const channelEnabledData = z.strictObject({ channelId: id });

/** One recipient wants no more digests; alerts still reach them. */
export const channelDigestsPausedData = z.strictObject({ channelId: id, personal: envelope });
export type ChannelDigestsPausedData = z.infer<typeof channelDigestsPausedData>;

export const channelEventSchemas = {
  ChannelRegistered: channelRegisteredData,
  ChannelRemoved: channelRemovedData,
  ChannelSecretRotated: channelSecretRotatedData,
  ChannelDisabled: channelDisabledData,
  ChannelEnabled: channelEnabledData,
  ChannelDigestsPaused: channelDigestsPausedData,
} as const;

export const channelEvents: readonly EventDefinition[] = [
  { code: 400, type: 'ChannelRegistered', schemaVersion: 1 },
  { code: 401, type: 'ChannelRemoved', schemaVersion: 1 },
  { code: 402, type: 'ChannelSecretRotated', schemaVersion: 1 },
  { code: 403, type: 'ChannelDisabled', schemaVersion: 1 },
  { code: 404, type: 'ChannelEnabled', schemaVersion: 1 },
  { code: 405, type: 'ChannelDigestsPaused', schemaVersion: 1 },
];
