import { ALERT_SEVERITIES, DELIVERY_FAILURES, FIGURE_UNITS, isSignal, NOTIFY_REASONS, RESOLUTION_REASONS } from '@app/credit-domain';
import { ALERT_STATES, TRANSITION_TYPES } from '@app/alerting';
import { z } from 'zod';
import { localDateSchema, pageQueryShape } from '../http';
import { checkCloseRule, closeRules, lineOf } from './close-rules.schemas';
import { groupDecision, notificationPolicy, ruleSettingsShape } from './notification.schemas';
import { refineSignal, signalDefinitions } from './signal-rules.schemas';

const NAME_LENGTH_MAX = 120;
const RULE_CHANNELS_MAX = 10;

const uuid = z
  .string()
  .regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, 'Expected a UUID')
  .toLowerCase();
export const idParams = z.strictObject({ id: uuid });

const instant = z.string().meta({ format: 'date-time' });
export const ruleDefinition = z
  .discriminatedUnion('type', [...closeRules, ...signalDefinitions])
  .superRefine((definition, refinement) => {
    const refuse = (path: (string | number)[], message: string): void => {
      refinement.addIssue({ code: 'custom', path, message });
    };
    if (isSignal(definition)) refineSignal(definition, refuse);
    else checkCloseRule(definition, refuse);
  })
  .meta({ id: 'AlertRuleDefinition' });

export const ruleBody = z.strictObject({
  name: lineOf(NAME_LENGTH_MAX).meta({ example: 'Over three years' }),
  severity: z.enum(ALERT_SEVERITIES).default('warning'),
  channels: z.array(uuid).max(RULE_CHANNELS_MAX).default([]).describe('ids of the channels that are told'),
  definition: ruleDefinition,
  ...ruleSettingsShape,
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
    forPeriods: z.int(),
    recoverPeriods: z.int(),
    noData: z.enum(['keep', 'alert']),
    worsenBy: z.string(),
    notification: notificationPolicy.nullable().describe('null: the policy of the tenant'),
    definedAt: instant,
    evaluation: z
      .object({ asOf: localDateSchema, results: z.array(evaluationResult) })
      .nullable()
      .describe('what this version said about the latest close, also when nobody was told'),
  })
  .meta({ id: 'AlertRule' });
export const alertRuleList = z.object({ items: z.array(alertRule) });
export const created = z.object({ id: z.string() });

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
    state: z.enum(ALERT_STATES),
    gap: z.enum(['no-data', 'error']).nullable().describe('set while the figures cannot be had; the alert stands as it was'),
    groupId: z.string().nullable().describe('the alerts it is told with: GET /v1/alert-groups/{id}'),
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
    latest: z
      .object({
        asOf: localDateSchema,
        baseAsOf: localDateSchema.nullable(),
        before: z.string().nullable(),
        after: z.string(),
        change: z.string().nullable(),
        cause: z.string(),
      })
      .nullable()
      .describe('the figures it grew worse or ended by; null while those it fired by stand'),
    acknowledged: z
      .object({ by: z.string(), at: instant, note: z.string().nullable(), owner: z.string(), expiresAt: instant.nullable() })
      .nullable(),
  })
  .meta({ id: 'AlertSummary' });

const alertExplanation = z.object({
  bridges: z
    .array(
      z.object({
        subject: z.string(),
        opening: z.string(),
        legs: z.array(z.object({ cause: z.string(), amount: z.string() })),
        closing: z.string(),
      }),
    )
    .describe('as printed: the legs of each add up'),
  debtors: z.array(z.object({ debtorId: z.string(), amount: z.string() })).describe('the largest of the part it speaks about'),
  view: z.string().nullable().describe('path and query of the view it speaks about, at its as-of date and as it was known'),
});
export const alertDetail = z
  .object({
    ...alertSummary.shape,
    inputs: z.looseObject({}).describe('every figure the decision rests on; money in minor units'),
    transitions: z.array(
      z.object({
        type: z.enum(TRANSITION_TYPES),
        at: instant,
        asOf: localDateSchema.nullable(),
        reason: z.string().nullable(),
        principalId: z.string(),
      }),
    ),
    deliveries: z.array(delivery),
    decisions: z.array(groupDecision).describe('who was told of its group when, who was not, and why'),
    explanation: alertExplanation.describe('why it moved, as its messages say it'),
  })
  .meta({ id: 'Alert' });

export const alertsQuery = z.strictObject({
  ...pageQueryShape,
  state: z.enum(ALERT_STATES).optional(),
  ruleId: uuid.optional(),
});
export const deliveriesQuery = z.strictObject({
  ...pageQueryShape,
  state: z.enum(['pending', 'succeeded', 'failed']).optional(),
  channelId: uuid.optional(),
  alertId: uuid.optional(),
});
