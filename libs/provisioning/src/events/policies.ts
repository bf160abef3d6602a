import type { EventDefinition } from '@app/event-store';
import { z } from 'zod';
import { currencyCode, hash, localDate, minorUnits, principal, rate, signedMinorUnits } from './fields';

/** A proposal, its approval (the whole content once more, so that a reader of approvals alone knows what is in force) and its withdrawal. */
const approvedBy = { contentHash: hash, approvedBy: principal };
const withdrawn = { contentHash: hash, withdrawnBy: principal, reason: z.string().nullable() };

/** null = every kind. */
const kinds = z.array(z.string()).nullable();
/** null = every entity. */
const entityId = z.string().nullable();
const days = z.int().nonnegative();
/** the policy of the same kind and effective date it takes the place of; null = none. */
const replaces = z.string().nullable();

const termPeriod = z.strictObject({ months: z.int().nonnegative(), marginalPd: rate, lgd: rate, exposureShare: rate });
const stageParameters = z.strictObject({
  /** `*` = every other. */
  class: z.string(),
  segment: z.string(),
  pd12Months: rate,
  pdLifetime: rate,
  lgd: rate,
  effectiveRate: rate.nullable(),
  recoveryMonths: z.int().nonnegative().nullable(),
  term: z.array(termPeriod).nullable(),
});
const stagingPolicyFields = {
  policyId: z.string(),
  kind: z.string(),
  effectiveOn: localDate,
  sicrDays: days,
  defaultDays: days,
  rebuttalReason: z.string().nullable(),
  probationDays: days,
  parameters: z.array(stageParameters),
  replaces,
};

const stageAssignmentFields = {
  assignmentId: z.string(),
  debtorId: z.string(),
  kinds,
  entityId,
  stage: z.union([z.literal(1), z.literal(2), z.literal(3)]),
  effectiveOn: localDate,
  /** last day; null = until another assignment. */
  endsOn: localDate.nullable(),
  reason: z.string(),
};

const forwardLookingSetFields = {
  setId: z.string(),
  kind: z.string(),
  effectiveOn: localDate,
  /** weights make up 1; a scalar of 1 leaves the historical rate as it is. */
  scenarios: z.array(z.strictObject({ name: z.string(), weight: rate, scalar: rate })),
  keepFullRates: z.boolean(),
  driverWorsened: z.boolean().nullable(),
  reason: z.string(),
  replaces,
};

const overlayFields = {
  overlayId: z.string(),
  kind: z.string(),
  entityId,
  class: z.string().nullable(),
  segment: z.string().nullable(),
  /** minor units; negative lowers the allowance. */
  amount: signedMinorUnits,
  currency: currencyCode,
  effectiveOn: localDate,
  /** last day in force. */
  expiresOn: localDate,
  reason: z.string(),
};

const creditEnhancementFields = {
  enhancementId: z.string(),
  debtorId: z.string(),
  kinds,
  entityId,
  type: z.enum(['insurance', 'collateral', 'guarantee']),
  /** part of the contractual terms: lowers the allowance; otherwise a reimbursement is shown beside it. */
  integral: z.boolean(),
  /** null = no limit. */
  limit: minorUnits.nullable(),
  currency: currencyCode,
  coveredShare: rate,
  deductible: minorUnits,
  providerLossRate: rate,
  effectiveOn: localDate,
  /** last day of cover. */
  expiresOn: localDate,
  reason: z.string(),
};

/** What two people agree on besides rates and assessments, and the withdrawal of any proposal. */
export const policyEventSchemas = {
  StagingPolicyProposed: z.strictObject(stagingPolicyFields),
  StagingPolicyApproved: z.strictObject({ ...stagingPolicyFields, ...approvedBy }),
  StagingPolicyWithdrawn: z.strictObject({ policyId: z.string(), ...withdrawn }),
  StageAssignmentProposed: z.strictObject(stageAssignmentFields),
  StageAssignmentApproved: z.strictObject({ ...stageAssignmentFields, ...approvedBy }),
  StageAssignmentWithdrawn: z.strictObject({ assignmentId: z.string(), ...withdrawn }),
  ForwardLookingSetProposed: z.strictObject(forwardLookingSetFields),
  ForwardLookingSetApproved: z.strictObject({ ...forwardLookingSetFields, ...approvedBy }),
  ForwardLookingSetWithdrawn: z.strictObject({ setId: z.string(), ...withdrawn }),
  OverlayProposed: z.strictObject(overlayFields),
  OverlayApproved: z.strictObject({ ...overlayFields, ...approvedBy }),
  OverlayWithdrawn: z.strictObject({ overlayId: z.string(), ...withdrawn }),
  CreditEnhancementProposed: z.strictObject(creditEnhancementFields),
  CreditEnhancementApproved: z.strictObject({ ...creditEnhancementFields, ...approvedBy }),
  CreditEnhancementWithdrawn: z.strictObject({ enhancementId: z.string(), ...withdrawn }),
  LossRateSetWithdrawn: z.strictObject({ setId: z.string(), ...withdrawn }),
  IndividualAssessmentWithdrawn: z.strictObject({ assessmentId: z.string(), ...withdrawn }),
} as const;

export const policyEvents: readonly EventDefinition[] = [
  { code: 220, type: 'StagingPolicyProposed', schemaVersion: 1 },
  { code: 221, type: 'StagingPolicyApproved', schemaVersion: 1 },
  { code: 222, type: 'StagingPolicyWithdrawn', schemaVersion: 1 },
  { code: 223, type: 'StageAssignmentProposed', schemaVersion: 1 },
  { code: 224, type: 'StageAssignmentApproved', schemaVersion: 1 },
  { code: 225, type: 'StageAssignmentWithdrawn', schemaVersion: 1 },
  { code: 226, type: 'ForwardLookingSetProposed', schemaVersion: 1 },
  { code: 227, type: 'ForwardLookingSetApproved', schemaVersion: 1 },
  { code: 228, type: 'ForwardLookingSetWithdrawn', schemaVersion: 1 },
  { code: 229, type: 'OverlayProposed', schemaVersion: 1 },
  { code: 230, type: 'OverlayApproved', schemaVersion: 1 },
  { code: 231, type: 'OverlayWithdrawn', schemaVersion: 1 },
  { code: 232, type: 'CreditEnhancementProposed', schemaVersion: 1 },
  { code: 233, type: 'CreditEnhancementApproved', schemaVersion: 1 },
  { code: 234, type: 'CreditEnhancementWithdrawn', schemaVersion: 1 },
  { code: 235, type: 'LossRateSetWithdrawn', schemaVersion: 1 },
  { code: 236, type: 'IndividualAssessmentWithdrawn', schemaVersion: 1 },
];
