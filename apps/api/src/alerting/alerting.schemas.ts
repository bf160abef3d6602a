import {
  ALERT_SEVERITIES,
  ASSESSED_PARTS,
  COMPARISON_BASES,
  DELIVERY_FAILURES,
  FIGURE_UNITS,
  KINDS_WITH_ECL,
  MATERIALITY_DEFAULT,
  NOTIFY_REASONS,
  Ratio,
  RESOLUTION_REASONS,
} from '@app/credit-domain';
import { z } from 'zod';
import { localDateSchema, pageQueryShape } from '../http';

const NAME_LENGTH_MAX = 120;
const NOTE_LENGTH_MAX = 2_000;
const LABEL_LENGTH_MAX = 100;
const RULE_CHANNELS_MAX = 10;
const RECIPIENTS_MAX = 20;
const PORT_MAX = 65_535;
const AGE_COUNT_MAX = 36_525;

const uuid = z
  .string()
  .regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, 'Expected a UUID')
  .toLowerCase();
export const idParams = z.strictObject({ id: uuid });

const instant = z.string().meta({ format: 'date-time' });
/** One line without control characters: names end up in subjects and headers. */
const lineOf = (lengthMax: number): z.ZodType<string, string> =>
  z
    .string()
    .trim()
    .min(1)
    .max(lengthMax)
    .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u, 'Must be one line without control characters');

/** A share of one, above zero: `0.10` is ten points. */
const threshold = z
  .string()
  .regex(/^(?:0\.\d{1,18}|1(?:\.0{1,18})?)$/, 'Expected a fraction above 0 and at most 1, like "0.10"')
  .refine((text) => /[1-9]/.test(text), 'Must be above 0')
  .meta({ example: '0.10' });
const share = z
  .string()
  .regex(/^(?:0(?:\.\d{1,18})?|1(?:\.0{1,18})?)$/, 'Expected a fraction from 0 to 1, like "0.01"')
  .meta({ example: '0.01' });

const limitCount = z.int().min(0).max(AGE_COUNT_MAX);
const ageLimit = z
  .union(
    [z.strictObject({ months: limitCount }), z.strictObject({ years: limitCount }), z.strictObject({ days: limitCount })],
    'Expected one of {months}, {years} or {days}',
  )
  .describe('where a bucket of the scheme ends; the share is of the buckets wholly above it');

const shiftShape = {
  base: z.enum(COMPARISON_BASES).describe('the close that each close is compared with'),
  enter: threshold.describe('fires at or above it; a fraction, so "0.10" is ten points'),
  exit: threshold.optional().describe('resolves below it; at most `enter`, which is the default'),
  kinds: z
    .array(z.enum(KINDS_WITH_ECL))
    .min(1)
    .max(KINDS_WITH_ECL.length)
    .optional()
    .describe('default: every kind with expected credit losses'),
  segment: lineOf(LABEL_LENGTH_MAX).optional().describe('default: every segment'),
};
const assessed = z.enum(ASSESSED_PARTS).default('all').describe('collectively assessed, individually assessed, or both together');

export const ruleDefinition = z
  .discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('ageing-share-shift'),
      scheme: z.string().min(1).max(LABEL_LENGTH_MAX).meta({ example: 'months-6-12-24-36-48' }),
      olderThan: ageLimit,
      assessed,
      ...shiftShape,
    }),
    z.strictObject({ type: z.literal('coverage-shift'), assessed, ...shiftShape }),
    z.strictObject({
      type: z.literal('loss-rate-shift'),
      bucket: lineOf(LABEL_LENGTH_MAX).optional().describe('default: every bucket, each with an alert of its own'),
      materiality: share
        .default(MATERIALITY_DEFAULT)
        .describe('a change matters when |change| x closing gross is at least this share of the closing allowance'),
      ...shiftShape,
    }),
  ])
  .superRefine((definition, refinement) => {
    if (definition.exit !== undefined && Ratio.parse(definition.exit).compare(Ratio.parse(definition.enter)) > 0) {
      refinement.addIssue({ code: 'custom', path: ['exit'], message: 'exit must be at most enter' });
    }
    if (definition.type === 'coverage-shift' && definition.segment !== undefined && definition.assessed !== 'collective') {
      const message = 'coverage of a segment is known for the collectively assessed only: add assessed: "collective"';
      refinement.addIssue({ code: 'custom', path: ['segment'], message });
    }
  })
  .meta({ id: 'AlertRuleDefinition' });

export const ruleBody = z.strictObject({
  name: lineOf(NAME_LENGTH_MAX).meta({ example: 'Over three years' }),
  severity: z.enum(ALERT_SEVERITIES).default('warning'),
  channels: z.array(uuid).max(RULE_CHANNELS_MAX).default([]).describe('ids of the channels that are told'),
  definition: ruleDefinition,
});

const evaluationResult = z.object({
  labels: z.record(z.string(), z.string()),
  reason: z.string().describe('what the figures say, by name: at-or-above-enter, below-exit, no-base, ...'),
  decision: z.string().describe('what that did to the alert: fire, already-firing, resolve, stay-quiet, no-data, ...'),
  baseAsOf: localDateSchema.nullable(),
  before: z.string().nullable(),
  after: z.string().nullable(),
  change: z.string().nullable(),
});

export const alertRule = z
  .object({
    id: z.string(),
    version: z.int().describe('of the definition; alerts name the one that fired them'),
    status: z.enum(['active', 'retired']),
    name: z.string(),
    severity: z.enum(ALERT_SEVERITIES),
    channels: z.array(z.string()),
    definition: ruleDefinition,
    definedAt: instant,
    evaluation: z
      .object({ asOf: localDateSchema, results: z.array(evaluationResult) })
      .nullable()
      .describe('what this version said about the latest close, also when nobody was told'),
  })
  .meta({ id: 'AlertRule' });
export const alertRuleList = z.object({ items: z.array(alertRule) });
export const created = z.object({ id: z.string() });

const emailAddress = z.email().max(254);
const smtp = z.strictObject({
  host: z.string().regex(/^[A-Za-z0-9.:[\]-]{1,253}$/, 'Expected a host name or address'),
  port: z.int().min(1).max(PORT_MAX),
  secure: z.boolean().optional().describe('TLS from the first byte; default for port 465, otherwise STARTTLS where offered'),
  user: lineOf(NAME_LENGTH_MAX).optional(),
  password: z.string().min(1).max(1_000).optional().describe('sealed; never shown again'),
});
const channelName = lineOf(NAME_LENGTH_MAX).optional();
export const channelBody = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('slack'),
    name: channelName,
    webhookUrl: z
      .string()
      .min(1)
      .max(2_000)
      .describe('Slack incoming webhook; https, or http to the loopback interface; sealed, never shown again'),
  }),
  z.strictObject({
    type: z.literal('email'),
    name: channelName,
    to: z.array(emailAddress).min(1).max(RECIPIENTS_MAX),
    from: emailAddress.optional().describe('default arrears@ the SMTP host'),
    smtp,
  }),
  z.looseObject({ type: z.literal('webhook') }).describe('not yet supported: refused `channel-type-unsupported`'),
]);

export const channel = z
  .object({
    id: z.string(),
    name: z.string(),
    type: z.enum(['slack', 'email']),
    registeredAt: instant,
    host: z.string().optional().describe('of the Slack webhook; the rest of it is a secret'),
    to: z.array(z.string()).optional(),
    from: z.string().nullable().optional(),
    smtp: z.object({ host: z.string(), port: z.int(), secure: z.boolean(), user: z.string().nullable() }).optional(),
  })
  .meta({ id: 'Channel' });
export const channelList = z.object({ items: z.array(channel) });

export const delivery = z
  .object({
    id: z.string(),
    channelId: z.string(),
    alertId: z.string().nullable().describe('null for a test message'),
    reason: z.enum(NOTIFY_REASONS),
    title: z.string(),
    state: z.enum(['pending', 'succeeded', 'failed']),
    attempts: z.int().nullable().describe('null while pending'),
    providerId: z.string().nullable(),
    failure: z.object({ cause: z.enum(DELIVERY_FAILURES), reason: z.string() }).nullable(),
    fallbackOf: z.string().nullable().describe('the message this one tells instead of, because its channel did not take it'),
    fallbackDeliveryId: z.string().nullable().describe('the message that tells the same through another channel'),
    requestedAt: instant,
    finishedAt: instant.nullable(),
  })
  .meta({ id: 'Delivery' });

export const alertSummary = z
  .object({
    id: z.string(),
    state: z.enum(['firing', 'resolved']),
    ruleId: z.string(),
    ruleVersion: z.int(),
    ruleName: z.string(),
    severity: z.enum(ALERT_SEVERITIES),
    episode: z.int().describe('counts the firings of the same rule and labels'),
    labels: z.record(z.string(), z.string()),
    asOf: localDateSchema,
    baseAsOf: localDateSchema.nullable().describe('null where nothing is compared; so are `before` and `change`'),
    unit: z.enum(FIGURE_UNITS),
    subject: z.string(),
    before: z.string().nullable(),
    after: z.string(),
    change: z.string().nullable(),
    cause: z.string().describe('what moved, from what to what, and why'),
    firedAt: instant,
    resolvedAt: instant.nullable(),
    resolution: z.enum(RESOLUTION_REASONS).nullable(),
    acknowledged: z.object({ by: z.string(), at: instant, note: z.string().nullable() }).nullable(),
  })
  .meta({ id: 'AlertSummary' });

export const alertDetail = z
  .object({
    ...alertSummary.shape,
    inputs: z.looseObject({}).describe('every figure the decision rests on; money in minor units'),
    transitions: z.array(
      z.object({
        type: z.enum(['fired', 'resolved', 'acknowledged']),
        at: instant,
        asOf: localDateSchema.nullable(),
        reason: z.string().nullable(),
        principalId: z.string(),
      }),
    ),
    deliveries: z.array(delivery),
  })
  .meta({ id: 'Alert' });

export const alertsQuery = z.strictObject({
  ...pageQueryShape,
  state: z.enum(['firing', 'resolved']).optional(),
  ruleId: uuid.optional(),
});
export const deliveriesQuery = z.strictObject({
  ...pageQueryShape,
  state: z.enum(['pending', 'succeeded', 'failed']).optional(),
  channelId: uuid.optional(),
  alertId: uuid.optional(),
});
export const acknowledgeBody = z.strictObject({ note: z.string().trim().min(1).max(NOTE_LENGTH_MAX).optional() }).optional();
