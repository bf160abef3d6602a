import { KINDS_WITH_ECL, LOSS_RATES_MAX } from '@app/credit-domain';
import { z } from 'zod';
import { currencyCodeSchema, figureQueryShape, figureStampShape, instantSchema, localDateSchema, moneySchema } from '../http';

const IDENTIFIER = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const TEXT_LENGTH_MAX = 200;
const REASON_LENGTH_MAX = 2000;
const LIST_LENGTH_MAX = 600;
const DECIMAL_LENGTH_MAX = 40;

export const identifierParams = z.strictObject({ id: z.string().regex(IDENTIFIER, 'Expected an id of letters, digits, ".", "_" and "-"') });
export const kindSchema = z.enum(KINDS_WITH_ECL as [string, ...string[]]);
const decimal = z.string().max(DECIMAL_LENGTH_MAX).meta({ example: '0.0615' });
const label = z.string().min(1).max(TEXT_LENGTH_MAX);
const problem = z.object({ code: z.string(), detail: z.string(), errors: z.array(z.looseObject({ code: z.string() })) });
const warning = z.object({ code: z.string(), detail: z.string() });
const approval = {
  status: z.enum(['proposed', 'approved']),
  proposedBy: z.string(),
  proposedAt: z.string().meta({ format: 'date-time' }),
  approvedBy: z.string().nullable(),
  approvedAt: z.string().nullable().meta({ format: 'date-time' }),
};

const lossRate = z.strictObject({
  segment: z.string().max(TEXT_LENGTH_MAX).describe('`*` stands for every segment not named'),
  bucket: label.describe('label of a bucket of the scheme'),
  rate: decimal.describe('fraction between 0 and 1'),
});
export const proposeLossRatesBody = z.strictObject({
  id: z.string().regex(IDENTIFIER).optional().describe('default: made here'),
  kind: kindSchema,
  scheme: z.string().max(TEXT_LENGTH_MAX).meta({ example: 'months-6-12-24-36-48' }),
  effectiveOn: localDateSchema,
  rates: z.array(lossRate).min(1).max(LOSS_RATES_MAX),
});
export const proposedLossRates = z.object({ id: z.string(), status: z.enum(['proposed', 'approved']), warnings: z.array(warning) });
export const approved = z.object({ id: z.string(), status: z.literal('approved') });
export const proposed = z.object({ id: z.string(), status: z.literal('proposed') });

const { asOf, knownAt } = figureQueryShape;
export const policyQuery = z.strictObject({ asOf, knownAt });
export const lossRateSetsQuery = z.strictObject({ asOf, knownAt, kind: kindSchema.optional() });
export const lossRateSet = z
  .object({
    id: z.string(),
    kind: z.string(),
    scheme: z.string(),
    effectiveOn: z.string().meta({ format: 'date' }),
    ...approval,
    inForce: z.boolean().describe('the set used for its kind at asOf, as known at knownAt'),
    rates: z.array(z.object({ segment: z.string(), bucket: z.string(), rate: z.string() })),
  })
  .meta({ id: 'LossRateSet' });
export const lossRateSetAnswer = z.object({ ...figureStampShape, ...lossRateSet.shape });
export const lossRateSetList = z.object({ ...figureStampShape, items: z.array(lossRateSet) });

const scenario = z.strictObject({
  probability: decimal.describe('the probabilities of all scenarios make up 1'),
  cashFlows: z.array(z.strictObject({ on: localDateSchema, amount: decimal.describe('expected receipt') })).max(LIST_LENGTH_MAX),
});
export const proposeAssessmentBody = z.strictObject({
  debtorId: z.string().min(1).max(TEXT_LENGTH_MAX),
  effectiveOn: localDateSchema,
  endsOn: localDateSchema.optional().describe('after this day the rate is kept and a review is due'),
  kinds: z.array(kindSchema).min(1).max(KINDS_WITH_ECL.length).optional().describe('default every kind with expected credit losses'),
  entityId: label.optional().describe('default every entity'),
  lossRate: decimal.optional().describe('either this or scenarios'),
  scenarios: z.array(scenario).min(1).max(20).optional(),
  currency: currencyCodeSchema.optional().describe('currency of the cash flows; default the presentation currency of the book'),
  discountRate: decimal.optional().describe('effective yearly rate; default no discounting'),
  reason: z.string().trim().min(1).max(REASON_LENGTH_MAX),
});
export const proposeReleaseBody = z.strictObject({ effectiveOn: localDateSchema, reason: z.string().trim().min(1).max(REASON_LENGTH_MAX) });
export const assessmentsQuery = z.strictObject({ asOf, knownAt, debtorId: z.string().max(TEXT_LENGTH_MAX).optional() });
export const individualAssessment = z
  .object({
    id: z.string(),
    debtorId: z.string(),
    effectiveOn: z.string().meta({ format: 'date' }),
    endsOn: z.string().nullable().meta({ format: 'date' }),
    kinds: z.array(z.string()).nullable(),
    entityId: z.string().nullable(),
    lossRate: z.string().nullable(),
    scenarios: z
      .array(z.object({ probability: z.string(), cashFlows: z.array(z.object({ on: z.string(), amount: moneySchema })) }))
      .nullable(),
    discountRate: z.string().nullable(),
    reason: z.string(),
    release: z.boolean().describe('back to the matrix from effectiveOn'),
    ...approval,
    reviewDue: z.boolean(),
  })
  .meta({ id: 'IndividualAssessment' });
export const assessmentAnswer = z.object({ ...figureStampShape, ...individualAssessment.shape });
export const assessmentList = z.object({ ...figureStampShape, items: z.array(individualAssessment) });

export const requestRunBody = z.strictObject({
  asOf: localDateSchema,
  knownAt: instantSchema.optional().describe('default now'),
  kinds: z.array(kindSchema).min(1).max(KINDS_WITH_ECL.length).optional().describe('default every kind that has exposure'),
  scheme: z.string().max(TEXT_LENGTH_MAX).optional().describe('default that of the loss-rate set in force for each kind'),
  currency: currencyCodeSchema.optional().describe('presentation currency of the totals'),
});
export const requestedRun = z.object({ id: z.string(), status: z.literal('queued'), ...figureStampShape });

const inPresentation = z.object({ gross: moneySchema, allowance: moneySchema }).describe('translated at the closing rate of asOf');
const collectiveLine = z.object({
  entityId: z.string(),
  kind: z.string(),
  segment: z.string(),
  bucket: z.string(),
  currency: z.string(),
  gross: moneySchema,
  rate: z.string(),
  allowance: moneySchema,
  presentation: inPresentation,
});
const individualLine = z.object({
  debtorId: z.string(),
  entityId: z.string(),
  kind: z.string(),
  segment: z.string(),
  currency: z.string(),
  gross: moneySchema,
  rate: z.string(),
  allowance: moneySchema,
  matrixAllowance: moneySchema.nullable().describe('what the matrix gives on the same items; null when no rate covers them'),
  presentation: inPresentation,
  assessmentId: z.string(),
  reason: z.string(),
  reviewDue: z.boolean(),
  warnings: z.array(z.string()).describe('`below-matrix`, `matrix-allowance-unknown`, `review-due`'),
});
const part = z.object({ gross: moneySchema, allowance: moneySchema });
const figures = { gross: moneySchema, allowance: moneySchema, net: moneySchema, collective: part, individual: part };
const kindFigures = z.object({ kind: z.string(), ...figures });

const lifecycle = z
  .enum(['computed', 'approved', 'posted', 'superseded'])
  .nullable()
  .describe('what people did with a completed run; null before. `superseded`: another run of the same scope was approved after it');
const runSignature = z.object({ by: z.string(), at: z.string().meta({ format: 'date-time' }), position: z.int() });

export const approveRunBody = z
  .strictObject({ hash: z.string().max(64).optional().describe('hash of the figures that were looked at; refuses to approve others') })
  .default({});
export const approvedRun = z.object({
  id: z.string(),
  status: z.enum(['approved', 'posted']),
  hash: z.string(),
  superseded: z.array(z.string()).describe('runs this approval has replaced'),
});

export const provisionRun = z
  .object({
    id: z.string(),
    status: z.enum(['queued', 'running', 'completed', 'failed']),
    lifecycle,
    approval: runSignature.nullable(),
    posting: runSignature.nullable(),
    supersededBy: z.string().nullable(),
    ...figureStampShape,
    requestedBy: z.string(),
    requestedAt: z.string().meta({ format: 'date-time' }),
    finishedAt: z.string().nullable().meta({ format: 'date-time' }),
    currency: z.string().nullable(),
    hash: z.string().nullable().describe('SHA-256 over inputs and outputs'),
    inputs: z
      .object({
        engineVersion: z.string(),
        matrices: z.array(z.object({ kind: z.string(), scheme: z.string(), lossRateSetId: z.string().nullable() })),
        assessmentIds: z.array(z.string()),
        fxRates: z.array(z.object({ currency: z.string(), rate: z.string(), path: z.array(z.string()) })),
      })
      .nullable(),
    collective: z.array(collectiveLine),
    individual: z.array(individualLine),
    totals: z.array(kindFigures),
    total: z.object(figures).nullable(),
    journal: z.array(z.looseObject({})).describe('empty until runs are posted'),
    warnings: z.array(warning),
    problem: problem.nullable().describe('why the run failed'),
  })
  .meta({ id: 'ProvisionRun' });
export const provisionRunSummary = z.object({
  id: z.string(),
  status: z.enum(['queued', 'running', 'completed', 'failed']),
  lifecycle,
  ...figureStampShape,
  requestedBy: z.string(),
  requestedAt: z.string().meta({ format: 'date-time' }),
  hash: z.string().nullable(),
  total: z.object({ gross: moneySchema, allowance: moneySchema, net: moneySchema }).nullable(),
  problemCode: z.string().nullable(),
});
export const requestCloseBody = z.strictObject({ asOf: localDateSchema });
export const requestedClose = z.object({
  id: z.string(),
  status: z.literal('queued'),
  asOf: z.string().meta({ format: 'date' }),
  position: z.int(),
});
const closeStatus = z.enum(['queued', 'running', 'completed', 'failed']);
export const close = z
  .object({
    id: z.string(),
    asOf: z.string().meta({ format: 'date' }),
    status: closeStatus,
    position: z.int().nullable().describe('position of the log the figures were computed at'),
    requestedBy: z.string(),
    requestedAt: z.string().meta({ format: 'date-time' }),
    computedAt: z.string().nullable().meta({ format: 'date-time' }),
    currency: z.string().nullable(),
    ageing: z.array(
      z.object({
        scheme: z.string(),
        basis: z.enum(['recognition', 'invoice', 'due']),
        total: moneySchema,
        buckets: z.array(
          z.object({
            label: z.string(),
            amount: moneySchema,
            share: z.string().nullable().describe('of the total; null when the book is empty'),
          }),
        ),
      }),
    ),
    allowance: z
      .object({
        resultHash: z.string(),
        ...figures,
        coverage: z.string().nullable().describe('allowance / gross; null when there is no exposure'),
        kinds: z.array(kindFigures.extend({ coverage: z.string().nullable() })),
        buckets: z.array(
          z.object({
            kind: z.string(),
            scheme: z.string(),
            segment: z.string(),
            bucket: z.string(),
            rate: z.string(),
            gross: moneySchema,
            allowance: moneySchema,
          }),
        ),
      })
      .nullable()
      .describe('null while there is none; `provisionProblem` says why'),
    provisionProblem: problem.nullable(),
    problem: problem.nullable().describe('why the close has no figures at all'),
    warnings: z.array(warning),
  })
  .meta({ id: 'Close' });
export const closeSummary = z.object({
  id: z.string(),
  asOf: z.string().meta({ format: 'date' }),
  status: closeStatus,
  position: z.int().nullable(),
  gross: moneySchema.nullable(),
  allowance: moneySchema.nullable(),
  problemCode: z.string().nullable(),
});
