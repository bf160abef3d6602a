import { z } from 'zod';
import { idParams } from './alerting.schemas';
import { lineOf } from './close-rules.schemas';

const NAME_LENGTH_MAX = 120;
const RECIPIENTS_MAX = 20;
const PORT_MAX = 65_535;
const URL_LENGTH_MAX = 2_000;
const SECRET_LENGTH_MAX = 300;
const PEM_LENGTH_MAX = 10_000;
const SLACK_USERS_MAX = 100;

const instant = z.string().meta({ format: 'date-time' });
const channelName = lineOf(NAME_LENGTH_MAX).optional();
const url = z.string().min(1).max(URL_LENGTH_MAX);
const secret = z
  .string()
  .min(1)
  .max(SECRET_LENGTH_MAX)
  .regex(/^[\x21-\x7e]+$/, 'Must be printable ASCII without spaces');
const hostName = z.string().regex(/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}\.?)+$/, 'Expected a domain name');

const emailAddress = z.email().max(254);
const smtp = z.strictObject({
  host: z.string().regex(/^[A-Za-z0-9.:[\]-]{1,253}$/, 'Expected a host name or address'),
  port: z.int().min(1).max(PORT_MAX),
  secure: z.boolean().optional().describe('TLS from the first byte; default for port 465, otherwise STARTTLS where offered'),
  user: lineOf(NAME_LENGTH_MAX).optional(),
  password: z.string().min(1).max(1_000).optional().describe('sealed; never shown again'),
});
const dkim = z.strictObject({
  domain: hostName.max(253).describe('the signing domain, `d=`'),
  selector: hostName.max(63).describe('`s=`: the public key is in DNS under <selector>._domainkey.<domain>'),
  privateKey: z.string().min(1).max(PEM_LENGTH_MAX).describe('PEM, RSA or Ed25519; sealed, never shown again'),
});

const BOT_FIELDS = ['channel', 'signingSecret', 'apiUrl', 'principals'] as const;
const slack = z
  .strictObject({
    type: z.literal('slack'),
    name: channelName,
    webhookUrl: url.optional().describe('incoming webhook; https, or http to the loopback interface; sealed, never shown again'),
    botToken: secret
      .regex(/^xox[a-z]-/, 'Expected a bot token, xoxb-…')
      .optional()
      .describe('instead of webhookUrl: messages are edited through their life, changes go into their thread; sealed'),
    channel: z
      .string()
      .regex(/^[CG][A-Z0-9]{1,30}$/, "Expected Slack's id of the channel, C… or G…")
      .optional(),
    signingSecret: secret.optional().describe('of the Slack application; with it messages carry buttons; sealed'),
    apiUrl: url.optional().describe("another address than Slack's, on the loopback interface: for tests"),
    principals: z
      .record(z.string().regex(/^[UW][A-Z0-9]{1,30}$/, "Expected Slack's id of a user, U… or W…"), idParams.shape.id)
      .refine((map) => Object.keys(map).length <= SLACK_USERS_MAX, `At most ${String(SLACK_USERS_MAX)} users`)
      .optional()
      .describe('Slack user → principal: only these may press buttons; default: everybody in the Slack channel'),
  })
  .superRefine((sent, refinement) => {
    const refuse = (field: string, message: string): void => {
      refinement.addIssue({ code: 'custom', path: [field], message });
    };
    if (sent.botToken === undefined) {
      if (sent.webhookUrl === undefined) refuse('webhookUrl', 'webhookUrl, or botToken and channel, must be given');
      for (const field of BOT_FIELDS) if (sent[field] !== undefined) refuse(field, `${field} belongs to a botToken`);
    } else {
      if (sent.webhookUrl !== undefined) refuse('webhookUrl', 'webhookUrl and botToken exclude each other');
      if (sent.channel === undefined) refuse('channel', 'channel must be given with a botToken');
    }
  });

export const channelBody = z.discriminatedUnion('type', [
  slack,
  z.strictObject({
    type: z.literal('email'),
    name: channelName,
    to: z.array(emailAddress).min(1).max(RECIPIENTS_MAX),
    from: emailAddress.optional().describe('default arrears@ the SMTP host'),
    smtp,
    dkim: dkim
      .optional()
      .describe('signs every mail; needed for one-click unsubscription from digests where the mail server does not sign'),
  }),
  z.strictObject({
    type: z.literal('webhook'),
    name: channelName,
    url: url.describe('https to a public address; sealed, never shown again'),
    secret: secret.optional().describe('whsec_ and 24 to 64 bytes as base64 (Standard Webhooks); default: one is made and shown once'),
  }),
]);

export const registeredChannel = z.object({
  id: z.string(),
  secret: z.string().nullable().optional().describe('the signing key that was made for a webhook, shown this once'),
});
export const rotateSecretBody = z
  .strictObject({ secret: secret.optional().describe('whsec_ and base64; default: one is made and shown once') })
  .optional();
export const rotatedSecret = z.object({
  secret: z.string().nullable().describe('the key that was made, shown this once; null when it was given'),
  previousUntil: instant.describe('until then messages are signed with the key before as well'),
});

export const channel = z
  .object({
    id: z.string(),
    name: z.string(),
    type: z.enum(['slack', 'email', 'webhook']),
    status: z.enum(['active', 'disabled']).describe('disabled: the receiver said that it is gone; nothing is sent until it is enabled'),
    disabled: z.object({ reason: z.enum(['gone']), at: instant }).nullable(),
    registeredAt: instant,
    host: z.string().optional().describe('of the webhook; the rest of it is a secret'),
    channel: z.string().optional().describe("Slack's id of the channel, of a bot"),
    buttons: z.boolean().optional().describe('whether messages can be acknowledged and silenced from Slack'),
    to: z.array(z.string()).optional(),
    from: z.string().nullable().optional(),
    smtp: z.object({ host: z.string(), port: z.int(), secure: z.boolean(), user: z.string().nullable() }).optional(),
    dkim: z.object({ domain: z.string(), selector: z.string() }).nullable().optional(),
    digestsPaused: z.array(z.string()).optional().describe('recipients that unsubscribed from digests; alerts still reach them'),
    previousSecretUntil: instant.nullable().optional().describe('until when the signing key before the current one signs too'),
  })
  .meta({ id: 'Channel' });
export const channelList = z.object({ items: z.array(channel) });
