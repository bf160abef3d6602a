import { AGEING_BASES, RECEIVABLE_KINDS } from '@app/credit-domain';
import { AGEING_GROUPINGS, ASSESSED_CHOICES } from '@app/receivables';
import { z } from 'zod';
import { figureQueryShape, figureStampShape, moneySchema } from '../http';

const kindSchema = z.enum(RECEIVABLE_KINDS);
const basisSchema = z.enum(['recognition', 'invoice', 'due']);

export const ageingQuery = z.strictObject({
  ...figureQueryShape,
  kind: kindSchema.optional().describe('default every kind with expected credit losses'),
  scheme: z
    .string()
    .max(64)
    .optional()
    .describe('ageing scheme; default the one of the kind’s loss rates in force, else months-6-12-24-36-48'),
  basis: basisSchema.optional().describe(`count age from another date than the scheme does: ${AGEING_BASES.join(', ')}`),
  assessed: z
    .enum(ASSESSED_CHOICES)
    .default('all')
    .describe('all debtors, those left to the matrix, or those individually assessed on the date'),
  groupBy: z.enum(AGEING_GROUPINGS).default('total'),
});
export type AgeingQueryInput = z.output<typeof ageingQuery>;

export const ageingAnswer = z.object({
  ...figureStampShape,
  currency: z.string(),
  scheme: z.string(),
  basis: basisSchema,
  groups: z.array(
    z.object({
      key: z.string(),
      buckets: z.array(z.object({ label: z.string(), amount: moneySchema })),
      total: moneySchema,
      creditBalance: moneySchema.optional().describe('unapplied cash and credits of the group: a liability outside every bucket'),
    }),
  ),
  creditBalance: moneySchema.describe('unapplied cash and credits of the whole book: a liability outside every bucket'),
});

/** The definition itself is checked by the domain, which names the bucket at fault. */
export const schemeBody = z.looseObject({
  id: z.string().meta({ example: 'days-30-60' }),
  basis: z.unknown().meta({ description: 'recognition, invoice or due' }),
  buckets: z
    .unknown()
    .meta({ description: '[{label, upTo: {days | months | years: n}}, …, {label, over: true}]: strictly rising, one over at the end' }),
});

export const schemeAnswer = z.object({ id: z.string() });
export const schemeListAnswer = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      basis: basisSchema,
      builtIn: z.boolean(),
      buckets: z.array(z.object({ label: z.string(), upTo: z.record(z.string(), z.int()).optional(), over: z.literal(true).optional() })),
    }),
  ),
});
