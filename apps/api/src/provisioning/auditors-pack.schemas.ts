import { z } from 'zod';
import { figureStampShape, moneySchema } from '../http';
import { verification } from './verifications.schemas';

const SAMPLE_SIZE_MAX = 1_000;
const SAMPLE_SIZE_DEFAULT = 25;
const SEED_LENGTH_MAX = 200;
const date = z.string().meta({ format: 'date' });
const instant = z.string().meta({ format: 'date-time' });

export const packQuery = z.strictObject({
  format: z.enum(['json', 'csv']).default('json').describe('`csv`: all open items and nothing else'),
  seed: z.string().min(1).max(SEED_LENGTH_MAX).default('1').describe('the same seed draws the same sample of the same run'),
  sample: z.coerce.number().int().min(1).max(SAMPLE_SIZE_MAX).default(SAMPLE_SIZE_DEFAULT).describe('hits of the sample'),
});

const openItem = z.object({
  receivableId: z.string(),
  debtorId: z.string(),
  documentNo: z.string(),
  entityId: z.string(),
  kind: z.string(),
  class: z.string(),
  segment: z.string(),
  relatedParty: z.boolean(),
  recognisedOn: date,
  invoicedOn: date,
  dueOn: date.nullable(),
  side: z.enum(['collective', 'staged', 'individual']),
  bucket: z.string().nullable(),
  stage: z.int().nullable(),
  gross: moneySchema,
  allowance: moneySchema.describe('its part of the run line'),
  presentation: z.object({ gross: moneySchema, allowance: moneySchema }),
  cashAfter: moneySchema.describe('received after the as-of date, as known now'),
  lastCashOn: date.nullable(),
});

export const auditorsPack = z
  .object({
    runId: z.string(),
    ...figureStampShape,
    lifecycle: z.enum(['computed', 'approved', 'posted', 'superseded']),
    hash: z.string(),
    requestedBy: z.string(),
    requestedAt: instant,
    approval: z.object({ by: z.string(), at: instant }).nullable(),
    cashKnownAt: instant.describe('until when cash received after the as-of date was taken in'),
    verification: verification.nullable().describe('null when the log is too long for one request: POST …/verify'),
    total: z.object({ gross: moneySchema, allowance: moneySchema }),
    tieOut: z.object({
      openItems: z.int(),
      openItemsGross: moneySchema,
      runGross: moneySchema,
      difference: moneySchema.describe('zero: every line of the run is made of its receivables'),
    }),
    controlTotals: z.array(
      z.object({
        entityId: z.string(),
        kind: z.string(),
        account: z.string(),
        stated: moneySchema,
        book: moneySchema,
        difference: moneySchema,
        explained: z.boolean(),
        reason: z.string().nullable(),
      }),
    ),
    individualAgainstMatrix: z.array(
      z.object({
        debtorId: z.string(),
        entityId: z.string(),
        kind: z.string(),
        gross: moneySchema,
        allowance: moneySchema,
        matrixAllowance: moneySchema.nullable(),
        difference: moneySchema.nullable().describe('individual less matrix; below zero is a finding'),
        reason: z.string(),
      }),
    ),
    inputs: z.object({
      engineVersion: z.string(),
      fxRates: z.array(z.object({ currency: z.string(), rate: z.string(), path: z.array(z.string()) })),
      policies: z.array(
        z.object({
          collection: z.string(),
          id: z.string(),
          effectiveOn: date,
          contentHash: z.string(),
          proposedBy: z.string(),
          proposedAt: instant,
          approvedBy: z.string(),
          approvedAt: instant,
        }),
      ),
    }),
    sample: z.object({
      method: z.literal('monetary-unit'),
      seed: z.string(),
      size: z.int(),
      population: moneySchema,
      interval: moneySchema,
      firstUnit: moneySchema.describe('the first unit of money hit'),
      items: z.array(openItem.extend({ hits: z.int(), unit: moneySchema })),
    }),
    openItems: z.array(openItem).describe('the first 1,000; all are in `format=csv`'),
    openItemsOmitted: z.int(),
  })
  .meta({ id: 'AuditorsPack' });
