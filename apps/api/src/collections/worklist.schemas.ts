import { WORK_OUTCOMES } from '@app/collections';
import { SCORE_PARTS } from '@app/credit-domain';
import { z } from 'zod';
import { figureQueryShape, figureStampShape, localDateSchema, moneySchema, pageQueryShape } from '../http';

const ID_LENGTH_MAX = 128;
const SEGMENTS_MAX = 200;
const RULES_MAX = 100;
const SEGMENT_POINTS_MAX = 20;

const date = z.string().meta({ format: 'date' });
const { asOf, knownAt } = figureQueryShape;

export const debtorIdParam = z.strictObject({ debtorId: z.string().min(1).max(ID_LENGTH_MAX) });
export const worklistQuery = z.strictObject({
  asOf,
  knownAt,
  controller: z
    .union([z.uuid(), z.literal('me'), z.literal('nobody')])
    .optional()
    .describe('a principal, `me`, or `nobody`; default everybody’s'),
  putOff: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true')
    .describe('also debtors that were put off'),
  ...pageQueryShape,
});

const part = z.object({
  part: z.enum(SCORE_PARTS),
  points: z.string(),
  why: z.string(),
  positions: z.array(z.int()).describe('of the events it is made of: GET /v1/events?after=position-1'),
  opens: z.string().nullable().describe('the balances it is made of'),
});
export const worklist = z.object({
  ...figureStampShape,
  currency: z.string(),
  halfPointsAt: moneySchema.nullable().describe('the overdue amount worth half of the points: the average of the overdue debtors'),
  items: z.array(
    z.object({
      debtorId: z.string(),
      segment: z.string(),
      controllerId: z.string().nullable(),
      assignedBy: z.enum(['person', 'rule']).nullable(),
      score: z.string(),
      parts: z.array(part),
      overdue: moneySchema.nullable().describe('null when a rate is missing'),
      overdueBy: z.array(moneySchema),
      oldestDueOn: date.nullable(),
      daysPastDue: z.int(),
      limitBand: z.string().nullable(),
      nextContactOn: date.nullable(),
      putOff: z.object({ how: z.enum(['snoozed', 'done']), until: date, since: date }).nullable(),
      backEarly: z.enum(['overdue-grew', 'promise-broken', 'limit-band-rose']).nullable().describe('why it is here though it was put off'),
    }),
  ),
  next: z.string().nullable(),
});

export const assignBody = z.strictObject({ controllerId: z.uuid().nullable().describe('null: the rules decide again') });
export const snoozeBody = z.strictObject({
  until: localDateSchema.describe('back on this day by itself, or as soon as it has become worse'),
});
export const doneBody = z.strictObject({ outcome: z.enum(WORK_OUTCOMES), until: localDateSchema.optional().describe('default tomorrow') });
export const debtorAnswer = z.object({ debtorId: z.string() });

const segment = z.string().max(ID_LENGTH_MAX);
export const worklistPolicyBody = z.strictObject({
  assignments: z
    .array(
      z.strictObject({ segments: z.array(segment).min(1).max(SEGMENTS_MAX).optional().describe('default all'), controllerId: z.uuid() }),
    )
    .max(RULES_MAX)
    .describe('the first that fits a debtor counts; an assignment of the debtor itself comes before'),
  segmentPoints: z
    .array(z.strictObject({ segment, points: z.int().min(-SEGMENT_POINTS_MAX).max(SEGMENT_POINTS_MAX) }))
    .max(SEGMENTS_MAX)
    .default([]),
});
export const worklistPolicy = z.object({
  assignments: z.array(z.object({ segments: z.array(z.string()).nullable(), controllerId: z.string() })),
  segmentPoints: z.array(z.object({ segment: z.string(), points: z.number() })),
});
