import type { AgeLimit } from '../ageing/scheme';
import type { AssessedPart } from './rule-definition';

/** A bucket of a snapshot; `upTo` is `null` for the open end. */
export interface SnapshotBucket {
  readonly label: string;
  readonly upTo: AgeLimit | null;
}

/** Gross of one kind and segment, one amount per bucket, in minor units of the presentation currency. */
export interface SnapshotGroup {
  readonly kind: string;
  readonly segment: string;
  readonly collective: readonly bigint[];
  readonly individual: readonly bigint[];
}

/** Sums over the debtors of one kind, segment and side, of what each owes by bucket (x) and in all (X). See DebtorSums. */
export interface GroupDebtors {
  /** `null` = all kinds together, what a debtor owes in each being one sum; left out where the book has one kind. */
  readonly kind: string | null;
  readonly segment: string;
  readonly assessed: boolean;
  readonly debtors: number;
  readonly squares: bigint;
  /** One a bucket of the scheme. */
  readonly buckets: readonly { readonly debtors: number; readonly squares: bigint; readonly products: bigint }[];
}

export interface AgeingSnapshot {
  readonly scheme: string;
  readonly buckets: readonly SnapshotBucket[];
  readonly groups: readonly SnapshotGroup[];
  /** Absent before closes counted debtors. */
  readonly debtors?: readonly GroupDebtors[] | null;
}

/** What the debtors of a part of the book owe, the largest of them by name. */
export interface DebtorConcentration {
  /** `null` = every kind with expected credit losses. */
  readonly kind: string | null;
  /** `null` = every segment. */
  readonly segment: string | null;
  readonly debtors: number;
  readonly total: bigint;
  /** Sum over debtors of what each owes, squared. */
  readonly squares: bigint;
  /** At most LARGEST_DEBTORS, the largest first. */
  readonly largest: readonly { readonly debtorId: string; readonly amount: bigint }[];
}

/** One cell of the matrix at a close; `rate` is the loss rate in force, not allowance / gross. */
export interface MatrixCell {
  readonly kind: string;
  readonly scheme: string;
  readonly segment: string;
  readonly bucket: string;
  readonly rate: string;
  readonly gross: bigint;
  readonly allowance: bigint;
}

/** What a kind has in one stage of the general approach; its rate is allowance / gross, over all classes. */
export interface StageCell {
  readonly kind: string;
  readonly segment: string;
  readonly stage: number;
  readonly gross: bigint;
  readonly allowance: bigint;
}

export interface CoverageFigures {
  readonly gross: bigint;
  readonly allowance: bigint;
}

export interface KindAllowance {
  readonly kind: string;
  readonly collective: CoverageFigures;
  readonly individual: CoverageFigures;
}

export interface CloseProvision {
  readonly kinds: readonly KindAllowance[];
  readonly cells: readonly MatrixCell[];
  /** none before closes recorded stages. */
  readonly stages?: readonly StageCell[];
}

/** The figures of one close as alert rules read them. Credit balances are in none of them. */
export interface CloseFigures {
  readonly asOf: string;
  readonly currency: string;
  readonly ageing: readonly AgeingSnapshot[];
  /** `null` until an allowance was computed for the close. */
  readonly provision: CloseProvision | null;
  /** Absent before closes counted debtors. */
  readonly concentration?: readonly DebtorConcentration[] | null;
}

/** The part of the book a rule looks at. */
export interface Scope {
  readonly kinds: readonly string[] | null;
  readonly segment: string | null;
}

export function inScope(scope: Scope, of: { readonly kind: string; readonly segment?: string }): boolean {
  const kindFits = scope.kinds === null || scope.kinds.includes(of.kind);
  return kindFits && (scope.segment === null || of.segment === undefined || of.segment === scope.segment);
}

export interface BucketGross {
  readonly label: string;
  readonly upTo: AgeLimit | null;
  readonly gross: bigint;
}

/** Gross by bucket within the scope, every bucket of the scheme present; `null` when the close holds no snapshot of the scheme. */
export function grossByBucket(close: CloseFigures, scheme: string, scope: Scope, assessed: AssessedPart): BucketGross[] | null {
  const snapshot = close.ageing.find((candidate) => candidate.scheme === scheme);
  if (snapshot === undefined) return null;
  const groups = snapshot.groups.filter((group) => inScope(scope, group));
  return snapshot.buckets.map(({ label, upTo }, index) => ({
    label,
    upTo,
    gross: groups.reduce((sum, group) => {
      const collective = assessed === 'individual' ? 0n : (group.collective[index] ?? 0n);
      const individual = assessed === 'collective' ? 0n : (group.individual[index] ?? 0n);
      return sum + collective + individual;
    }, 0n),
  }));
}

/** A group of balances with one coverage: a matrix cell, a stage, or everything individually assessed of a kind. */
export interface CoverageCell extends CoverageFigures {
  readonly key: string;
  readonly kind: string;
  /** `null` for the individually assessed, which are known by kind only. */
  readonly segment: string | null;
  /** What a reader calls it: the bucket, the stage, or "individually assessed". */
  readonly name: string;
}

const INDIVIDUALLY_ASSESSED = 'individually assessed';

/** The cells whose gross and allowance make up the coverage of the scope. */
export function coverageCells(provision: CloseProvision, scope: Scope, assessed: AssessedPart): CoverageCell[] {
  const collective = provision.cells
    .filter((cell) => inScope(scope, cell))
    .map(({ kind, segment, bucket, gross, allowance }) => ({
      key: JSON.stringify([kind, segment, bucket]),
      kind,
      segment,
      name: bucket,
      gross,
      allowance,
    }));
  const staged = (provision.stages ?? [])
    .filter((cell) => inScope(scope, cell))
    .map(({ kind, segment, stage, gross, allowance }) => ({
      key: JSON.stringify([kind, segment, 'stage', stage]),
      kind,
      segment,
      name: `stage ${String(stage)}`,
      gross,
      allowance,
    }));
  const individual = provision.kinds
    .filter((kind) => inScope(scope, kind))
    .map(({ kind, individual: { gross, allowance } }) => ({
      key: JSON.stringify([kind]),
      kind,
      segment: null,
      name: INDIVIDUALLY_ASSESSED,
      gross,
      allowance,
    }));
  const cells = [...(assessed === 'individual' ? [] : [...collective, ...staged]), ...(assessed === 'collective' ? [] : individual)];
  return cells.filter(({ gross, allowance }) => gross !== 0n || allowance !== 0n);
}

export function totalOf(cells: readonly CoverageFigures[]): CoverageFigures {
  return cells.reduce<CoverageFigures>((sum, cell) => ({ gross: sum.gross + cell.gross, allowance: sum.allowance + cell.allowance }), {
    gross: 0n,
    allowance: 0n,
  });
}
