import { ACTIVITY_CHANNELS } from '@app/collections';
import { DISPUTE_REASONS, DISPUTE_RESOLUTIONS } from '@app/credit-domain';
import { z } from 'zod';
import {
  figureQueryShape,
  figureStampShape,
  instantSchema,
  localDateSchema,
  moneyInput,
  moneySchema,
  pageQueryShape,
  pageSchema,
} from '../http';

const ID_LENGTH_MAX = 128;
const NOTE_LENGTH_MAX = 4_000;
const LINE_LENGTH_MAX = 200;
const ITEMS_MAX = 1_000;
const INSTALMENTS_MAX = 120;

/** Text over several lines: line breaks and tabs, no other control characters. */
const text = z
  .string()
  .trim()
  .min(1)
  .max(NOTE_LENGTH_MAX)
  .regex(/^(?:[^\p{Cc}]|[\n\r\t])*$/u, 'Must be text without control characters');
const line = z
  .string()
  .trim()
  .min(1)
  .max(LINE_LENGTH_MAX)
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u, 'Must be one line without control characters');
const receivableId = z.string().min(1).max(ID_LENGTH_MAX);
const receivableIds = z
  .array(receivableId)
  .min(1)
  .max(ITEMS_MAX)
  .refine((ids) => new Set(ids).size === ids.length, 'Each receivable once');

export const debtorIdParams = z.strictObject({ id: z.string().min(1).max(ID_LENGTH_MAX) });
export const caseParams = z.strictObject({ id: z.uuid() });
export const contactParams = z.strictObject({ id: z.string().min(1).max(ID_LENGTH_MAX), contactId: z.uuid() });
export const created = z.object({ id: z.string() });
export const caseListQuery = z.strictObject({ asOf: figureQueryShape.asOf, knownAt: figureQueryShape.knownAt, ...pageQueryShape });
export const caseQuery = z.strictObject({ asOf: figureQueryShape.asOf, knownAt: figureQueryShape.knownAt });
export const activitiesQuery = z.strictObject({ knownAt: instantSchema.optional(), ...pageQueryShape });

export const activityBody = z.strictObject({
  type: z.enum(ACTIVITY_CHANNELS),
  on: localDateSchema.optional().describe('the day it happened; default today'),
  note: text.nullable().optional(),
  contactId: z.uuid().nullable().optional(),
  receivableIds: receivableIds.optional(),
  nextContactOn: localDateSchema.nullable().optional().describe('when somebody is to take it up again'),
});
export const contactBody = z.strictObject({
  name: line,
  email: z.email().max(LINE_LENGTH_MAX).nullable().optional(),
  phone: line.nullable().optional(),
  role: line.nullable().optional(),
});
export const contactChanges = contactBody
  .partial()
  .refine((changes) => Object.values(changes).some((value) => value !== undefined), 'Expected something to amend');
export const removeContactQuery = z.strictObject({
  erase: z
    .enum(['true', 'false'])
    .default('false')
    .describe('destroy the key of the person: details and notes about them become unreadable for ever'),
});
export const promiseBody = z.strictObject({
  amount: moneyInput,
  dueOn: localDateSchema,
  madeOn: localDateSchema.optional().describe('the day it was said; default today'),
  receivableIds: receivableIds.optional().describe('default: the account as a whole'),
  note: text.nullable().optional(),
});
export const movePromiseBody = z.strictObject({ dueOn: localDateSchema, amount: moneyInput.optional(), reason: text });
export const reasonBody = z.strictObject({ reason: text.nullable().optional() }).optional();
export const disputeBody = z
  .strictObject({
    receivableId: receivableId.optional(),
    receivableIds: receivableIds.optional(),
    reason: z.enum(DISPUTE_REASONS),
    amount: moneyInput.optional().describe('default: all that is owed on the items'),
    note: text.nullable().optional(),
  })
  .transform(({ receivableId: one, receivableIds: many, ...dispute }, issues) => {
    const ids = many ?? (one === undefined ? undefined : [one]);
    if (ids === undefined || (one !== undefined && many !== undefined)) {
      issues.addIssue({ code: 'custom', message: 'Expected either receivableId or receivableIds', path: ['receivableIds'] });
      return z.NEVER;
    }
    return { ...dispute, receivableIds: ids };
  });
export const resolveBody = z.strictObject({
  resolution: z.enum(DISPUTE_RESOLUTIONS),
  creditNoteIds: z
    .array(z.string().min(1).max(ID_LENGTH_MAX))
    .max(ITEMS_MAX)
    .default([])
    .describe('the credit notes of an accepted dispute'),
  note: text.nullable().optional(),
});
export const planBody = z
  .strictObject({
    receivableIds,
    instalments: z
      .array(z.strictObject({ dueOn: localDateSchema, amount: moneyInput }))
      .min(1)
      .max(INSTALMENTS_MAX),
    reason: text,
    approved: z.boolean().default(false).describe('the creditor has bound itself to it: the contract is modified'),
  })
  .refine(({ instalments }) => new Set(instalments.map(({ amount }) => amount.currency)).size === 1, {
    message: 'Every instalment in one currency',
    path: ['instalments'],
  });
export const policyBody = z.strictObject({ promiseGraceDays: z.int().min(0).max(60) });

const date = z.string().meta({ format: 'date' });
const position = z.int().describe('of the event it opens to: /v1/events?after=<position - 1>');
const rate = z.string().nullable().describe('a fraction; null = nothing to divide by');
export const note = z.object({ text: z.string().nullable(), erased: z.boolean() }).nullable();
const counted = z.array(z.object({ movementId: z.string(), amount: moneySchema }));

export const activityView = z.object({
  id: z.string(),
  type: z.enum(ACTIVITY_CHANNELS),
  on: date,
  note,
  contactId: z.string().nullable(),
  receivableIds: z.array(z.string()),
  nextContactOn: date.nullable(),
  recordedAt: z.string().meta({ format: 'date-time' }),
  principalId: z.string(),
  position,
});
export const activityPage = pageSchema(activityView);
export const contactView = z.object({
  id: z.string(),
  erased: z.boolean(),
  name: z.string().nullable(),
  email: z.string().nullable(),
  phone: z.string().nullable(),
  role: z.string().nullable(),
});
export const contactList = z.object({ items: z.array(contactView) });

const judgement = z.object({
  outcome: z.enum(['kept', 'part-kept', 'broken', 'open']),
  on: date,
  recordedAt: z.string().meta({ format: 'date-time' }),
  paid: moneySchema,
  counted: counted.describe('each payment counts once over all promises and instalments of the debtor'),
  unclassified: moneySchema.describe('settlements nobody has classified that would have counted as well'),
  position,
});
export const promiseView = z.object({
  id: z.string(),
  debtorId: z.string(),
  state: z.enum(['open', 'kept', 'part-kept', 'broken', 'withdrawn']),
  amount: moneySchema,
  paid: moneySchema.describe('by the latest judgement'),
  dueOn: date,
  graceDays: z.int(),
  madeOn: date,
  receivableIds: z.array(z.string()).nullable().describe('null: the account as a whole'),
  note,
  moves: z.array(z.object({ on: date, fromDueOn: date, fromAmount: moneySchema, reason: note, position })),
  judgements: z.array(judgement).describe('every judgement stays on record; the last one holds'),
  withdrawn: z.object({ on: date, reason: note, position }).nullable(),
  position,
});
export const promisePage = z.object({ ...figureStampShape, ...pageSchema(promiseView).shape });

export const disputeView = z.object({
  id: z.string(),
  debtorId: z.string(),
  state: z.enum(['open', ...DISPUTE_RESOLUTIONS]),
  receivableIds: z.array(z.string()),
  reason: z.enum(DISPUTE_REASONS),
  amount: moneySchema,
  raisedOn: date,
  note,
  resolved: z.object({ on: date, resolution: z.enum(DISPUTE_RESOLUTIONS), creditNoteIds: z.array(z.string()), note, position }).nullable(),
  position,
});
export const disputePage = z.object({ ...figureStampShape, ...pageSchema(disputeView).shape });

export const planView = z.object({
  id: z.string(),
  debtorId: z.string(),
  state: z.enum(['running', 'broken', 'kept', 'cancelled']),
  agreedOn: date,
  approved: z.boolean(),
  reason: note,
  items: z.array(
    z.object({
      receivableId: z.string(),
      dueOn: date.nullable().describe('stays what it was: the age is counted from it'),
      outstanding: moneySchema,
      daysPastDue: z.int().nullable(),
      modifiedPastDue30: z.boolean().describe('modified while more than 30 days past due (IFRS 7.35A(a))'),
    }),
  ),
  instalments: z.array(
    z.object({
      dueOn: date,
      amount: moneySchema,
      state: z.enum(['open', 'kept', 'part-kept', 'broken']),
      paid: moneySchema,
      judgements: z.array(judgement),
    }),
  ),
  cancelled: z.object({ on: date, reason: note, position }).nullable(),
  position,
});
export const planPage = z.object({ ...figureStampShape, ...pageSchema(planView).shape });

export const modificationsQuery = z.strictObject({
  from: localDateSchema,
  to: localDateSchema,
  knownAt: figureQueryShape.knownAt,
  ...pageQueryShape,
});
const modification = z.object({
  planId: z.string(),
  debtorId: z.string(),
  agreedOn: date,
  receivableId: z.string(),
  outstanding: moneySchema.describe('owed before'),
  daysPastDue: z.int(),
  position,
});
export const modificationPage = z.object({ knownAt: z.string().meta({ format: 'date-time' }), ...pageSchema(modification).shape });

const causing = z.object({ event: z.string(), on: date, position });
const pause = z.object({
  cause: z.enum(['promise', 'dispute', 'payment-plan']),
  id: z.string(),
  receivableIds: z.array(z.string()).nullable().describe('null: everything the debtor owes'),
  by: causing,
  until: date.nullable(),
  ended: z.object({ ...causing.shape, reason: z.string() }).nullable(),
});
export const chasingState = z.object({
  paused: z.boolean().describe('the debtor as a whole; a pause may also hold single items back'),
  pauses: z.array(pause),
  resumed: z.array(pause),
});
export const chasingAnswer = z.object({ ...figureStampShape, debtorId: z.string(), ...chasingState.shape });

export const keepRateView = z.object({
  kept: z.int(),
  partKept: z.int(),
  broken: z.int(),
  undetermined: z.int().describe('an unclassified settlement may have been the payment: in no rate'),
  rate,
  lowest: rate,
  highest: rate,
  amounts: z.array(z.object({ promised: moneySchema, paid: moneySchema, rate })),
});
export const collectionsSummary = z.object({
  openPromises: z.array(z.object({ id: z.string(), amount: moneySchema, dueOn: date })),
  brokenPromises: z.array(z.object({ id: z.string(), amount: moneySchema, paid: moneySchema, dueOn: date, position })),
  openDisputes: z.array(z.object({ id: z.string(), amount: moneySchema, position })),
  runningPlans: z.array(z.string()),
  keepRate: keepRateView,
  chasing: chasingState,
  nextContactOn: date.nullable(),
});
