import type { ExchangeRate } from '../fx';
import type { ApprovedAssessment } from './individual-assessment';
import type { LossRateSet } from './loss-rate-set';
import type { ApprovedCreditEnhancement, ApprovedOverlay, ForwardLookingSet, StagingPolicy } from './policies';

/**
 * Gross of one pool in one bucket of its kind's measure, in minor units. A debtor who is measured apart from the pool (a stage of its
 * own, a credit enhancement) has cells of its own; what stands under its name is in no other cell.
 */
export interface CollectiveCell {
  readonly entityId: string;
  readonly kind: string;
  /** '' = no class. */
  readonly class: string;
  readonly related: boolean;
  readonly segment: string;
  readonly currency: string;
  /** index of the bucket in the kind's scheme; for a kind measured by stages 0, 1, 2 by days past due (`stagesScheme`). */
  readonly bucket: number;
  readonly amount: bigint;
  /** null or absent = pooled. */
  readonly debtorId?: string | null;
}

/** Gross of one individually assessed debtor in one bucket. */
export interface IndividualCell extends CollectiveCell {
  readonly debtorId: string;
}

/** The matrix of one kind: its scheme's buckets and the rates in force, null when none is approved. */
export interface KindMatrix {
  readonly approach: 'matrix';
  readonly kind: string;
  readonly scheme: string;
  readonly bucketLabels: readonly string[];
  readonly lossRateSet: LossRateSet | null;
  readonly forwardLooking: ForwardLookingSet | null;
}

/** The stages of one kind (general approach, IFRS 9 5.5.1-5.5.8). */
export interface KindStages {
  readonly approach: 'stages';
  readonly kind: string;
  readonly scheme: string;
  readonly policy: StagingPolicy;
  readonly forwardLooking: ForwardLookingSet | null;
  /** debtors whom something else than days past due puts into a stage on asOf. */
  readonly placements: readonly StagePlacement[];
}

export type KindMeasure = KindMatrix | KindStages;

export type Stage = 1 | 2 | 3;

/** The least stage of a debtor in one entity and kind on asOf, and why. Days past due may put a claim higher, never lower. */
export interface StagePlacement {
  readonly debtorId: string;
  /** null = every entity. */
  readonly entityId: string | null;
  readonly stage: Stage;
  readonly cause: 'assigned' | 'credit-impaired' | 'probation';
  readonly assignmentId: string | null;
}

export interface ProvisionInput {
  readonly asOf: string;
  /** presentation currency. */
  readonly currency: string;
  /** one for each kind of the run, in the order the kinds are shown. */
  readonly measures: readonly KindMeasure[];
  readonly collective: readonly CollectiveCell[];
  readonly individual: readonly IndividualCell[];
  readonly assessments: readonly ApprovedAssessment[];
  /** every approved one; which are in force on asOf is decided here. */
  readonly overlays: readonly ApprovedOverlay[];
  readonly enhancements: readonly ApprovedCreditEnhancement[];
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

/**
 * What a line that is not individual was measured with. allowance = gross x rate, rounded once. For a debtor under an integral credit
 * enhancement the line is its own: rate is then the rate left after the cover, to 24 decimals, and the allowance is computed from
 * `uncoveredRate` and `insured` exactly (`credit-enhancement.ts`).
 */
export interface MeasuredRates {
  /** before scenarios. */
  readonly baseRate: string;
  /** after scenarios, before any cover. */
  readonly uncoveredRate: string;
  /** after scenarios and cover: the rate applied. */
  readonly rate: string;
  readonly enhancementId: string | null;
  /** the debtor of a covered line; null for a pool. */
  readonly debtorId: string | null;
  /** part of the gross that the enhancement covers. */
  readonly insured: bigint;
}

export interface CollectiveLine extends LineAmounts, MeasuredRates {
  readonly entityId: string;
  readonly kind: string;
  readonly segment: string;
  readonly bucket: string;
}

export interface StagedLine extends LineAmounts, MeasuredRates {
  readonly entityId: string;
  readonly kind: string;
  readonly class: string;
  readonly segment: string;
  readonly stage: Stage;
}

export interface IndividualLine extends LineAmounts {
  readonly assessmentId: string;
  readonly debtorId: string;
  readonly entityId: string;
  readonly kind: string;
  readonly segment: string;
  readonly rate: string;
  /** what the matrix, or the stages, would give on the same items; null when no rate covers them. */
  readonly matrixAllowance: bigint | null;
  readonly presentationMatrixAllowance: bigint | null;
  readonly reason: string;
  /** where the evidence behind the assessment is. */
  readonly evidence: string | null;
  readonly reviewDue: boolean;
  readonly warnings: readonly IndividualWarning[];
}

export type IndividualWarning = 'below-matrix' | 'matrix-allowance-unknown' | 'review-due';

/** Age of what was carved out, in the buckets of the kind's measure: shown beside the matrix, in none of its lines. */
export interface IndividualAge {
  readonly entityId: string;
  readonly kind: string;
  readonly segment: string;
  readonly bucket: string;
  readonly currency: string;
  readonly gross: bigint;
  readonly presentationGross: bigint;
}

/** One overlay in force on asOf as it was applied. */
export interface OverlayLine {
  readonly overlayId: string;
  readonly kind: string;
  readonly entityId: string | null;
  readonly class: string | null;
  readonly segment: string | null;
  /** currency of the overlay. */
  readonly currency: string;
  /** signed, as approved. */
  readonly approvedAmount: bigint;
  /** signed, as applied: held so that the allowance of the scope stays between 0 and its exposure. */
  readonly amount: bigint;
  readonly presentationAmount: bigint;
  /** exposure of the scope. */
  readonly presentationGross: bigint;
  readonly reason: string;
}

/** What an enhancement that is not part of the terms would pay: an asset of its own, never netted (B5.5.55, IAS 37 by analogy). */
export interface ReimbursementLine {
  readonly enhancementId: string;
  readonly debtorId: string;
  readonly entityId: string;
  readonly kind: string;
  readonly currency: string;
  /** gross of the debtor's claims under the enhancement, and the part within its limit. */
  readonly gross: bigint;
  readonly insured: bigint;
  readonly amount: bigint;
  readonly presentationAmount: bigint;
}

export type MeasuredSide = 'collective' | 'staged' | 'individual';

/** Lines by class and related party: each line's amounts are shared by gross (largest remainder), so shares sum to lines exactly. */
export interface ProvisionShare extends LineAmounts {
  readonly entityId: string;
  readonly kind: string;
  readonly class: string;
  readonly related: boolean;
  readonly side: MeasuredSide;
  /** null unless measured by stages. */
  readonly stage: Stage | null;
  /** signed part of the overlays, in the presentation currency; not in `allowance`. */
  readonly presentationOverlay: bigint;
}

/** Carrying amounts of one kind in one currency; overlays are kept apart because they are made in the presentation currency. */
export interface CarryingAmount extends LineAmounts {
  readonly kind: string;
  /** signed. */
  readonly presentationOverlay: bigint;
}

export interface GrossAndAllowance {
  readonly gross: bigint;
  readonly allowance: bigint;
}

/** Sums in the presentation currency; gross and allowance are those of the three sides, the allowance with overlays. */
export interface ProvisionFigures extends GrossAndAllowance {
  readonly collective: GrossAndAllowance;
  readonly staged: GrossAndAllowance;
  readonly individual: GrossAndAllowance;
  /** signed. */
  readonly overlays: bigint;
}

/** Something a reader of the run should know; codes are stable, sentences are not. */
export interface ProvisionWarning {
  readonly code:
    | 'forward-looking-direction'
    | 'overlay-clamped'
    | 'overlay-without-exposure'
    | 'enhancement-not-applied'
    | 'stage-assignment-below-days-past-due';
  readonly detail: string;
}

export interface ProvisionResult {
  readonly collective: readonly CollectiveLine[];
  readonly staged: readonly StagedLine[];
  readonly individual: readonly IndividualLine[];
  readonly individualAgeing: readonly IndividualAge[];
  readonly overlays: readonly OverlayLine[];
  readonly reimbursements: readonly ReimbursementLine[];
  readonly shares: readonly ProvisionShare[];
  readonly carryingByCurrency: readonly CarryingAmount[];
  readonly totals: readonly ({ readonly kind: string } & ProvisionFigures)[];
  readonly total: ProvisionFigures;
  readonly warnings: readonly ProvisionWarning[];
}

export type ProvisionProblemCode = 'loss-rate-missing' | 'stage-parameters-missing' | 'fx-rate-missing' | 'assessment-currency-ambiguous';

/** Why a run has no figures; `errors` names each missing thing once. */
export interface ProvisionProblem {
  readonly code: ProvisionProblemCode;
  readonly detail: string;
  readonly errors: readonly Readonly<Record<string, string>>[];
}

export type ProvisionOutcome =
  { readonly ok: true; readonly result: ProvisionResult } | { readonly ok: false; readonly problem: ProvisionProblem };
