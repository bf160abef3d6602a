import { ALERT_SEVERITIES, ASSESSED_PARTS, COMPARISON_BASES, FIGURE_UNITS, NOTIFY_REASONS, RESOLUTION_REASONS } from '@app/credit-domain';
import type { EventDefinition, Json } from '@app/event-store';
import { z } from 'zod';

/**
 * Every event this feature writes, as a schema (what is stored) and a type (what code reads). A ratio is a decimal string holding a fraction, a
 * date is YYYY-MM-DD, and an absent value is null, never left out.
 */
export const CHANNEL = 'channel';
export const ALERT_RULE = 'alert-rule';
export const ALERT = 'alert';
export const DELIVERY = 'delivery';

const id = z.string();
const localDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const ratio = z.string().regex(/^-?\d+(\.\d+)?$/);
const json: z.ZodType<Json> = z.json();
const jsonObject = z.record(z.string(), json);

const slackChannelData = z.strictObject({
  /** Host of the webhook; the whole URL is a secret. */
  host: z.string(),
  sealedWebhookUrl: z.string(),
});
const emailChannelData = z.strictObject({
  /** Encrypted envelope with the addresses: recipients can be erased. */
  personal: jsonObject,
  smtp: z.strictObject({
    host: z.string(),
    port: z.int(),
    /** TLS from the first byte; otherwise STARTTLS where the server offers it. */
    secure: z.boolean(),
    user: z.string().nullable(),
    sealedPassword: z.string().nullable(),
  }),
});
export const channelRegisteredData = z.strictObject({
  channelId: id,
  name: z.string(),
  target: z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('slack'), slack: slackChannelData }),
    z.strictObject({ type: z.literal('email'), email: emailChannelData }),
  ]),
});
export type ChannelRegisteredData = z.infer<typeof channelRegisteredData>;

export const channelRemovedData = z.strictObject({ channelId: id });

const shiftRule = {
  base: z.enum(COMPARISON_BASES),
  enter: ratio,
  exit: ratio,
  kinds: z.array(z.string()).nullable(),
  segment: z.string().nullable(),
};
export const ruleDefinitionData = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('ageing-share-shift'),
    scheme: z.string(),
    olderThan: z.strictObject({ unit: z.enum(['days', 'months', 'years']), count: z.int().nonnegative() }),
    assessed: z.enum(ASSESSED_PARTS),
    ...shiftRule,
  }),
  z.strictObject({ type: z.literal('coverage-shift'), assessed: z.enum(ASSESSED_PARTS), ...shiftRule }),
  z.strictObject({ type: z.literal('loss-rate-shift'), bucket: z.string().nullable(), materiality: ratio, ...shiftRule }),
]);

const ruleFields = {
  ruleId: id,
  /** 1 for the definition, one more for each amendment. */
  version: z.int().positive(),
  name: z.string(),
  definition: ruleDefinitionData,
  severity: z.enum(ALERT_SEVERITIES),
  channels: z.array(id),
};
export const alertRuleDefinedData = z.strictObject(ruleFields);
export type AlertRuleDefinedData = z.infer<typeof alertRuleDefinedData>;
export const alertRuleAmendedData = z.strictObject(ruleFields);
export const alertRuleRetiredData = z.strictObject({ ruleId: id, version: z.int().positive() });

const notified = z.array(z.strictObject({ channelId: id, deliveryId: id }));
export const alertFiredData = z.strictObject({
  alertId: id,
  ruleId: id,
  ruleVersion: z.int().positive(),
  ruleName: z.string(),
  severity: z.enum(ALERT_SEVERITIES),
  /** Counts the firings of one rule and labels from 1. */
  episode: z.int().positive(),
  labels: z.record(z.string(), z.string()),
  asOf: localDate,
  /** null where nothing is compared; so are `before` and `change`. */
  baseAsOf: localDate.nullable(),
  unit: z.enum(FIGURE_UNITS).default('fraction'),
  before: ratio.nullable(),
  after: ratio,
  change: ratio.nullable(),
  /** What the figure is. */
  subject: z.string(),
  /** One line: what moved, from what to what, and why. */
  cause: z.string(),
  inputs: jsonObject,
  notified,
});
export type AlertFiredData = z.infer<typeof alertFiredData>;

export const alertResolvedData = z.strictObject({
  alertId: id,
  reason: z.enum(RESOLUTION_REASONS),
  asOf: localDate,
  /** The figures that resolved it; null when its rule was changed or retired. */
  figures: z
    .strictObject({
      baseAsOf: localDate.nullable(),
      before: ratio.nullable(),
      after: ratio,
      change: ratio.nullable(),
      cause: z.string(),
      inputs: jsonObject,
    })
    .nullable(),
  notified,
});
export type AlertResolvedData = z.infer<typeof alertResolvedData>;

export const alertAcknowledgedData = z.strictObject({ alertId: id, note: z.string().nullable() });

export const deliveryRequestedData = z.strictObject({
  deliveryId: id,
  channelId: id,
  /** null for a test message. */
  alertId: id.nullable(),
  reason: z.enum(NOTIFY_REASONS),
  severity: z.enum(ALERT_SEVERITIES),
  /** The delivery that opened the same episode on the same channel, so that mail programs thread them. */
  inReplyTo: id.nullable(),
  message: z.strictObject({
    title: z.string(),
    text: z.string(),
    facts: z.array(z.strictObject({ name: z.string(), value: z.string() })),
    /** Why, as printed; none in messages from before alerts carried it. */
    bridges: z
      .array(
        z.strictObject({
          subject: z.string(),
          opening: z.string(),
          legs: z.array(z.strictObject({ cause: z.string(), amount: z.string() })),
          closing: z.string(),
        }),
      )
      .default([]),
    debtors: z.array(z.strictObject({ debtorId: z.string(), amount: z.string() })).default([]),
    view: z.string().nullable().default(null),
    members: z.array(z.strictObject({ alertId: z.string(), title: z.string(), text: z.string() })).default([]),
  }),
});
export type DeliveryRequestedData = z.infer<typeof deliveryRequestedData>;

export const deliverySucceededData = z.strictObject({ deliveryId: id, attempts: z.int().positive(), providerId: z.string().nullable() });
export type DeliverySucceededData = z.infer<typeof deliverySucceededData>;
export const deliveryFailedData = z.strictObject({
  deliveryId: id,
  attempts: z.int().positive(),
  cause: z.enum(['permanent', 'attempts-exhausted']),
  reason: z.string(),
});
export type DeliveryFailedData = z.infer<typeof deliveryFailedData>;

/** Schemas of the events by type: generates `docs/events/alerting.json`. */
export const alertingEventSchemas = {
  ChannelRegistered: channelRegisteredData,
  ChannelRemoved: channelRemovedData,
  AlertRuleDefined: alertRuleDefinedData,
  AlertRuleAmended: alertRuleAmendedData,
  AlertRuleRetired: alertRuleRetiredData,
  AlertFired: alertFiredData,
  AlertResolved: alertResolvedData,
  AlertAcknowledged: alertAcknowledgedData,
  DeliveryRequested: deliveryRequestedData,
  DeliverySucceeded: deliverySucceededData,
  DeliveryFailed: deliveryFailedData,
} as const;
export type AlertingEventType = keyof typeof alertingEventSchemas;

/** Codes 400-499 belong to alerting and never change meaning. */
export const events: readonly EventDefinition[] = [
  { code: 400, type: 'ChannelRegistered', schemaVersion: 1 },
  { code: 401, type: 'ChannelRemoved', schemaVersion: 1 },
  { code: 410, type: 'AlertRuleDefined', schemaVersion: 1 },
  { code: 411, type: 'AlertRuleAmended', schemaVersion: 1 },
  { code: 412, type: 'AlertRuleRetired', schemaVersion: 1 },
  { code: 420, type: 'AlertFired', schemaVersion: 1 },
  { code: 421, type: 'AlertResolved', schemaVersion: 1 },
  { code: 422, type: 'AlertAcknowledged', schemaVersion: 1 },
  { code: 430, type: 'DeliveryRequested', schemaVersion: 1 },
  { code: 431, type: 'DeliverySucceeded', schemaVersion: 1 },
  { code: 432, type: 'DeliveryFailed', schemaVersion: 1 },
];
