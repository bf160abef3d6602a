import { BRIDGE_CAUSES, GROSS_CAUSES } from '@app/credit-domain';
import { z } from 'zod';
import { figureStampShape, instantSchema, moneySchema, pageQueryShape } from '../http';
import { kindSchema } from './provisioning.schemas';

const POINT = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const point = z.string().regex(POINT, 'Expected the id of a provision run or a date YYYY-MM-DD');

const ends = {
  from: point.describe('id of a completed run, or a date computed for this bridge'),
  to: point.describe('id of a completed run, or a date, not before `from`'),
  fromKnownAt: instantSchema.optional().describe('what had been recorded by then, where `from` is a date; default now'),
  toKnownAt: instantSchema.optional().describe('the same for `to`'),
};
export const bridgeQuery = z.strictObject(ends);
export const bridgeReceivablesQuery = z.strictObject({
  ...ends,
  cause: z.enum(BRIDGE_CAUSES),
  kind: kindSchema.optional(),
  ...pageQueryShape,
});

const end = z.object({ runId: z.string().nullable().describe('null = a date'), ...figureStampShape });
const legAmounts = {
  amount: moneySchema,
  collective: moneySchema,
  individual: moneySchema,
  staged: moneySchema,
};
const legOf = <Cause extends readonly [string, ...string[]]>(causes: Cause) =>
  z.object({ cause: z.enum(causes), ...legAmounts, receivables: z.int().describe('receivables with an amount in this leg') });
const movementOf = <Cause extends readonly [string, ...string[]]>(causes: Cause) => ({
  opening: moneySchema,
  legs: z.array(legOf(causes)).describe('in this fixed order; opening and legs make up closing exactly'),
  closing: moneySchema,
});
const cell = {
  entityId: z.string(),
  kind: z.string(),
  side: z.enum(['collective', 'individual', 'staged']),
  stage: z.int().nullable(),
};
const bothWays = <Cause extends readonly [string, ...string[]]>(causes: Cause) => ({
  ...movementOf(causes),
  byKind: z.array(z.object({ kind: z.string(), ...movementOf(causes) })),
  byCell: z.array(z.object({ ...cell, ...movementOf(causes) })).describe('by entity, kind, side and stage'),
});

const effect = { rateEffect: moneySchema, volumeAndMix: moneySchema, change: moneySchema };
export const allowanceBridge = z
  .object({
    from: end,
    to: end,
    ...figureStampShape,
    currency: z.string(),
    ...bothWays(BRIDGE_CAUSES),
    twoFactor: z
      .object({ ...effect, byKind: z.array(z.object({ kind: z.string(), ...effect })) })
      .describe('collective allowance: sum (r1 - r0) g1 over the buckets, and the rest'),
    stageTransfers: z.array(
      z.object({
        ...{ entityId: z.string(), kind: z.string(), fromStage: z.int(), toStage: z.int() },
        gross: moneySchema,
        allowance: moneySchema.describe('as carried before the change of stage; net 0 over the stages'),
      }),
    ),
  })
  .meta({ id: 'AllowanceBridge' });

export const grossRollForward = z
  .object({ from: end, to: end, ...figureStampShape, currency: z.string(), ...bothWays(GROSS_CAUSES) })
  .meta({ id: 'GrossRollForward' });

const receivable = z.object({
  receivableId: z.string(),
  debtorId: z.string(),
  documentNo: z.string(),
  kind: z.string(),
  ...legAmounts,
  opening: moneySchema,
  closing: moneySchema,
  events: z
    .array(
      z.object({
        type: z.string(),
        id: z.string(),
        effectiveOn: z.string().meta({ format: 'date' }),
        position: z.int().nullable().describe('position of its event in the log'),
      }),
    )
    .describe('the facts and decisions behind the amount'),
});
export const bridgeReceivablesPage = z.object({
  ...{ from: end, to: end, ...figureStampShape, currency: z.string() },
  items: z.array(receivable),
  next: z.string().nullable(),
});
