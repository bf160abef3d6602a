import { KINDS_WITH_ECL, LOSS_RATES_MAX, PRESUMED_DEFAULT_DAYS, PRESUMED_SICR_DAYS } from '@app/credit-domain';
import { z } from 'zod';
import { currencyCodeSchema, figureQueryShape, figureStampShape, localDateSchema, moneyInput, moneySchema } from '../http';
import { identifierParams, kindSchema } from './provisioning.schemas';

const TEXT_LENGTH_MAX = 200;
const REASON_LENGTH_MAX = 2000;
/** Fifty years of monthly receipts. */
const CASH_FLOWS_MAX = 600;
const CASH_FLOW_SCENARIOS_MAX = 20;
const DECIMAL_LENGTH_MAX = 40;

const identifier = identifierParams.shape.id;
const decimal = z.string().max(DECIMAL_LENGTH_MAX).meta({ example: '0.0615' });
const label = z.string().min(1).max(TEXT_LENGTH_MAX);
const reason = z.string().trim().min(1).max(REASON_LENGTH_MAX);
const day = z.string().meta({ format: 'date' });
const instant = z.string().meta({ format: 'date-time' });
const hash = z.string().regex(/^[0-9a-f]{64}$/, 'Expected 64 hexadecimal digits');

/** How far a policy has come, and whether it is used at asOf as known at knownAt. */
const progress = {
  id: z.string(),
  effectiveOn: day,
  status: z.enum(['proposed', 'approved', 'withdrawn']),
  contentHash: z.string().describe('SHA-256 of the content; name it when approving to approve nothing else'),
  proposedBy: z.string(),
  proposedAt: instant,
  approvedBy: z.string().nullable(),
  approvedAt: instant.nullable(),
  withdrawnBy: z.string().nullable(),
  withdrawnAt: instant.nullable(),
  inForce: z.boolean().describe('used at asOf, as known at knownAt'),
};

const { asOf, knownAt } = figureQueryShape;
/** Query parameters of every list of policies. */
export const policyListShape = { asOf, knownAt, status: progress.status.optional() };
export const policyQuery = z.strictObject({ asOf, knownAt });

const warning = z.object({ code: z.string(), detail: z.string() });
export const proposedPolicy = z.object({
  id: z.string(),
  status: progress.status.describe('`approved` when the same content was approved before'),
  contentHash: progress.contentHash,
  warnings: z.array(warning),
});
export const decidedPolicy = z.object({ id: z.string(), status: progress.status, contentHash: progress.contentHash });
export const approvePolicyBody = z
  .strictObject({ contentHash: hash.optional().describe('refuses the approval of anything else: `content-changed`') })
  .default({});
export const withdrawPolicyBody = z.strictObject({ reason: reason.optional() }).default({});

/** What every proposal may say about itself. */
const id = identifier.optional().describe('default: made here; sending other content under an id that waits replaces the proposal');
const replaces = identifier
  .optional()
  .describe('the approved policy that takes effect for the same on the same day, to be replaced by this one');
const kinds = z.array(kindSchema).min(1).max(KINDS_WITH_ECL.length).optional();
const entityId = label.optional().describe('default every entity');
export const debtorIdSchema = z.string().min(1).max(TEXT_LENGTH_MAX);

// Loss rates

const lossRate = z.strictObject({
  segment: z.string().max(TEXT_LENGTH_MAX).describe('`*` stands for every segment not named'),
  bucket: label.describe('label of a bucket of the scheme'),
  rate: decimal.describe('fraction between 0 and 1'),
});
const evidenceShape = {
  method: label.meta({ example: 'roll-rate' }),
  window: label.describe('the period observed').meta({ example: '2021-12-31/2023-12-31' }),
  sampleSize: z.int().nonnegative().describe('receivables, cohorts or debtors behind the rates'),
};
export const proposeLossRatesBody = z.strictObject({
  id,
  kind: kindSchema,
  scheme: z.string().max(TEXT_LENGTH_MAX).meta({ example: 'months-6-12-24-36-48' }),
  effectiveOn: localDateSchema,
  rates: z.array(lossRate).min(1).max(LOSS_RATES_MAX),
  evidence: z
    .strictObject({ ...evidenceShape, url: z.string().max(REASON_LENGTH_MAX).optional() })
    .optional()
    .describe('where the rates come from'),
  replaces,
});
export const lossRateSet = z
  .object({
    ...progress,
    kind: z.string(),
    scheme: z.string(),
    rates: z.array(z.object({ segment: z.string(), bucket: z.string(), rate: z.string() })),
    evidence: z.object({ ...evidenceShape, url: z.string().nullable() }).nullable(),
    replaces: z.string().nullable(),
  })
  .meta({ id: 'LossRateSet' });

// Individual assessments

const cashFlowScenario = z.strictObject({
  probability: decimal.describe('the probabilities of all scenarios make up 1'),
  cashFlows: z.array(z.strictObject({ on: localDateSchema, amount: decimal.describe('expected receipt') })).max(CASH_FLOWS_MAX),
});
export const proposeAssessmentBody = z.strictObject({
  id,
  debtorId: debtorIdSchema,
  effectiveOn: localDateSchema,
  endsOn: localDateSchema.optional().describe('after this day the rate is kept and a review is due'),
  kinds: kinds.describe('default every kind with expected credit losses'),
  entityId,
  lossRate: decimal.optional().describe('either this or scenarios'),
  scenarios: z.array(cashFlowScenario).min(1).max(CASH_FLOW_SCENARIOS_MAX).optional(),
  currency: currencyCodeSchema.optional().describe('currency of the cash flows; default the presentation currency of the book'),
  discountRate: decimal.optional().describe('effective yearly rate; default no discounting'),
  reason,
  evidence: reason.optional().describe('link to the evidence, or where it is kept'),
});
export const proposeReleaseBody = z.strictObject({ effectiveOn: localDateSchema, reason });
export const individualAssessment = z
  .object({
    ...progress,
    debtorId: z.string(),
    endsOn: day.nullable(),
    kinds: z.array(z.string()).nullable(),
    entityId: z.string().nullable(),
    lossRate: z.string().nullable(),
    scenarios: z
      .array(z.object({ probability: z.string(), cashFlows: z.array(z.object({ on: z.string(), amount: moneySchema })) }))
      .nullable(),
    discountRate: z.string().nullable(),
    reason: z.string(),
    evidence: z.string().nullable(),
    release: z.boolean().describe('back to the matrix from effectiveOn'),
    reviewDue: z.boolean().describe('its last day lies before asOf; the rate is kept until somebody decides'),
  })
  .meta({ id: 'IndividualAssessment' });

// Stages

const termPeriod = z.strictObject({
  months: z.int().describe('end of the period, months after asOf; rising'),
  marginalPd: decimal,
  lgd: decimal,
  exposureShare: decimal.describe("share of today's exposure still outstanding at default in this period"),
});
const stageParametersShape = {
  pd12Months: decimal.describe('probability of default within 12 months'),
  pdLifetime: decimal.describe('probability of default over the whole life'),
  lgd: decimal.describe('loss given default'),
};
export const proposeStagingPolicyBody = z.strictObject({
  id,
  kind: kindSchema.describe('`other` or `long_term`: the rest has lifetime losses at all times'),
  effectiveOn: localDateSchema,
  sicrDays: z.int().default(PRESUMED_SICR_DAYS).describe('more days past due than this is stage 2'),
  defaultDays: z.int().default(PRESUMED_DEFAULT_DAYS).describe('at least this many days past due is stage 3'),
  rebuttalReason: reason
    .optional()
    .describe(`needed when a threshold differs from the presumed ${String(PRESUMED_SICR_DAYS)} and ${String(PRESUMED_DEFAULT_DAYS)} days`),
  probationDays: z.int().default(0).describe('days in stage 2 after an assignment has ended'),
  parameters: z.array(
    z.strictObject({
      class: z.string().max(TEXT_LENGTH_MAX).default('*').describe('`*` stands for every class not named'),
      segment: z.string().max(TEXT_LENGTH_MAX).default('*').describe('`*` stands for every segment not named'),
      ...stageParametersShape,
      effectiveRate: decimal.optional().describe('original effective yearly rate; default no discounting'),
      recoveryMonths: z.int().optional().describe('months until recovery is expected'),
      term: z.array(termPeriod).optional().describe('default probabilities by period, in place of the two above'),
    }),
  ),
  replaces,
});
export const stagingPolicy = z
  .object({
    ...progress,
    kind: z.string(),
    sicrDays: z.int(),
    defaultDays: z.int(),
    rebuttalReason: z.string().nullable(),
    probationDays: z.int(),
    parameters: z.array(
      z.object({
        class: z.string(),
        segment: z.string(),
        ...stageParametersShape,
        effectiveRate: z.string().nullable(),
        recoveryMonths: z.int().nullable(),
        term: z.array(termPeriod).nullable(),
      }),
    ),
    replaces: z.string().nullable(),
  })
  .meta({ id: 'StagingPolicy' });

const stage = z.union([z.literal(1), z.literal(2), z.literal(3)]);
export const proposeStageAssignmentBody = z.strictObject({
  id,
  debtorId: debtorIdSchema,
  kinds: kinds.describe('default every kind measured in stages'),
  entityId,
  stage,
  effectiveOn: localDateSchema,
  endsOn: localDateSchema
    .optional()
    .describe('last day, after which the probation of the staging policy runs; default until another assignment'),
  reason,
});
export const stageAssignment = z
  .object({
    ...progress,
    debtorId: z.string(),
    kinds: z.array(z.string()).nullable(),
    entityId: z.string().nullable(),
    stage,
    endsOn: day.nullable(),
    reason: z.string(),
  })
  .meta({ id: 'StageAssignment' });

// Forward-looking scenarios

const forwardLookingScenario = z.strictObject({
  name: label,
  weight: decimal.describe('the weights of all scenarios make up 1'),
  scalar: decimal.describe('factor on every loss rate, capped at 1 afterwards'),
});
export const proposeForwardLookingSetBody = z.strictObject({
  id,
  kind: kindSchema,
  effectiveOn: localDateSchema,
  scenarios: z.array(forwardLookingScenario),
  keepFullRates: z.boolean().default(true).describe('a rate of 1 is a judgement and stays 1 under every scenario'),
  driverWorsened: z.boolean().optional().describe('whether the driver behind the scalars has worsened since history'),
  reason,
  replaces,
});
export const forwardLookingSet = z
  .object({
    ...progress,
    kind: z.string(),
    scenarios: z.array(forwardLookingScenario),
    meanScalar: z.string(),
    keepFullRates: z.boolean(),
    driverWorsened: z.boolean().nullable(),
    reason: z.string(),
    replaces: z.string().nullable(),
  })
  .meta({ id: 'ForwardLookingSet' });

// Overlays

export const proposeOverlayBody = z.strictObject({
  id,
  kind: kindSchema,
  entityId,
  class: label.optional().describe('default every class'),
  segment: label.optional().describe('default every segment'),
  amount: moneyInput.describe('negative lowers the allowance'),
  effectiveOn: localDateSchema,
  expiresOn: localDateSchema.describe('last day in force'),
  reason,
});
export const overlay = z
  .object({
    ...progress,
    kind: z.string(),
    entityId: z.string().nullable(),
    class: z.string().nullable(),
    segment: z.string().nullable(),
    amount: moneySchema,
    expiresOn: day,
    expired: z.boolean().describe('its last day lies before asOf'),
    reason: z.string(),
  })
  .meta({ id: 'Overlay' });

// Credit enhancements

const enhancementType = z.enum(['insurance', 'collateral', 'guarantee']);
export const proposeCreditEnhancementBody = z.strictObject({
  id,
  debtorId: debtorIdSchema,
  kinds: kinds.describe('default every kind with expected credit losses'),
  entityId,
  type: enhancementType,
  integral: z.boolean().describe('part of the contractual terms: lowers the allowance; otherwise a reimbursement is shown beside it'),
  limit: moneyInput.optional().describe('the most that is paid, net of costs of obtaining and selling; default no limit'),
  deductible: moneyInput.optional().describe('first loss kept; default none'),
  currency: currencyCodeSchema.optional().describe('needed when neither limit nor deductible names one'),
  coveredShare: decimal.describe('share of the loss within the limit that is covered'),
  providerLossRate: decimal.describe("the provider's own loss rate"),
  effectiveOn: localDateSchema,
  expiresOn: localDateSchema.describe('last day of cover'),
  reason,
});
export const creditEnhancement = z
  .object({
    ...progress,
    debtorId: z.string(),
    kinds: z.array(z.string()).nullable(),
    entityId: z.string().nullable(),
    type: enhancementType,
    integral: z.boolean(),
    limit: moneySchema.nullable(),
    deductible: moneySchema,
    currency: z.string(),
    coveredShare: z.string(),
    providerLossRate: z.string(),
    expiresOn: day,
    expired: z.boolean().describe('its last day lies before asOf'),
    reason: z.string(),
  })
  .meta({ id: 'CreditEnhancement' });

// What waits for an approver

const stamp = { knownAt: figureStampShape.knownAt, position: figureStampShape.position };
export const approvalsQuery = z.strictObject({ knownAt });
export const approvalsInbox = z.object({
  ...stamp,
  items: z.array(
    z.object({
      type: z.string().describe('name of the collection').meta({ example: 'loss-rate-sets' }),
      id: z.string(),
      href: z.string().meta({ example: '/v1/loss-rate-sets/fy2024' }),
      effectiveOn: day,
      contentHash: progress.contentHash,
      proposedBy: z.string(),
      proposedAt: instant,
      change: z.string().describe('what approving it would change'),
      approvable: z.boolean().describe('whether the caller may approve it: an approver, and another than who proposed it'),
      overlapsWith: z.string().nullable().describe('the approved policy it contradicts; it cannot be approved like this'),
    }),
  ),
});
