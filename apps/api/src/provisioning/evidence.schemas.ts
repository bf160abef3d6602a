import {
  AVERAGE_CHOICES,
  EVIDENCE_PERIOD_MONTHS_MAX,
  EVIDENCE_PERIODS_MAX,
  FLOW_CHOICES,
  SCHEME_BUCKETS_MAX,
  TAIL_CHOICES,
  UNCLASSIFIED_CHOICES,
  WRITE_OFF_CHOICES,
} from '@app/credit-domain';
import { ASSESSED_POOLS, EVIDENCE_GROUPINGS, EVIDENCE_METHODS } from '@app/provisioning';
import { z } from 'zod';
import { figureQueryShape, figureStampShape, localDateSchema, moneySchema, pageQueryShape, pageSchema } from '../http';
import { identifierParams, kindSchema } from './provisioning.schemas';

const TEXT_LENGTH_MAX = 200;
/** As many as rates are worked out with. */
const RATE_DECIMALS_MAX = 18;
const DECIMAL_LENGTH_MAX = 40;
const GROUPS_FORM = new RegExp(`^\\d{1,2}(,\\d{1,2}){0,${String(SCHEME_BUCKETS_MAX - 1)}}$`);

const count = (most: number) => z.coerce.number().int().min(1).max(most);
const rateText = z.string().nullable().describe('fraction; null = undefined, because nothing was there');

/** How rates are counted, the same for the answer, the receivables behind it and a proposal. */
export const evidenceShape = {
  method: z.enum(EVIDENCE_METHODS),
  kind: kindSchema,
  entityId: z.string().min(1).max(TEXT_LENGTH_MAX).optional(),
  segment: z.string().max(TEXT_LENGTH_MAX).optional().describe('debtors of this segment on the opening date only'),
  groupBy: z.enum(EVIDENCE_GROUPINGS).optional().describe('rates for all segments together (total, default) or for each'),
  assessed: z.enum(ASSESSED_POOLS).optional().describe('debtors measured by the matrix, alone, or all (default)'),
  scheme: z.string().max(TEXT_LENGTH_MAX).optional().describe('default that of the loss-rate set in force, else months-6-12-24-36-48'),
  from: localDateSchema.optional().describe('start of the window; in place of periods'),
  until: localDateSchema
    .optional()
    .describe('payment-profile: last day of the sales looked at; default so early that all have reached the last bucket'),
  periods: count(EVIDENCE_PERIODS_MAX).optional().describe('how many periods end on asOf; default 1, vintage 5'),
  periodMonths: count(EVIDENCE_PERIOD_MONTHS_MAX).optional().describe('default 12'),
  groups: z
    .string()
    .regex(GROUPS_FORM, 'Expected sizes of groups such as 2,1,1,2')
    .optional()
    .describe('sizes of groups of consecutive buckets; default: roll-rate merges buckets to the width of the period, others none'),
  average: z
    .enum(AVERAGE_CHOICES)
    .optional()
    .describe('over several periods: sum over sum (default), or mean of the rates (default of vintage)'),
  writeOffs: z.enum(WRITE_OFF_CHOICES).optional().describe('default added-back'),
  tail: z
    .enum(TAIL_CHOICES)
    .optional()
    .describe('roll-rate: the last two groups together into the last (default), or the last but one alone'),
  flow: z
    .enum(FLOW_CHOICES)
    .optional()
    .describe('roll-rate: what stands in the next group at the end (default), or what the same receivables still owe'),
  unclassified: z.enum(UNCLASSIFIED_CHOICES).optional().describe('settlements nobody has classified; default as-written-off'),
  terminalLoss: z
    .string()
    .max(DECIMAL_LENGTH_MAX)
    .optional()
    .describe('share lost of the last bucket; default 1 for roll-rate, else as observed'),
  rateDecimals: z.coerce
    .number()
    .int()
    .min(0)
    .max(RATE_DECIMALS_MAX)
    .optional()
    .describe('rounds the rates half up; default full precision'),
  sales: z.string().max(DECIMAL_LENGTH_MAX).optional().describe('loss-on-sales: credit sales of the window; default those of the book'),
};

export const evidenceQuery = z.strictObject({ ...figureQueryShape, ...evidenceShape });
export const evidenceReceivablesQuery = z.strictObject({
  ...figureQueryShape,
  ...evidenceShape,
  ...pageQueryShape,
  fromBucket: z
    .string()
    .max(TEXT_LENGTH_MAX)
    .optional()
    .describe('label of a bucket, new or arrived; vintage: the `from` of a cohort; payment-profile: a bucket it was owed in on entering'),
  toBucket: z
    .string()
    .max(TEXT_LENGTH_MAX)
    .optional()
    .describe('label of a bucket, or collected, credited, writtenOff, disposed, unclassified, reclassified'),
});
const { asOf, knownAt, currency } = figureQueryShape;
export const evidenceProposalBody = z.strictObject({
  ...{ asOf, knownAt, currency },
  ...evidenceShape,
  groups: z.union([evidenceShape.groups, z.array(z.int().min(1)).max(SCHEME_BUCKETS_MAX)]).optional(),
  id: identifierParams.shape.id.optional().describe('default: made here'),
  effectiveOn: localDateSchema,
  replaces: identifierParams.shape.id.optional(),
  capAtOne: z.boolean().default(false).describe('rates above one are proposed as one instead of refused'),
});

const period = { from: z.string().meta({ format: 'date' }), to: z.string().meta({ format: 'date' }) };
const flowShape = {
  opening: moneySchema,
  raised: moneySchema.describe('recognised in the period or owed again'),
  collected: moneySchema,
  credited: moneySchema,
  writtenOff: moneySchema,
  disposed: moneySchema,
  unclassified: moneySchema,
  reclassified: moneySchema,
};
const bounded = { rate: rateText, low: rateText, high: rateText };
const warning = z.object({ code: z.string(), detail: z.string() });
export const evidenceRate = z.object({
  ...{ segment: z.string(), bucket: z.string(), ...bounded },
  numerator: moneySchema.nullable(),
  denominator: moneySchema.nullable(),
  receivables: z.int(),
  flags: z.array(z.string()),
});
export const evidenceAnswer = z
  .object({
    ...figureStampShape,
    ...{ currency: z.string(), method: z.string(), kind: z.string(), scheme: z.string() },
    window: z.object({ ...period, periodMonths: z.int(), periods: z.array(z.object(period)) }),
    groups: z.array(z.object({ label: z.string(), buckets: z.array(z.string()) })),
    choices: z.record(z.string(), z.string()).describe('every choice made, defaults included'),
    rates: z.array(evidenceRate),
    rolls: z.array(
      z.object({
        ...{ segment: z.string(), from: z.array(z.string()), to: z.string(), ...bounded },
        ...{ numerator: moneySchema, denominator: moneySchema, writtenOff: moneySchema, receivables: z.int(), flags: z.array(z.string()) },
        periods: z.array(z.object({ ...period, rate: rateText, numerator: moneySchema, denominator: moneySchema })),
      }),
    ),
    migrations: z.array(
      z.object({
        ...{ segment: z.string(), ...period },
        rows: z.array(
          z.object({
            from: z.string(),
            ...flowShape,
            closing: z.array(z.object({ bucket: z.string(), amount: moneySchema })),
            receivables: z.int(),
          }),
        ),
      }),
    ),
    matrices: z.array(
      z.object({
        ...{ segment: z.string(), states: z.array(z.string()) },
        rows: z.array(z.object({ state: z.string(), base: moneySchema, probabilities: z.array(z.string()).nullable() })),
      }),
    ),
    cohorts: z.array(
      z.object({
        ...{ segment: z.string(), ...period, sales: moneySchema, netLosses: z.array(moneySchema), outstanding: moneySchema },
        ...{ ultimate: rateText, remaining: rateText },
      }),
    ),
    factors: z.array(z.object({ segment: z.string(), factors: z.array(rateText) })),
    sample: z.object({ receivables: z.int(), amount: moneySchema }),
    warnings: z.array(warning),
  })
  .meta({ id: 'LossRateEvidence' });
const evidenceReceivable = z.object({
  ...{ receivableId: z.string(), debtorId: z.string(), segment: z.string(), ...period },
  fromBucket: z.string(),
  toBucket: z.string().nullable(),
  ...flowShape,
  closing: moneySchema,
});
export const evidenceReceivablePage = z.object({ ...figureStampShape, ...pageSchema(evidenceReceivable).shape });
export const proposedEvidence = z.object({
  id: z.string(),
  status: z.string(),
  contentHash: z.string(),
  warnings: z.array(warning),
  rates: z.array(z.object({ segment: z.string(), bucket: z.string(), ...bounded, receivables: z.int(), flags: z.array(z.string()) })),
});

export const backTestQuery = z.strictObject({
  asOf: localDateSchema.optional().describe('date of the claims tested; default the day the set became effective'),
  at: localDateSchema.optional().describe('later date; default today'),
  ...{ knownAt, currency },
});
const backTestShape = {
  gross: moneySchema,
  given: moneySchema.describe('allowance the set gave'),
  writtenOff: moneySchema,
  recovered: moneySchema,
  stillOpen: moneySchema,
  stillNeeded: moneySchema.describe('allowance needed at the later date on what is still open'),
  came: moneySchema.describe('written off less recovered, and still needed'),
  shortfall: moneySchema.describe('came less given: positive when the estimate was too low'),
  ratio: z.string().nullable().describe('came / given'),
  unclassified: moneySchema,
  receivables: z.int(),
};
export const backTestAnswer = z.object({
  ...figureStampShape,
  ...{ at: z.string().meta({ format: 'date' }), currency: z.string(), setId: z.string(), kind: z.string(), scheme: z.string() },
  lines: z.array(z.object({ segment: z.string(), bucket: z.string(), rate: z.string(), ...backTestShape })),
  total: z.object(backTestShape),
  warnings: z.array(warning),
});
