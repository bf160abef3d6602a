import type { EventDefinition } from '@app/event-store';
import { z } from 'zod';
import { hash } from './events/fields';
import { periodEvents, periodEventSchemas } from './events/periods';
import { policyEvents, policyEventSchemas } from './events/policies';
import { runLifecycleEvents, runLifecycleEventSchemas } from './events/run-lifecycle';
import { verificationEvents, verificationEventSchemas } from './events/verification';
import { closeStageData, figures, kindTotalData, provisionResult } from './events/provision-result';

export type {
  CloseStageData,
  CollectiveLineData,
  IndividualLineData,
  OverlayLineData,
  ProvisionShareData,
  StagedLineData,
} from './events/provision-result';
import { postingEvents, postingEventSchemas } from './events/posting';

/**
 * Every event this feature writes, as a schema (what is stored) and a type (what code reads).
 *
 * Conventions of event data: money is a string of integer minor units of the currency named beside it, a rate is a decimal
 * string holding a fraction, a date is YYYY-MM-DD, a position is an integer, and an absent value is null, never left out.
 */
const minorUnits = z.string().regex(/^\d+$/);
const rate = z.string().regex(/^\d+(\.\d+)?$/);
const localDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const position = z.int().nonnegative();
const currencyCode = z.string().regex(/^[A-Z]{3}$/);
const principal = z.string();

const problemData = z.strictObject({
  code: z.string(),
  detail: z.string(),
  errors: z.array(z.record(z.string(), z.union([z.string(), z.int(), z.null()]))),
});
/** Why a computation could not be done: a stable code, a sentence, and the things it is about. */
export type ProblemData = z.infer<typeof problemData>;

const warningData = z.strictObject({ code: z.string(), detail: z.string() });

const lossRateData = z.strictObject({ segment: z.string(), bucket: z.string(), rate });

const lossRateEvidenceData = z.strictObject({
  /** how the rates were derived, e.g. `roll-rate`. */
  method: z.string(),
  /** the period observed, in words or as two dates. */
  window: z.string(),
  /** how many receivables, cohorts or debtors stand behind the rates. */
  sampleSize: z.int().nonnegative(),
  url: z.string().nullable(),
});

export const lossRateSetProposedData = z.strictObject({
  setId: z.string(),
  kind: z.string(),
  scheme: z.string(),
  effectiveOn: localDate,
  /** segment `*` stands for every segment not named. */
  rates: z.array(lossRateData),
  evidence: lossRateEvidenceData.nullable().default(null),
  /** the approved set of the same kind, scheme and effective date it takes the place of; null = none. */
  replaces: z.string().nullable().default(null),
});
export type LossRateSetProposedData = z.infer<typeof lossRateSetProposedData>;

export const lossRateSetApprovedData = z.strictObject({
  setId: z.string(),
  kind: z.string(),
  scheme: z.string(),
  approvedBy: principal,
  /** hash of what was approved; null in events recorded before it was kept. */
  contentHash: hash.nullable().default(null),
});
export type LossRateSetApprovedData = z.infer<typeof lossRateSetApprovedData>;

const scenarioData = z.strictObject({
  probability: rate,
  /** amount in minor units of the scenario currency of the assessment. */
  cashFlows: z.array(z.strictObject({ on: localDate, amount: minorUnits })),
});

const assessmentFields = {
  assessmentId: z.string(),
  debtorId: z.string(),
  effectiveOn: localDate,
  /** last day the assessment stands without review; the rate is kept after it and a review is asked for. */
  endsOn: localDate.nullable(),
  /** null = every kind with expected credit losses. */
  kinds: z.array(z.string()).nullable(),
  /** null = every entity. */
  entityId: z.string().nullable(),
  lossRate: rate.nullable(),
  scenarios: z.array(scenarioData).nullable(),
  scenarioCurrency: currencyCode.nullable(),
  discountRate: rate.nullable(),
  reason: z.string(),
  /** true = from effectiveOn the debtor is back in the matrix. */
  release: z.boolean(),
  /** link or text that says where the evidence is; null = none given. */
  evidence: z.string().nullable().default(null),
};
export const individualAssessmentProposedData = z.strictObject(assessmentFields);
export type IndividualAssessmentProposedData = z.infer<typeof individualAssessmentProposedData>;

/** The approval repeats the whole assessment, so that a reader of approvals alone knows what is in force. */
export const individualAssessmentApprovedData = z.strictObject({
  ...assessmentFields,
  approvedBy: principal,
  /** hash of what was approved; null in events recorded before it was kept. */
  contentHash: hash.nullable().default(null),
});
export type IndividualAssessmentApprovedData = z.infer<typeof individualAssessmentApprovedData>;

export const provisionRunRequestedData = z.strictObject({
  runId: z.string(),
  asOf: localDate,
  knownAt: z.string(),
  /** pinned when the run was asked for: facts recorded later never enter it. */
  position,
  kinds: z.array(z.string()).nullable(),
  scheme: z.string().nullable(),
  currency: currencyCode.nullable(),
});
export type ProvisionRunRequestedData = z.infer<typeof provisionRunRequestedData>;

export const provisionRunCompletedData = z.strictObject({
  runId: z.string(),
  asOf: localDate,
  knownAt: z.string(),
  position,
  ...provisionResult,
  /** SHA-256 over the canonical JSON of inputs and outputs. */
  hash: z.string(),
});
export type ProvisionRunCompletedData = z.infer<typeof provisionRunCompletedData>;
/** The figures alone, of a run or of a what-if. */
export type ProvisionFiguresData = Omit<ProvisionRunCompletedData, 'runId' | 'asOf' | 'knownAt' | 'position' | 'hash'>;

export const provisionRunFailedData = z.strictObject({ runId: z.string(), asOf: localDate, position, problem: problemData });
export type ProvisionRunFailedData = z.infer<typeof provisionRunFailedData>;

export const closeRequestedData = z.strictObject({ closeId: z.string(), asOf: localDate, position });
export type CloseRequestedData = z.infer<typeof closeRequestedData>;

const snapshotBucketData = z.strictObject({
  label: z.string(),
  /** inclusive upper bound measured from the anchor date; null = everything over the bucket before. */
  upTo: z.strictObject({ unit: z.enum(['days', 'months', 'years']), count: z.int().nonnegative() }).nullable(),
  /** collective and individual together. */
  amount: minorUnits,
});
const snapshotGroupData = z.strictObject({
  kind: z.string(),
  segment: z.string(),
  /** one amount per bucket, in the order of `buckets`. */
  collective: z.array(minorUnits),
  individual: z.array(minorUnits),
});
const groupDebtorsData = z.strictObject({
  /** null = all kinds together; left out where the book has one kind. */
  kind: z.string().nullable(),
  segment: z.string(),
  /** individually assessed; otherwise collective. */
  assessed: z.boolean(),
  /** debtors that owe something here. */
  debtors: z.int().nonnegative(),
  /** sum over them of what each owes, squared: how unequal they are. */
  squares: minorUnits,
  /** one a bucket: debtors that owe in it, sum of what each owes in it squared, and of that times what it owes in all. */
  buckets: z.array(z.strictObject({ debtors: z.int().nonnegative(), squares: minorUnits, products: minorUnits })),
});
const ageingBySchemeData = z.strictObject({
  scheme: z.string(),
  basis: z.enum(['recognition', 'invoice', 'due']),
  buckets: z.array(snapshotBucketData),
  total: minorUnits,
  /** the same figures by kind and segment; they sum to `buckets` exactly. */
  groups: z.array(snapshotGroupData),
  /** null in snapshots from before debtors were counted, and of books too large to count at every close. */
  debtors: z.array(groupDebtorsData).nullable().default(null),
});
export type AgeingBySchemeData = z.infer<typeof ageingBySchemeData>;

const concentrationData = z.strictObject({
  /** null = every kind. */
  kind: z.string().nullable(),
  /** null = every segment. */
  segment: z.string().nullable(),
  debtors: z.int().nonnegative(),
  total: minorUnits,
  /** sum over debtors of what each owes, squared. */
  squares: minorUnits,
  /** at most ten, the largest first. */
  largest: z.array(z.strictObject({ debtorId: z.string(), amount: minorUnits })),
});

/**
 * The age mix of the whole book at a close: gross of every kind with expected credit losses, collective and individual,
 * credit balances excluded, in the presentation currency at the closing rates of asOf.
 */
export const ageingSnapshotTakenData = z.strictObject({
  closeId: z.string(),
  asOf: localDate,
  position,
  currency: currencyCode,
  /** gross of the book by recognition date; another scheme's total differs at most by the rounding of translated currencies. */
  total: minorUnits,
  /** `months-6-12-24-36-48` (recognition), `days-past-due-30-60-90` (due) and every scheme a loss-rate set in force uses. */
  byAge: z.array(ageingBySchemeData),
  /** who owes the book, each kind and each segment; null where debtors were not counted. */
  concentration: z.array(concentrationData).nullable().default(null),
});
export type AgeingSnapshotTakenData = z.infer<typeof ageingSnapshotTakenData>;

/** One cell of the matrix over the whole book: entities and currencies summed in the presentation currency. */
const matrixBucketData = z.strictObject({
  kind: z.string(),
  scheme: z.string(),
  segment: z.string(),
  bucket: z.string(),
  /** the loss rate in force after scenarios and before any cover, not allowance / gross. */
  rate,
  gross: minorUnits,
  allowance: minorUnits,
});
export type MatrixBucketData = z.infer<typeof matrixBucketData>;

/** The allowance of the whole book at a close. Coverage is allowance / gross of `total` or of a kind. */
export const provisionRecomputedData = z.strictObject({
  closeId: z.string(),
  asOf: localDate,
  position,
  currency: currencyCode,
  resultHash: z.string(),
  lossRateSets: z.array(z.strictObject({ kind: z.string(), scheme: z.string(), lossRateSetId: z.string().nullable() })),
  total: z.strictObject(figures),
  kinds: z.array(kindTotalData),
  buckets: z.array(matrixBucketData),
  /** what is measured by stages; empty before engine '2'. */
  stages: z.array(closeStageData).default([]),
  warnings: z.array(warningData),
});
export type ProvisionRecomputedData = z.infer<typeof provisionRecomputedData>;

/** Ends an asked-for close, or a recomputation that changed its outcome; says when the provision could not be computed. */
export const closeCompletedData = z.strictObject({
  closeId: z.string(),
  asOf: localDate,
  position,
  provision: z.enum(['computed', 'not-computed']),
  problem: problemData.nullable(),
});
export type CloseCompletedData = z.infer<typeof closeCompletedData>;

export const closeFailedData = z.strictObject({ closeId: z.string(), asOf: localDate, position, problem: problemData });
export type CloseFailedData = z.infer<typeof closeFailedData>;

/** Schemas of the events by type: generates `docs/events/provisioning.json`. */
export const provisioningEventSchemas = {
  LossRateSetProposed: lossRateSetProposedData,
  LossRateSetApproved: lossRateSetApprovedData,
  IndividualAssessmentProposed: individualAssessmentProposedData,
  IndividualAssessmentApproved: individualAssessmentApprovedData,
  ProvisionRunRequested: provisionRunRequestedData,
  ProvisionRunCompleted: provisionRunCompletedData,
  ProvisionRunFailed: provisionRunFailedData,
  CloseRequested: closeRequestedData,
  AgeingSnapshotTaken: ageingSnapshotTakenData,
  ProvisionRecomputed: provisionRecomputedData,
  CloseFailed: closeFailedData,
  CloseCompleted: closeCompletedData,
  ...policyEventSchemas,
  ...periodEventSchemas,
  ...runLifecycleEventSchemas,
  ...verificationEventSchemas,
  ...postingEventSchemas,
} as const;
export type ProvisioningEventType = keyof typeof provisioningEventSchemas;

/** Codes 200-299 belong to provisioning and never change meaning. */
export const events: readonly EventDefinition[] = [
  { code: 200, type: 'LossRateSetProposed', schemaVersion: 1 },
  { code: 201, type: 'LossRateSetApproved', schemaVersion: 1 },
  { code: 202, type: 'IndividualAssessmentProposed', schemaVersion: 1 },
  { code: 203, type: 'IndividualAssessmentApproved', schemaVersion: 1 },
  { code: 204, type: 'ProvisionRunRequested', schemaVersion: 1 },
  { code: 205, type: 'ProvisionRunCompleted', schemaVersion: 1 },
  { code: 206, type: 'ProvisionRunFailed', schemaVersion: 1 },
  { code: 207, type: 'CloseRequested', schemaVersion: 1 },
  { code: 208, type: 'AgeingSnapshotTaken', schemaVersion: 1 },
  { code: 209, type: 'ProvisionRecomputed', schemaVersion: 1 },
  { code: 210, type: 'CloseFailed', schemaVersion: 1 },
  { code: 211, type: 'CloseCompleted', schemaVersion: 1 },
  ...policyEvents,
  ...periodEvents,
  ...runLifecycleEvents,
  ...verificationEvents,
  ...postingEvents,
];
