import { ACKNOWLEDGEMENT_SCOPES } from '@app/alerting';
import { MATCHED_FIELDS, SILENCE_DAYS_MAX } from '@app/credit-domain';
import { z } from 'zod';
import { localDateSchema, pageQueryShape } from '../http';
import { lineOf } from './close-rules.schemas';

const REASON_LENGTH_MAX = 500;
const LABEL_LENGTH_MAX = 100;
const MATCHERS_MAX = 20;
const ESCALATION_CHANNELS_MAX = 10;
const ZONE_LENGTH_MAX = 64;
const REPEAT_HOURS_MAX = 720;
const ESCALATION_MINUTES_MAX = 10_080;
const PERIODS_MAX = 60;

export const uuid = z
  .string()
  .regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, 'Expected a UUID')
  .toLowerCase();
export const instantBody = z.iso.datetime({ offset: true }).describe('RFC 3339');
export const shownInstant = z.string().meta({ format: 'date-time' });

const localTime = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'Expected a time of day like "08:00"')
  .meta({ example: '08:00' });

const hours = z
  .strictObject({
    days: z.array(z.int().min(1).max(7)).min(1).max(7).describe('ISO weekdays, Monday = 1'),
    from: localTime,
    to: localTime.describe('exclusive; after `from`'),
  })
  .refine(({ from, to }) => from < to, { path: ['to'], message: 'to must be after from' });

const timeZone = z
  .string()
  .max(ZONE_LENGTH_MAX)
  .refine((name) => isTimeZone(name), 'Expected an IANA time zone like "Europe/Berlin"')
  .meta({ example: 'Europe/Berlin' });

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

export const notificationPolicy = z
  .strictObject({
    timeZone: timeZone.nullable().default(null).describe("of `hours` and `digestAt`; null: the tenant's"),
    hours: hours.nullable().default(null).describe('when messages below critical may arrive; null: always'),
    digestAt: localTime
      .nullable()
      .default(null)
      .describe('what is below critical comes in one message a day and channel, then; null: at once'),
    repeatHours: z
      .int()
      .min(1)
      .max(REPEAT_HOURS_MAX)
      .nullable()
      .default(null)
      .describe('told again after so many hours while it fires and nobody has acknowledged it; null: never'),
    escalation: z
      .strictObject({
        channels: z.array(uuid).min(1).max(ESCALATION_CHANNELS_MAX),
        afterMinutes: z.int().min(1).max(ESCALATION_MINUTES_MAX),
      })
      .nullable()
      .default(null)
      .describe('who is told when nobody has acknowledged in time; null: nobody'),
  })
  .meta({ id: 'NotificationPolicy' });

const share = z
  .string()
  .regex(/^\d{1,3}(?:\.\d{1,18})?$/, 'Expected a share like "0.5"')
  .refine((text) => /[1-9]/.test(text), 'Must be above 0')
  .meta({ example: '0.5' });

/** What a rule counts by, besides what it measures. */
export const ruleSettingsShape = {
  forPeriods: z.int().min(1).max(PERIODS_MAX).optional().describe('breached in so many periods in a row before it fires; default 1'),
  recoverPeriods: z
    .int()
    .min(1)
    .max(PERIODS_MAX)
    .optional()
    .describe('clear in so many periods in a row before it resolves; default 2 for rules on closes, 1 for rules on the day'),
  noData: z
    .enum(['keep', 'alert'])
    .optional()
    .describe('what missing figures do: keep the alert as it is (default), or be an alert of their own; they never resolve one'),
  worsenBy: share.optional().describe('a figure beyond the told one by this share of `enter` is told again; default "0.5"'),
  notification: notificationPolicy
    .nullable()
    .optional()
    .describe("replaces the tenant's policy for this rule; null (default): the tenant's"),
};

/** What people write about alerts is an event in clear, unlike what they write about debtors. */
const KEPT_FOR_EVER = 'kept in the log for ever: it must not hold personal data';

const matcher = z.strictObject({
  label: lineOf(LABEL_LENGTH_MAX).describe(`a label of the alert, or ${MATCHED_FIELDS.join(', ')}`),
  operator: z.enum(['=', '!=']).default('='),
  value: lineOf(LABEL_LENGTH_MAX),
});
export const silenceBody = z.strictObject({
  matchers: z.array(matcher).min(1).max(MATCHERS_MAX).describe('an alert is quiet when all of them hold'),
  startsAt: instantBody.optional().describe('default: now'),
  endsAt: instantBody.describe(
    `at most ${String(SILENCE_DAYS_MAX)} days after it starts; an alert that grows worse is lifted from it; it ends early when all it was about are lifted or over`,
  ),
  reason: lineOf(REASON_LENGTH_MAX).describe(KEPT_FOR_EVER),
});
export const silence = z
  .object({
    id: z.string(),
    status: z.enum(['scheduled', 'active', 'ended']),
    matchers: z.array(z.object({ label: z.string(), operator: z.enum(['=', '!=']), value: z.string() })),
    startsAt: shownInstant,
    endsAt: shownInstant,
    reason: z.string(),
    createdBy: z.string(),
    createdAt: shownInstant,
    lifted: z.array(z.string()).describe('alerts that grew worse under it: it covers them no more'),
    ended: z
      .object({ at: shownInstant, reason: z.enum(['by-hand', 'worsened', 'resolved']), alertId: z.string().nullable(), by: z.string() })
      .nullable()
      .describe('before its time; null: it runs, or ran, to its end'),
  })
  .meta({ id: 'Silence' });
export const silencesQuery = z.strictObject(pageQueryShape);

export const acknowledgeBody = z
  .strictObject({
    note: z.string().trim().min(1).max(2_000).optional().describe(KEPT_FOR_EVER),
    owner: uuid.optional().describe('the principal who has it; default: who acknowledges'),
    expiresAt: instantBody.optional().describe('told again then, if it still fires; default in 7 days, at most 90'),
    scope: z
      .enum(ACKNOWLEDGEMENT_SCOPES)
      .default('alert')
      .describe(
        '`group`: every open alert told together with it; `alert` (default): others of its group are repeated and escalated as before',
      ),
  })
  .optional();

/** One decision of the pipeline: who was told or not, and the reason by name. */
export const groupDecision = z
  .object({
    channelId: z.string(),
    decision: z.enum(['notify', 'hold', 'suppress']),
    reason: z.string().describe('first-notification, new-alerts, grew-worse, outside-business-hours, silenced, carried-by-book-alert, ...'),
    at: shownInstant,
    until: shownInstant.nullable().describe('when it is decided again at the latest'),
    deliveryId: z.string().nullable(),
    except: z.array(z.object({ alertId: z.string(), reason: z.string() })).describe('alerts of the group that stay quiet, and why'),
  })
  .meta({ id: 'AlertGroupDecision' });

export const alertGroupMember = z.object({
  id: z.string(),
  state: z.string(),
  ruleId: z.string(),
  ruleName: z.string(),
  severity: z.string(),
  labels: z.record(z.string(), z.string()),
  asOf: localDateSchema,
  cause: z.string(),
  toldOn: z.array(z.string()).describe('channels that know it fires'),
});
