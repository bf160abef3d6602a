import { z } from 'zod';
import { currencyCode, minorUnits, rate, signedMinorUnits } from './fields';

/**
 * What a provision run holds. Everything that engine '1' did not know yet is defaulted, so that runs of then stay readable: lists are
 * empty, amounts '0', and rates null where nothing was recorded. `inputs.engineVersion` tells which engine made the figures.
 */

/** An amount as the run holds it: in the line's currency, and translated once at the closing rate of asOf. */
const lineAmounts = {
  currency: currencyCode,
  gross: minorUnits,
  allowance: minorUnits,
  presentationGross: minorUnits,
  presentationAllowance: minorUnits,
};

/** `rate` is the rate applied: after scenarios and after any cover. */
const measuredRates = {
  rate,
  /** before scenarios; null = made by engine '1', which had none. */
  baseRate: rate.nullable().default(null),
  /** after scenarios, before any cover. */
  uncoveredRate: rate.nullable().default(null),
  /** set where an integral credit enhancement covers the line, which is then one debtor's. */
  enhancementId: z.string().nullable().default(null),
  debtorId: z.string().nullable().default(null),
  insured: minorUnits.default('0'),
};

const collectiveLineData = z.strictObject({
  entityId: z.string(),
  kind: z.string(),
  segment: z.string(),
  bucket: z.string(),
  ...measuredRates,
  ...lineAmounts,
});
export type CollectiveLineData = z.infer<typeof collectiveLineData>;

const stage = z.union([z.literal(1), z.literal(2), z.literal(3)]);

const stagedLineData = z.strictObject({
  entityId: z.string(),
  kind: z.string(),
  class: z.string(),
  segment: z.string(),
  stage,
  ...measuredRates,
  ...lineAmounts,
});
export type StagedLineData = z.infer<typeof stagedLineData>;

const individualLineData = z.strictObject({
  assessmentId: z.string(),
  debtorId: z.string(),
  entityId: z.string(),
  kind: z.string(),
  segment: z.string(),
  rate,
  ...lineAmounts,
  /** what the matrix, or the stages, would give on the same items; null when no rate covers them. */
  matrixAllowance: minorUnits.nullable(),
  presentationMatrixAllowance: minorUnits.nullable(),
  reason: z.string(),
  evidence: z.string().nullable().default(null),
  reviewDue: z.boolean(),
  warnings: z.array(z.string()),
});
export type IndividualLineData = z.infer<typeof individualLineData>;

const individualAgeData = z.strictObject({
  entityId: z.string(),
  kind: z.string(),
  segment: z.string(),
  bucket: z.string(),
  currency: currencyCode,
  gross: minorUnits,
  presentationGross: minorUnits,
});

const overlayLineData = z.strictObject({
  overlayId: z.string(),
  kind: z.string(),
  /** null = every one. */
  entityId: z.string().nullable(),
  class: z.string().nullable(),
  segment: z.string().nullable(),
  currency: currencyCode,
  approvedAmount: signedMinorUnits,
  /** as applied; it differs where the allowance of the scope would have left 0 to exposure. */
  amount: signedMinorUnits,
  presentationAmount: signedMinorUnits,
  presentationGross: minorUnits,
  reason: z.string(),
});
export type OverlayLineData = z.infer<typeof overlayLineData>;

const reimbursementLineData = z.strictObject({
  enhancementId: z.string(),
  debtorId: z.string(),
  entityId: z.string(),
  kind: z.string(),
  currency: currencyCode,
  gross: minorUnits,
  insured: minorUnits,
  amount: minorUnits,
  presentationAmount: minorUnits,
});

const shareData = z.strictObject({
  entityId: z.string(),
  kind: z.string(),
  class: z.string(),
  related: z.boolean(),
  side: z.enum(['collective', 'staged', 'individual']),
  stage: stage.nullable(),
  ...lineAmounts,
  /** in the presentation currency; not part of `allowance`. */
  presentationOverlay: signedMinorUnits,
});
export type ProvisionShareData = z.infer<typeof shareData>;

const carryingAmountData = z.strictObject({ kind: z.string(), ...lineAmounts, presentationOverlay: signedMinorUnits });

const grossAndAllowance = z.strictObject({ gross: minorUnits, allowance: minorUnits });
/** gross and allowance are those of the three sides, the allowance with overlays. */
export const figures = {
  gross: minorUnits,
  allowance: minorUnits,
  collective: grossAndAllowance,
  individual: grossAndAllowance,
  staged: grossAndAllowance.default({ gross: '0', allowance: '0' }),
  overlays: signedMinorUnits.default('0'),
};
export const kindTotalData = z.strictObject({ kind: z.string(), ...figures });

const provisionInputsData = z.strictObject({
  /** figures of another engine version cannot be expected to come out again from this one. */
  engineVersion: z.string(),
  /** the scheme and the loss-rate set used for each kind; the set is null where only individual assessments applied. */
  matrices: z.array(z.strictObject({ kind: z.string(), scheme: z.string(), lossRateSetId: z.string().nullable() })),
  /** kinds measured by stages, and the policy used. */
  stagings: z.array(z.strictObject({ kind: z.string(), scheme: z.string(), policyId: z.string() })).default([]),
  stageAssignmentIds: z.array(z.string()).default([]),
  forwardLooking: z.array(z.strictObject({ kind: z.string(), setId: z.string() })).default([]),
  overlayIds: z.array(z.string()).default([]),
  enhancementIds: z.array(z.string()).default([]),
  assessmentIds: z.array(z.string()),
  /** closing rates into the presentation currency; path names the currencies gone through. */
  fxRates: z.array(z.strictObject({ currency: currencyCode, rate, path: z.array(currencyCode) })),
});

export const provisionResult = {
  /** presentation currency of the totals. */
  currency: currencyCode,
  inputs: provisionInputsData,
  collective: z.array(collectiveLineData),
  staged: z.array(stagedLineData).default([]),
  individual: z.array(individualLineData),
  individualAgeing: z.array(individualAgeData).default([]),
  overlays: z.array(overlayLineData).default([]),
  reimbursements: z.array(reimbursementLineData).default([]),
  shares: z.array(shareData).default([]),
  carryingByCurrency: z.array(carryingAmountData).default([]),
  totals: z.array(kindTotalData),
  total: z.strictObject(figures),
  warnings: z.array(z.strictObject({ code: z.string(), detail: z.string() })),
};

/** Staged allowances of the whole book at a close: entities, classes and currencies summed in the presentation currency. */
export const closeStageData = z.strictObject({
  kind: z.string(),
  segment: z.string(),
  stage,
  gross: minorUnits,
  allowance: minorUnits,
});
export type CloseStageData = z.infer<typeof closeStageData>;
