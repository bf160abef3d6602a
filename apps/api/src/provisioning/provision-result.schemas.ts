import { z } from 'zod';
import { moneySchema } from '../http';

/** The figures of a provision: of a run that was recorded, and of a what-if that was not. */
const part = z.object({ gross: moneySchema, allowance: moneySchema });
export const figures = {
  gross: moneySchema,
  allowance: moneySchema.describe('of the three sides, with overlays'),
  net: moneySchema,
  collective: part,
  staged: part,
  individual: part,
  overlays: moneySchema.describe('signed'),
};
export const kindFigures = z.object({ kind: z.string(), ...figures });

const inPresentation = part.describe('translated at the closing rate of asOf');
const amounts = { currency: z.string(), gross: moneySchema, allowance: moneySchema, presentation: inPresentation };
const rates = {
  rate: z.string().describe('the rate applied: after scenarios and after any cover'),
  baseRate: z.string().nullable().describe('before scenarios; null in runs of engine 1'),
  uncoveredRate: z.string().nullable().describe('after scenarios, before any cover; null in runs of engine 1'),
  enhancementId: z.string().nullable().describe('the cover of this line, which is then one debtor’s'),
  debtorId: z.string().nullable(),
  insured: moneySchema.describe('part of the gross within the cover'),
};
const stage = z.union([z.literal(1), z.literal(2), z.literal(3)]);
const place = { entityId: z.string(), kind: z.string() };

export const collectiveLine = z.object({ ...place, segment: z.string(), bucket: z.string(), ...rates, ...amounts });
export const stagedLine = z.object({ ...place, class: z.string(), segment: z.string(), stage, ...rates, ...amounts });
export const individualLine = z.object({
  debtorId: z.string(),
  ...place,
  segment: z.string(),
  rate: z.string(),
  ...amounts,
  matrixAllowance: moneySchema.nullable().describe('what the matrix, or the stages, give on the same items; null when no rate covers them'),
  assessmentId: z.string(),
  reason: z.string(),
  evidence: z.string().nullable(),
  reviewDue: z.boolean(),
  warnings: z.array(z.string()).describe('`below-matrix`, `matrix-allowance-unknown`, `review-due`'),
});

export const provisionResultShape = {
  currency: z.string().nullable(),
  inputs: z
    .object({
      engineVersion: z.string(),
      matrices: z.array(z.object({ kind: z.string(), scheme: z.string(), lossRateSetId: z.string().nullable() })),
      stagings: z.array(z.object({ kind: z.string(), scheme: z.string(), policyId: z.string() })),
      stageAssignmentIds: z.array(z.string()),
      forwardLooking: z.array(z.object({ kind: z.string(), setId: z.string() })),
      overlayIds: z.array(z.string()),
      enhancementIds: z.array(z.string()),
      assessmentIds: z.array(z.string()),
      fxRates: z.array(z.object({ currency: z.string(), rate: z.string(), path: z.array(z.string()) })),
    })
    .nullable(),
  collective: z.array(collectiveLine),
  staged: z.array(stagedLine).describe('kinds measured by the general approach'),
  individual: z.array(individualLine),
  individualAgeing: z
    .array(
      z.object({
        ...place,
        segment: z.string(),
        bucket: z.string(),
        currency: z.string(),
        gross: moneySchema,
        presentationGross: moneySchema,
      }),
    )
    .describe('age of what is assessed individually, beside the matrix and in none of its lines'),
  overlays: z.array(
    z.object({
      overlayId: z.string(),
      kind: z.string(),
      entityId: z.string().nullable(),
      class: z.string().nullable(),
      segment: z.string().nullable(),
      approvedAmount: moneySchema,
      amount: moneySchema.describe('signed, as applied'),
      presentationAmount: moneySchema,
      presentationGross: moneySchema.describe('exposure of the scope'),
      reason: z.string(),
    }),
  ),
  reimbursements: z
    .array(
      z.object({
        enhancementId: z.string(),
        debtorId: z.string(),
        ...place,
        gross: moneySchema,
        insured: moneySchema,
        amount: moneySchema,
        presentationAmount: moneySchema,
      }),
    )
    .describe('what cover outside the terms would pay: an asset of its own, never netted'),
  shares: z
    .array(
      z.object({
        ...place,
        class: z.string(),
        related: z.boolean(),
        side: z.enum(['collective', 'staged', 'individual']),
        stage: stage.nullable(),
        ...amounts,
        presentationOverlay: moneySchema,
      }),
    )
    .describe('the lines by class and related party; they sum to the lines exactly'),
  carryingByCurrency: z.array(
    z.object({
      kind: z.string(),
      currency: z.string(),
      gross: moneySchema,
      allowance: moneySchema.describe('without overlays, which are made in the presentation currency'),
      net: moneySchema,
      presentation: z.object({ gross: moneySchema, allowance: moneySchema, overlays: moneySchema, net: moneySchema }),
    }),
  ),
  totals: z.array(kindFigures),
  total: z.object(figures).nullable(),
  warnings: z.array(z.object({ code: z.string(), detail: z.string() })),
};

/** What a run shows before it has figures. */
export const EMPTY_RESULT = {
  ...{ currency: null, inputs: null, collective: [], staged: [], individual: [], individualAgeing: [], overlays: [], reimbursements: [] },
  ...{ shares: [], carryingByCurrency: [], totals: [], total: null, warnings: [] },
};
