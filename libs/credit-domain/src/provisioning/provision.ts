import type { ExchangeRate } from '../fx';
import type { ApprovedAssessment } from './individual-assessment';
import type { LossRateSet } from './loss-rate-set';

/** Gross of one pool in one bucket of the kind's scheme, in minor units. */
export interface CollectiveCell {
  readonly entityId: string;
  readonly kind: string;
  readonly segment: string;
  readonly currency: string;
  /** index of the bucket in the kind's scheme. */
  readonly bucket: number;
  readonly amount: bigint;
}

/** Gross of one individually assessed debtor in one bucket. */
export interface IndividualCell extends CollectiveCell {
  readonly debtorId: string;
}

/** The matrix of one kind: its scheme's buckets and the rates in force, null when none is approved. */
export interface KindMatrix {
  readonly kind: string;
  readonly scheme: string;
  readonly bucketLabels: readonly string[];
  readonly lossRateSet: LossRateSet | null;
}

export interface ProvisionInput {
  readonly asOf: string;
  /** presentation currency. */
  readonly currency: string;
  /** one for each kind of the run, in the order the kinds are shown. */
  readonly matrices: readonly KindMatrix[];
  readonly collective: readonly CollectiveCell[];
  readonly individual: readonly IndividualCell[];
  readonly assessments: readonly ApprovedAssessment[];
  /** closing rate of asOf into the presentation currency, by currency. */
  readonly closingRates: ReadonlyMap<string, ExchangeRate>;
}

/** Minor units in the line's currency, and the same translated once at the closing rate. */
export interface LineAmounts {
  readonly currency: string;
  readonly gross: bigint;
  readonly allowance: bigint;
  readonly presentationGross: bigint;
  readonly presentationAllowance: bigint;
}

export interface CollectiveLine extends LineAmounts {
  readonly entityId: string;
  readonly kind: string;
  readonly segment: string;
  readonly bucket: string;
  readonly rate: string;
}

export interface IndividualLine extends LineAmounts {
  readonly assessmentId: string;
  readonly debtorId: string;
  readonly entityId: string;
  readonly kind: string;
  readonly segment: string;
  readonly rate: string;
  /** what the matrix would give on the same items; null when no rate covers them. */
  readonly matrixAllowance: bigint | null;
  readonly presentationMatrixAllowance: bigint | null;
  readonly reason: string;
  readonly reviewDue: boolean;
  readonly warnings: readonly IndividualWarning[];
}

export type IndividualWarning = 'below-matrix' | 'matrix-allowance-unknown' | 'review-due';

export interface GrossAndAllowance {
  readonly gross: bigint;
  readonly allowance: bigint;
}

/** Sums in the presentation currency. */
export interface ProvisionFigures extends GrossAndAllowance {
  readonly collective: GrossAndAllowance;
  readonly individual: GrossAndAllowance;
}

export interface ProvisionResult {
  readonly collective: readonly CollectiveLine[];
  readonly individual: readonly IndividualLine[];
  readonly totals: readonly ({ readonly kind: string } & ProvisionFigures)[];
  readonly total: ProvisionFigures;
}

export type ProvisionProblemCode = 'loss-rate-missing' | 'fx-rate-missing' | 'assessment-currency-ambiguous';

/** Why a run has no figures; `errors` names each missing thing once. */
export interface ProvisionProblem {
  readonly code: ProvisionProblemCode;
  readonly detail: string;
  readonly errors: readonly Readonly<Record<string, string>>[];
}

export type ProvisionOutcome =
  { readonly ok: true; readonly result: ProvisionResult } | { readonly ok: false; readonly problem: ProvisionProblem };
