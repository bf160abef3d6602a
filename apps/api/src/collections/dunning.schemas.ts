import { DUNNING_CHANNELS, KINDS_WITH_ECL, MERGE_FIELDS, NOT_DUNNED_REASONS } from '@app/credit-domain';
import { z } from 'zod';
import { localDateSchema, moneyInput, moneySchema, pageQueryShape } from '../http';

const ID_LENGTH_MAX = 128;
const NAME_LENGTH_MAX = 120;
const SUBJECT_LENGTH_MAX = 200;
const BODY_LENGTH_MAX = 20_000;
const REASON_LENGTH_MAX = 500;
const LEVELS_MAX = 9;
const DAYS_MAX = 3_650;
const LIST_MAX = 100;
const PREVIEW_DEBTORS_MAX = 500;

const date = z.string().meta({ format: 'date' });
const line = (lengthMax: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(lengthMax)
    .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u, 'Must be one line without control characters');
const amountAboveZero = moneyInput.refine(({ minor }) => minor > 0n, { message: 'Must be above zero', path: ['amount'] });
const fields = MERGE_FIELDS.map((field) => `{{${field}}}`).join(' ');

const levelBody = z
  .strictObject({
    level: z.int().min(1).max(LEVELS_MAX).describe('1, 2, 3 … in order'),
    daysPastDue: z.int().min(1).max(DAYS_MAX).describe('of each item by its own due date; strictly rising'),
    waitDays: z
      .int()
      .min(0)
      .max(DAYS_MAX)
      .default(0)
      .describe('days since the former level of the item was sent; at least 1 from level 2 on'),
    minimumAmount: amountAboveZero.optional().describe('the items of a letter come to at least this'),
    channel: z.enum(DUNNING_CHANNELS),
    mailChannelId: z.uuid().optional().describe('the email channel whose server sends it; for `email`'),
    subject: z.string().trim().min(1).max(SUBJECT_LENGTH_MAX).describe('one line; merge fields as in the body, without {{items}}'),
    body: z.string().min(1).max(BODY_LENGTH_MAX).describe(`plain text; empty lines part paragraphs; merge fields: ${fields}`),
    fee: amountAboveZero.optional().describe('kept as a fact of its own, not a receivable'),
  })
  .superRefine(({ channel, mailChannelId }, issues) => {
    if ((channel === 'email') === (mailChannelId !== undefined)) return;
    const message = channel === 'email' ? 'An email goes out through an email channel: name it' : 'A letter on paper has no channel';
    issues.addIssue({ code: 'custom', message, path: ['mailChannelId'] });
  });

export const dunningPolicyBody = z.strictObject({
  name: line(NAME_LENGTH_MAX),
  appliesTo: z
    .strictObject({
      segments: z.array(z.string().max(ID_LENGTH_MAX)).min(1).max(LIST_MAX).optional().describe('default all'),
      kinds: z.array(z.enum(KINDS_WITH_ECL)).min(1).optional().describe('default all'),
      minimumAmount: amountAboveZero.optional().describe('items that owe less are left alone'),
    })
    .default({}),
  levels: z.array(levelBody).min(1).max(LEVELS_MAX),
});

const policyShape = {
  id: z.string(),
  version: z.int(),
  status: z.enum(['active', 'retired']),
  name: z.string(),
  appliesTo: z.object({
    segments: z.array(z.string()).nullable(),
    kinds: z.array(z.string()).nullable(),
    minimumAmount: moneySchema.nullable(),
  }),
  levels: z.array(
    z.object({
      level: z.int(),
      daysPastDue: z.int(),
      waitDays: z.int(),
      minimumAmount: moneySchema.nullable(),
      channel: z.enum(DUNNING_CHANNELS),
      mailChannelId: z.string().nullable(),
      subject: z.string(),
      body: z.string(),
      fee: moneySchema.nullable(),
    }),
  ),
};
export const dunningPolicies = z.object({ items: z.array(z.object(policyShape)) });

export const runBody = z.strictObject({
  asOf: localDateSchema.optional().describe('default today; never before the last run'),
  preview: z.boolean().default(false).describe('says who would get what and who not, and writes nothing'),
  cursor: z.string().max(2048).optional().describe('of a preview'),
  limit: z.int().min(1).max(PREVIEW_DEBTORS_MAX).default(PREVIEW_DEBTORS_MAX).describe('debtors looked at by one page of a preview'),
});

const notDunned = z.object({
  receivableId: z.string(),
  reason: z.enum(NOT_DUNNED_REASONS),
  level: z.int().nullable().describe('the level it would be next'),
  until: date.nullable().describe('the first day on which this reason no longer stands, where the calendar alone decides'),
});
export const preview = z.object({
  asOf: date,
  position: z.int(),
  debtors: z.array(
    z.object({
      debtorId: z.string(),
      letters: z.array(
        z.object({
          policyId: z.string(),
          policyVersion: z.int(),
          level: z.int(),
          channel: z.enum(DUNNING_CHANNELS),
          total: moneySchema,
          items: z.array(z.object({ receivableId: z.string(), outstanding: moneySchema, dueOn: date, daysPastDue: z.int() })),
        }),
      ),
      notDunned: z.array(notDunned),
    }),
  ),
  next: z.string().nullable(),
});
export const runAnswer = z.object({ id: z.string(), preview: preview.nullable().describe('null for a run') });

const runShape = {
  id: z.string(),
  asOf: date,
  status: z.enum(['queued', 'running', 'completed', 'failed']),
  principalId: z.string(),
  knownTo: z.int().nullable(),
  letters: z.int(),
  notDunned: z.partialRecord(z.enum(NOT_DUNNED_REASONS), z.int()).describe('items in no letter, by reason; every run looks at them again'),
  requestedAt: z.string().meta({ format: 'date-time' }),
};
export const dunningRun = z.object(runShape);
export const dunningRuns = z.object({ items: z.array(dunningRun) });
export const runsQuery = z.strictObject({ limit: pageQueryShape.limit });

const LETTER_STATES = ['issued', 'sending', 'sent', 'failed', 'withdrawn'] as const;
export const lettersQuery = z.strictObject({
  debtorId: z.string().max(ID_LENGTH_MAX).optional(),
  runId: z.uuid().optional(),
  state: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(LETTER_STATES)))
    .optional()
    .describe(`of ${LETTER_STATES.join(', ')}; several with commas between them`),
  ...pageQueryShape,
});
export const letterShape = {
  id: z.string(),
  debtorId: z.string(),
  runId: z.string(),
  policyId: z.string(),
  policyVersion: z.int(),
  level: z.int(),
  channel: z.enum(DUNNING_CHANNELS),
  issuedOn: date,
  state: z.enum(LETTER_STATES),
  sentOn: date.nullable(),
  failure: z.string().nullable().describe('why it did not go out; `nothing-owed` where it withdrew itself because everything was paid'),
  total: moneySchema,
  fee: moneySchema.nullable(),
  receivableIds: z.array(z.string()),
  nothingOwed: z.boolean().describe('it has not gone out and all of its items are paid: withdraw it'),
  position: z.int(),
};
export const dunningLetters = z.object({ items: z.array(z.object(letterShape)), next: z.string().nullable() });

export const letterQuery = z.strictObject({ format: z.enum(['html', 'text', 'json']).default('html') });
export const sentBody = z.strictObject({ on: localDateSchema.optional().describe('default today') }).default({});
export const withdrawBody = z.strictObject({ reason: line(REASON_LENGTH_MAX) });
export const nothing = z.object({ id: z.string() });
