/**
 * What the tables of the note are made of, all in minor units of the presentation currency: the lines of one provision run, and readings of
 * the book at the run's own date and position.
 */
export interface NoteFacts {
  readonly asOf: string;
  readonly currency: string;
  readonly shares: readonly ShareFact[];
  readonly matrix: readonly MatrixFact[];
  /** bucket labels of the scheme each kind is measured by, in order. */
  readonly bucketLabels: ReadonlyMap<string, readonly string[]>;
  readonly individual: readonly IndividualFact[];
  readonly overlays: readonly OverlayFact[];
  readonly segments: readonly SegmentFact[];
  /** prepayments, input VAT and the like: carried, outside expected credit losses. */
  readonly nonFinancial: readonly { readonly class: string; readonly gross: bigint }[];
  readonly tradeAgeing: AgeingFacts;
  readonly notesAgeing: AgeingFacts;
  readonly byCurrency: readonly CurrencyFact[];
  readonly concentration: readonly ConcentrationFacts[];
  readonly writtenOff: { readonly since: string; readonly register: readonly WrittenOffFact[] };
  readonly movements: Movements | NoMovement;
}

/** A part of a run's allowance, overlays included. */
export interface ShareFact {
  readonly kind: string;
  readonly class: string;
  readonly related: boolean;
  readonly side: 'collective' | 'staged' | 'individual';
  readonly stage: 1 | 2 | 3 | null;
  readonly gross: bigint;
  readonly allowance: bigint;
}

export interface MatrixFact {
  readonly kind: string;
  readonly segment: string;
  readonly bucket: string;
  readonly gross: bigint;
  readonly allowance: bigint;
}

export interface IndividualFact {
  readonly kind: string;
  readonly reason: string;
  readonly gross: bigint;
  readonly allowance: bigint;
  /** what the matrix would give on the same items; null when no rate covers them. */
  readonly matrixAllowance: bigint | null;
}

export interface OverlayFact {
  readonly overlayId: string;
  readonly kind: string;
  readonly reason: string;
  readonly amount: bigint;
}

export interface SegmentFact {
  readonly segment: string;
  readonly gross: bigint;
  readonly allowance: bigint;
}

export interface AgeingFacts {
  readonly labels: readonly string[];
  readonly cells: readonly { readonly kind: string; readonly assessed: boolean; readonly bucket: number; readonly gross: bigint }[];
}

export interface CurrencyFact {
  readonly currency: string;
  readonly kind: string;
  readonly gross: bigint;
  readonly allowance: bigint;
}

export interface ConcentrationFacts {
  readonly scope: 'trade' | 'all';
  readonly total: bigint;
  /** the largest debtors, the largest first. */
  readonly largest: readonly { readonly debtorId: string; readonly gross: bigint }[];
}

/** Written off and still being pursued (IFRS 7 35L), of one currency. */
export interface WrittenOffFact {
  readonly currency: string;
  /** contractual amounts written off in the period, and what of them is still under enforcement. */
  readonly inPeriod: bigint;
  readonly inPeriodEnforceable: bigint;
  /** the same of every write-off so far, and what came in on them. */
  readonly total: bigint;
  readonly recovered: bigint;
  readonly enforceable: bigint;
}

/** A movement between two dates in columns that add up: by side, by kind. */
export interface MovementFacts {
  readonly from: string;
  readonly columns: readonly { readonly id: string; readonly label: string }[];
  readonly opening: MovementAmounts;
  readonly legs: readonly { readonly cause: string; readonly amounts: MovementAmounts }[];
  readonly closing: MovementAmounts;
}

/** by column id. */
export type MovementAmounts = Readonly<Record<string, bigint>>;

export interface Movements {
  readonly allowanceBySide: MovementFacts;
  readonly allowanceByKind: MovementFacts;
  readonly grossByKind: MovementFacts;
}

/** Why a movement is not shown. */
export interface NoMovement {
  readonly reason: string;
}
