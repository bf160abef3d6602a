import { METRIC_UNITS } from '@app/provisioning';
import { z } from 'zod';
import { figureQueryShape, figureStampShape, localDateSchema, moneySchema } from '../http';
import { kindSchema } from './provisioning.schemas';

const ENTITY_ID_LENGTH_MAX = 200;
const AMOUNT_LENGTH_MAX = 40;
const DAYS_MAX = 3_660;
const TOP_DEFAULT = 10;
const TOP_MAX = 1_000;
const MONTHS_DEFAULT = 12;
const MONTHS_MAX = 120;

const entityId = z.string().min(1).max(ENTITY_ID_LENGTH_MAX).optional().describe('default every entity');
export const metricsQuery = z.strictObject({
  ...figureQueryShape,
  from: localDateSchema.optional().describe('the period is after this day up to asOf; default twelve months before'),
  kind: kindSchema.optional().describe('default every kind with expected credit losses'),
  entityId,
  sales: z
    .string()
    .max(AMOUNT_LENGTH_MAX)
    .optional()
    .describe('credit sales of the period; default those of the book, net of tax where it is known'),
  daysInPeriod: z.coerce.number().int().min(1).max(DAYS_MAX).optional().describe('default the days of the period'),
  top: z.coerce.number().int().min(1).max(TOP_MAX).default(TOP_DEFAULT).describe('how many debtors the top share is of'),
});
const orUnknown = moneySchema.nullable();
export const metricsAnswer = z
  .object({
    ...figureStampShape,
    ...{ currency: z.string(), from: z.string().meta({ format: 'date' }), daysInPeriod: z.int(), debtors: z.int() },
    salesSource: z.enum(['given', 'derived']),
    amounts: z.object({
      ...{ receivables: moneySchema, notPastDue: moneySchema, overdue: moneySchema, over90: moneySchema, beginning: moneySchema },
      ...{ sales: orUnknown, salesWithTax: orUnknown, collections: orUnknown, unappliedCash: orUnknown, recoveries: orUnknown },
      ...{ unclassified: moneySchema, allowance: orUnknown, net: orUnknown },
    }),
    metrics: z.record(
      z.string(),
      z.object({
        value: z.string().nullable(),
        unit: z.enum(METRIC_UNITS),
        formula: z.string(),
        reason: z.string().nullable().describe('why there is no value'),
      }),
    ),
  })
  .meta({ id: 'Metrics' });

export const forwardAgeingQuery = z.strictObject({
  ...figureQueryShape,
  kind: kindSchema,
  entityId,
  months: z.coerce.number().int().min(1).max(MONTHS_MAX).default(MONTHS_DEFAULT),
});
export const forwardAgeingAnswer = z
  .object({
    ...figureStampShape,
    ...{ currency: z.string(), kind: z.string(), scheme: z.string(), lossRateSetId: z.string() },
    gross: moneySchema.describe('collective balance of asOf'),
    charge: moneySchema.describe('of all months, before any collection'),
    months: z.array(
      z.object({
        ...{ month: z.int(), until: z.string().meta({ format: 'date' }), charge: moneySchema },
        crossings: z.array(
          z.object({
            ...{ segment: z.string(), fromBucket: z.string(), toBucket: z.string() },
            ...{ amount: moneySchema, charge: moneySchema, receivables: z.int() },
          }),
        ),
      }),
    ),
  })
  .meta({ id: 'ForwardAgeing' });
