import { KINDS_WITH_ECL, LOSS_RATES_MAX } from '@app/credit-domain';
import { z } from 'zod';
import { currencyCodeSchema, figureStampShape, instantSchema, localDateSchema, moneyInput, moneySchema } from '../http';
import { provisionResultShape } from './provision-result.schemas';
import { kindSchema } from './provisioning.schemas';

const TEXT_LENGTH_MAX = 200;
const DECIMAL_LENGTH_MAX = 40;
const SCENARIOS_MAX = 20;
/** More than these is another policy, not a question. */
const WHAT_IF_PAIRS_MAX = 200;
const WHAT_IF_OVERLAYS_MAX = 100;
const WHAT_IF_SEGMENTS_MAX = 1000;

const decimal = z.string().max(DECIMAL_LENGTH_MAX).meta({ example: '0.0615' });
const label = z.string().min(1).max(TEXT_LENGTH_MAX);
const segment = z.string().max(TEXT_LENGTH_MAX);

export const whatIfBody = z.strictObject({
  asOf: localDateSchema,
  knownAt: instantSchema.optional().describe('default now'),
  kinds: z.array(kindSchema).min(1).max(KINDS_WITH_ECL.length).optional().describe('default every kind that has exposure'),
  scheme: z.string().max(TEXT_LENGTH_MAX).optional().describe('default that of the loss-rate set in force for each kind'),
  currency: currencyCodeSchema.optional().describe('presentation currency of the totals'),
  lossRates: z
    .array(
      z.strictObject({
        kind: kindSchema,
        scheme: z.string().max(TEXT_LENGTH_MAX).optional().describe('default `buckets`, else the scheme of the approved set'),
        rates: z
          .array(z.strictObject({ segment, bucket: label, rate: decimal }))
          .min(1)
          .max(LOSS_RATES_MAX),
      }),
    )
    .max(KINDS_WITH_ECL.length)
    .optional()
    .describe('in place of the approved rates of the kind'),
  fxRates: z
    .array(z.strictObject({ base: currencyCodeSchema, quote: currencyCodeSchema, rate: decimal }))
    .max(WHAT_IF_PAIRS_MAX)
    .optional()
    .describe('closing rates in place of the recorded ones of the pair'),
  forwardLooking: z
    .array(
      z.strictObject({
        kind: kindSchema,
        scenarios: z
          .array(z.strictObject({ name: label, weight: decimal, scalar: decimal }))
          .min(1)
          .max(SCENARIOS_MAX),
        keepFullRates: z.boolean().default(true),
      }),
    )
    .max(KINDS_WITH_ECL.length)
    .optional()
    .describe('scenarios in place of the approved ones of the kind'),
  overlays: z
    .array(
      z.strictObject({
        kind: kindSchema,
        entityId: label.optional(),
        class: label.optional(),
        segment: label.optional(),
        amount: moneyInput.describe('negative lowers the allowance'),
      }),
    )
    .max(WHAT_IF_OVERLAYS_MAX)
    .optional()
    .describe('in place of every approved overlay; an empty list is a run without any'),
  segments: z
    .array(z.strictObject({ debtorId: label, segment }))
    .max(WHAT_IF_SEGMENTS_MAX)
    .optional()
    .describe('debtors taken to be of another segment'),
  buckets: z
    .strictObject({ basis: z.unknown(), buckets: z.unknown() })
    .optional()
    .describe('buckets of nobody’s scheme, as `POST /v1/ageing-schemes` takes them, for the kinds with lossRates here'),
  compareTo: z.string().max(TEXT_LENGTH_MAX).optional().describe('a completed run; default the same calculation without the changes'),
});

const change = { gross: moneySchema, allowance: moneySchema, net: moneySchema };
const lineFigures = z.object({ gross: moneySchema, rate: z.string(), allowance: moneySchema });

export const whatIfAnswer = z
  .object({
    ...figureStampShape,
    ...provisionResultShape,
    comparedTo: z.string().nullable().describe('the run compared with; null = the same calculation without the changes'),
    difference: z
      .object({
        byKind: z.array(z.object({ kind: z.string(), ...change })),
        total: z.object(change),
        lines: z
          .array(
            z.object({
              side: z.enum(['collective', 'staged', 'individual']),
              entityId: z.string(),
              kind: z.string(),
              class: z.string().nullable(),
              segment: z.string(),
              bucket: z.string().nullable(),
              debtorId: z.string().nullable(),
              before: lineFigures,
              after: lineFigures,
              allowance: moneySchema,
            }),
          )
          .describe('lines that both have, in their own currency'),
        linesOnlyBefore: z.int(),
        linesOnlyAfter: z.int(),
      })
      .nullable()
      .describe('with the changes less without; null when there are no figures without them'),
    baseProblem: z.object({ code: z.string(), detail: z.string() }).nullable(),
  })
  .meta({ id: 'WhatIf' });
