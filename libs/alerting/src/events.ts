import {
  ALERT_SEVERITIES,
  ASSESSED_PARTS,
  DELIVERY_FAILURES,
  FIGURE_UNITS,
  NOTIFY_REASONS,
  RESOLUTION_REASONS,
  WORSEN_BY_DEFAULT,
} from '@app/credit-domain';
import type { EventDefinition, Json } from '@app/event-store';
import { z } from 'zod';
import {
  ageingMixShiftData,
  allowanceJumpData,
  concentrationData,
  rollRateDriftData,
  shiftFloors,
  shiftRule,
} from './rule-definition-data';
import { channelEvents, channelEventSchemas } from './channel-events';
import { deliveryEvents, deliveryEventSchemas } from './deliver/delivery-events';
import { signalDefinitionData } from './signals/signal-definition-data';

export type { ChannelRegisteredData } from './channel-events';

/**
 * Every event this feature writes, as a schema (what is stored) and a type (what code reads). A ratio is a decimal string holding a fraction, a
 * date is YYYY-MM-DD, and an absent value is null, never left out.
 */
export const CHANNEL = 'channel';
export const ALERT_RULE = 'alert-rule';
export const ALERT = 'alert';
export const DELIVERY = 'delivery';
export const ALERT_GROUP = 'alert-group';
export const SILENCE = 'silence';
export const NOTIFICATION_POLICY = 'notification-policy';

const id = z.string();
const localDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const ratio = z.string().regex(/^-?\d+(\.\d+)?$/);
const instant = z.iso.datetime();
const json: z.ZodType<Json> = z.json();
const jsonObject = z.record(z.string(), json);

export const ruleDefinitionData = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('ageing-share-shift'),
    scheme: z.string(),
    olderThan: z.strictObject({ unit: z.enum(['days', 'months', 'years']), count: z.int().nonnegative() }),
    assessed: z.enum(ASSESSED_PARTS),
    ...shiftRule,
  }),
  z.strictObject({
    type: z.literal('coverage-shift'),
    assessed: z.enum(ASSESSED_PARTS),
    materiality: ratio.nullable().optional(),
    ...shiftFloors,
    ...shiftRule,
  }),
  z.strictObject({
    type: z.literal('loss-rate-shift'),
    bucket: z.string().nullable(),
    materiality: ratio,
    ...shiftFloors,
    ...shiftRule,
  }),
  ageingMixShiftData,
  rollRateDriftData,
  allowanceJumpData,
  concentrationData,
  ...signalDefinitionData,
]);

const localTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);
export const notificationPolicyFields = z.strictObject({
  timeZone: z.string().nullable(),
  hours: z.strictObject({ days: z.array(z.int().min(1).max(7)), from: localTime, to: localTime }).nullable(),
  digestAt: localTime.nullable(),
  repeatHours: z.int().positive().nullable(),
  escalation: z.strictObject({ channels: z.array(id), afterMinutes: z.int().positive() }).nullable(),
});

const ruleFields = {
  ruleId: id,
  /** 1 for the definition, one more for each amendment. */
  version: z.int().positive(),
  name: z.string(),
  definition: ruleDefinitionData,
  severity: z.enum(ALERT_SEVERITIES),
  channels: z.array(id),
  /** Rules from before they had settings count one period each way. */
  forPeriods: z.int().positive().default(1),
  recoverPeriods: z.int().positive().default(1),
  noData: z.enum(['keep', 'alert']).default('keep'),
  worsenBy: ratio.default(WORSEN_BY_DEFAULT),
  /** null: the tenant's policy. */
  notification: notificationPolicyFields.nullable().default(null),
};
export const alertRuleDefinedData = z.strictObject(ruleFields);
export type AlertRuleDefinedData = z.infer<typeof alertRuleDefinedData>;
export const alertRuleAmendedData = z.strictObject(ruleFields);
export const alertRuleRetiredData = z.strictObject({ ruleId: id, version: z.int().positive() });

const notified = z.array(z.strictObject({ channelId: id, deliveryId: id }));
/** An exact ratio: `12/35`, or a whole number. */
const exactRatio = z.string().regex(/^-?\d+(\/\d+)?$/);
const bridgeData = z.strictObject({
  subject: z.string(),
  unit: z.enum(FIGURE_UNITS),
  currency: z.string().nullable(),
  opening: exactRatio,
  legs: z.array(z.strictObject({ cause: z.string(), amount: exactRatio })),
  closing: exactRatio,
});
const partData = z.strictObject({
  kinds: z.array(z.string()).nullable(),
  segment: z.string().nullable(),
  assessed: z.enum(ASSESSED_PARTS),
  aged: z.strictObject({ scheme: z.string(), buckets: z.array(z.string()) }).nullable(),
});
const explanation = {
  /** What the figures are made of, exact; none in events from before alerts carried it. */
  bridges: z.array(bridgeData).default([]),
  part: partData.nullable().default(null),
};
/** As-of dates that count towards firing, or towards resolving. */
const periods = z.array(localDate);
const episodeData = {
  alertId: id,
  ruleId: id,
  ruleVersion: z.int().positive(),
  ruleName: z.string(),
  /** Type of the rule's definition, or of the system's own check; empty in events from before it was written. */
  ruleType: z.string().default(''),
  severity: z.enum(ALERT_SEVERITIES),
  /** Counts the episodes of one rule and labels from 1. */
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
  periods: periods.default([]),
  ...explanation,
};
export const alertPendingData = z.strictObject(episodeData);
export type AlertPendingData = z.infer<typeof alertPendingData>;
export const alertFiredData = z.strictObject({
  ...episodeData,
  /** The group it is told in; null in events from before alerts were grouped: it was told alone. */
  groupId: id.nullable().default(null),
  /** A figure beyond the told one by so much is worse; null: never. */
  worsenStep: ratio.nullable().default(null),
  /** Channels the rule named. What is told to which and when are decisions of the group. */
  channels: z.array(id).default([]),
  /** Whom it was told to, in events from before alerts were grouped. */
  notified,
});
export type AlertFiredData = z.infer<typeof alertFiredData>;

const figuresData = z.strictObject({
  baseAsOf: localDate.nullable(),
  before: ratio.nullable(),
  after: ratio,
  change: ratio.nullable(),
  cause: z.string(),
  inputs: jsonObject,
  ...explanation,
});
export type AlertFiguresData = z.infer<typeof figuresData>;
/** A pending alert that did not last. `periodsBefore`: what had counted, should the period's figures change. */
export const alertStoodDownData = z.strictObject({ alertId: id, asOf: localDate, reason: z.string(), periodsBefore: periods });
export const alertRecoveringData = z.strictObject({
  alertId: id,
  asOf: localDate,
  reason: z.string(),
  periods,
  figures: figuresData.nullable(),
});
/** Back from recovering before it had resolved. */
export const alertRefiredData = z.strictObject({
  alertId: id,
  asOf: localDate,
  reason: z.string(),
  periodsBefore: periods,
  figures: figuresData.nullable(),
});
export const alertWorsenedData = z.strictObject({
  alertId: id,
  asOf: localDate,
  /** What had been told, in the direction of the rule; now it is beyond that by at least the step. */
  toldBefore: ratio,
  figures: figuresData,
});
export const alertNoDataData = z.strictObject({ alertId: id, asOf: localDate, state: z.enum(['no-data', 'error']), reason: z.string() });
export const alertMeasuredData = z.strictObject({ alertId: id, asOf: localDate, reason: z.string() });

export const alertResolvedData = z.strictObject({
  alertId: id,
  reason: z.enum(RESOLUTION_REASONS),
  asOf: localDate,
  /** The figures that resolved it; null when its rule was changed or retired, or nothing is left to measure. */
  figures: figuresData.nullable(),
  notified,
});
export type AlertResolvedData = z.infer<typeof alertResolvedData>;

export const alertAcknowledgedData = z.strictObject({
  alertId: id,
  note: z.string().nullable(),
  /** The principal who has it; null: whoever acknowledged it. */
  owner: id.nullable().default(null),
  /** Told again then; null in acknowledgements from before they expired. */
  expiresAt: instant.nullable().default(null),
});

/** What was decided for a group on a channel, and by which reason: the memory of who has been told what. */
export const alertGroupDecidedData = z.strictObject({
  groupId: id,
  channelId: id,
  decision: z.enum(['notify', 'hold', 'suppress']),
  reason: z.string(),
  /** When it was decided, by the application's clock: timers count from here. */
  at: instant,
  /** When it is decided again at the latest; null: when something changes. */
  until: instant.nullable(),
  deliveryId: id.nullable(),
  /** Why the channel is told; null unless it is. */
  notify: z.enum(NOTIFY_REASONS).nullable(),
  /** Members whose news this does not settle, with the reason that keeps each quiet. */
  except: z.array(z.strictObject({ alertId: id, reason: z.string() })),
});
export type AlertGroupDecidedData = z.infer<typeof alertGroupDecidedData>;

export const silenceCreatedData = z.strictObject({
  silenceId: id,
  matchers: z.array(z.strictObject({ label: z.string(), operator: z.enum(['=', '!=']), value: z.string() })),
  startsAt: instant,
  endsAt: instant,
  reason: z.string(),
  /** Alerts that were open and quiet by it when it began: it ends with the last of them. */
  about: z.array(id),
});
export type SilenceCreatedData = z.infer<typeof silenceCreatedData>;
export const silenceEndedData = z.strictObject({
  silenceId: id,
  at: instant,
  reason: z.enum(['by-hand', 'worsened', 'resolved']),
  /** The alert that grew worse or ended; null by hand. */
  alertId: id.nullable(),
});
/** The alert grew worse under the silence: it is quiet by it no more, others are. */
export const silenceLiftedData = z.strictObject({ silenceId: id, at: instant, alertId: id });
export type SilenceLiftedData = z.infer<typeof silenceLiftedData>;
export type SilenceEndedData = z.infer<typeof silenceEndedData>;
export const notificationPolicySetData = z.strictObject({ policy: notificationPolicyFields });

export const deliveryRequestedData = z.strictObject({
  deliveryId: id,
  channelId: id,
  /** null for a test message. */
  alertId: id.nullable(),
  reason: z.enum(NOTIFY_REASONS),
  severity: z.enum(ALERT_SEVERITIES),
  /** The delivery that opened the same group on the same channel, so that mail programs thread them; the same as `threadOf`. */
  inReplyTo: id.nullable(),
  /** The group it belongs to; null for tests and digests. */
  groupId: id.nullable().default(null),
  /** The first delivery of the group's life on this channel: the message to edit and to thread under; null for that first one. */
  threadOf: id.nullable().default(null),
  /** Whether anything of the group still fires; null for tests and digests. */
  groupState: z.enum(['firing', 'resolved']).nullable().default(null),
  /** The delivery this one tells instead of; null for one of its own. */
  fallbackOf: id.nullable().default(null),
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

export const deliverySucceededData = z.strictObject({
  deliveryId: id,
  attempts: z.int().positive(),
  providerId: z.string().nullable(),
  reconciled: z.boolean().default(false),
});
export type DeliverySucceededData = z.infer<typeof deliverySucceededData>;
export const deliveryFailedData = z.strictObject({
  deliveryId: id,
  attempts: z.int().positive(),
  cause: z.enum(DELIVERY_FAILURES),
  reason: z.string(),
  /** The message that tells the same through another channel. */
  fallbackDeliveryId: id.nullable().default(null),
  /** Nobody answered the last attempt: it may have arrived all the same, and a replay asks for it first. */
  perhapsArrived: z.boolean().default(false),
});
export type DeliveryFailedData = z.infer<typeof deliveryFailedData>;

/** Schemas of the events by type: generates `docs/events/alerting.json`. */
export const alertingEventSchemas = {
  ...channelEventSchemas,
  AlertRuleDefined: alertRuleDefinedData,
  AlertRuleAmended: alertRuleAmendedData,
  AlertRuleRetired: alertRuleRetiredData,
  AlertFired: alertFiredData,
  AlertResolved: alertResolvedData,
  AlertAcknowledged: alertAcknowledgedData,
  AlertPending: alertPendingData,
  AlertStoodDown: alertStoodDownData,
  AlertRecovering: alertRecoveringData,
  AlertRefired: alertRefiredData,
  AlertWorsened: alertWorsenedData,
  AlertNoData: alertNoDataData,
  AlertMeasured: alertMeasuredData,
  AlertGroupDecided: alertGroupDecidedData,
  SilenceCreated: silenceCreatedData,
  SilenceEnded: silenceEndedData,
  SilenceLifted: silenceLiftedData,
  NotificationPolicySet: notificationPolicySetData,
  DeliveryRequested: deliveryRequestedData,
  DeliverySucceeded: deliverySucceededData,
  DeliveryFailed: deliveryFailedData,
  ...deliveryEventSchemas,
} as const;
export type AlertingEventType = keyof typeof alertingEventSchemas;

/** Codes 400-499 belong to alerting and never change meaning. */
export const events: readonly EventDefinition[] = [
  ...channelEvents,
  { code: 410, type: 'AlertRuleDefined', schemaVersion: 1 },
  { code: 411, type: 'AlertRuleAmended', schemaVersion: 1 },
  { code: 412, type: 'AlertRuleRetired', schemaVersion: 1 },
  { code: 420, type: 'AlertFired', schemaVersion: 1 },
  { code: 421, type: 'AlertResolved', schemaVersion: 1 },
  { code: 422, type: 'AlertAcknowledged', schemaVersion: 1 },
  { code: 423, type: 'AlertPending', schemaVersion: 1 },
  { code: 424, type: 'AlertStoodDown', schemaVersion: 1 },
  { code: 425, type: 'AlertRecovering', schemaVersion: 1 },
  { code: 426, type: 'AlertRefired', schemaVersion: 1 },
  { code: 427, type: 'AlertWorsened', schemaVersion: 1 },
  { code: 428, type: 'AlertNoData', schemaVersion: 1 },
  { code: 429, type: 'AlertMeasured', schemaVersion: 1 },
  { code: 430, type: 'DeliveryRequested', schemaVersion: 1 },
  { code: 431, type: 'DeliverySucceeded', schemaVersion: 1 },
  { code: 432, type: 'DeliveryFailed', schemaVersion: 1 },
  ...deliveryEvents,
  { code: 450, type: 'AlertGroupDecided', schemaVersion: 1 },
  { code: 451, type: 'SilenceCreated', schemaVersion: 1 },
  { code: 452, type: 'SilenceEnded', schemaVersion: 1 },
  { code: 453, type: 'NotificationPolicySet', schemaVersion: 1 },
  { code: 454, type: 'SilenceLifted', schemaVersion: 1 },
];
