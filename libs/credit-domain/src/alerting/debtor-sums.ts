import type { AgeingSnapshot, CloseFigures, GroupDebtors, Scope } from './close-figures';
import { grossByBucket } from './close-figures';
import type { AssessedPart } from './rule-definition';
import type { DebtorSums } from './statistics/sampling-noise';

/** Rows of a close's debtor counts that make up a scope: one list a kind, or a single one that covers all its kinds together. */
type RowsByKind = readonly (readonly GroupDebtors[])[];

/**
 * Sums over the debtors of the scope, `null` when the close holds no counts. Within a kind a debtor is in one segment at a close, so segments add up,
 * and closes count all kinds together as well. Only several kinds named one by one are not exact: their debtors may be the same, so squares are
 * taken at their upper bound, (sum of roots)^2, and nothing is said of the buckets. A book is never credited with more debtors than it has.
 */
export function debtorSums(close: CloseFigures, scheme: string, scope: Scope, assessed: AssessedPart): DebtorSums | null {
  const gross = grossByBucket(close, scheme, scope, assessed);
  const rows = rowsOf(close, scheme, scope, assessed);
  if (gross === null || rows === null) return null;
  const [first = []] = rows;
  const isExact = rows.length <= 1;
  const over = (valueOf: (row: GroupDebtors) => bigint): bigint => first.reduce((sum, row) => sum + valueOf(row), 0n);
  return {
    debtors: debtorsOf(rows, (row) => row.debtors),
    squares: isExact ? over(({ squares }) => squares) : boundOfSquares(rows),
    buckets: gross.map((bucket, index) => ({
      gross: bucket.gross,
      scatter: isExact
        ? { squares: over(({ buckets }) => buckets[index]?.squares ?? 0n), products: over(({ buckets }) => buckets[index]?.products ?? 0n) }
        : null,
    })),
  };
}

/** Debtors in one bucket, at least: several kinds may share theirs. `null` when the close holds no counts. */
export function debtorsOfBucket(close: CloseFigures, scheme: string, bucket: string, scope: Scope, assessed: AssessedPart): number | null {
  const index = snapshotOf(close, scheme)?.buckets.findIndex(({ label }) => label === bucket) ?? -1;
  const rows = rowsOf(close, scheme, scope, assessed);
  if (rows === null || index < 0) return null;
  return debtorsOf(rows, ({ buckets }) => buckets[index]?.debtors ?? 0);
}

/** Debtors of the scope, at least, whatever their buckets. `null` when the close holds no counts. */
export function debtorsInScope(close: CloseFigures, scope: Scope, assessed: AssessedPart): number | null {
  const [snapshot] = close.ageing;
  const rows = snapshot === undefined ? null : rowsOf(close, snapshot.scheme, scope, assessed);
  return rows === null ? null : debtorsOf(rows, ({ debtors }) => debtors);
}

function rowsOf(close: CloseFigures, scheme: string, scope: Scope, assessed: AssessedPart): RowsByKind | null {
  const debtors = snapshotOf(close, scheme)?.debtors ?? null;
  if (debtors === null) return null;
  const chosen = debtors.filter(
    (row) =>
      (scope.segment === null || row.segment === scope.segment) && (assessed === 'all' || row.assessed === (assessed === 'individual')),
  );
  const together = chosen.filter(({ kind }) => kind === null);
  if (scope.kinds === null && together.length > 0) return [together];
  const kinds = [...new Set(chosen.map(({ kind }) => kind))].filter((kind) => kind !== null && (scope.kinds?.includes(kind) ?? true));
  return kinds.map((kind) => chosen.filter((row) => row.kind === kind));
}

function snapshotOf(close: CloseFigures, scheme: string): AgeingSnapshot | undefined {
  return close.ageing.find((candidate) => candidate.scheme === scheme);
}

function debtorsOf(rows: RowsByKind, countOf: (row: GroupDebtors) => number): number {
  return Math.max(0, ...rows.map((ofKind) => ofKind.reduce((sum, row) => sum + countOf(row), 0)));
}

function boundOfSquares(rows: RowsByKind): bigint {
  const root = rows.reduce((sum, ofKind) => sum + rootAbove(ofKind.reduce((squares, row) => squares + row.squares, 0n)), 0n);
  return root * root;
}

/** The smallest whole number whose square is not below the value, by Newton's iteration from above. */
function rootAbove(value: bigint): bigint {
  if (value <= 1n) return value < 0n ? 0n : value;
  let root = 1n << BigInt(Math.ceil(value.toString(2).length / 2));
  for (let next = (root + value / root) >> 1n; next < root; next = (root + value / root) >> 1n) root = next;
  return root * root === value ? root : root + 1n;
}
