import { currencyExponent, divideHalfUp, isCurrency, rateOf } from '../values';
import type { Cell, Column, DisclosureTable, Row } from './table';
import { minorOf } from './table';

export const UNIT_MAX = 1_000_000_000;
/** Decimals of a printed rate as a fraction: 0.1453 is 14.53 %. */
const RATE_DECIMALS = 4;

/**
 * The foot rule, as it is printed: every cell is rounded half up on its own, totals are rounded totals of exact data, and where the rounded
 * rows do not add up to the rounded total the gap is marked. No cell is moved to make a column foot.
 */
export const FOOT_RULE =
  'Each figure is rounded half up on its own. Totals are rounded totals of exact amounts, so a total may differ from the sum of the rounded figures above it; where it does, the gap is marked.';

export interface PresentedAmount {
  readonly type: 'amount';
  /** in units of the note. */
  readonly value: bigint;
  readonly exact: bigint;
  /** rounded figure less what the rounded figures it is made of give; 0n = it foots. */
  readonly gap: bigint;
}
export interface PresentedRate {
  readonly type: 'rate';
  /** a fraction; null = no exposure. */
  readonly value: string | null;
}
export interface PresentedText {
  readonly type: 'text';
  readonly value: string;
}
export type PresentedCell = PresentedAmount | PresentedRate | PresentedText;

export interface PresentedRow extends Omit<Row, 'cells' | 'sums'> {
  readonly current: Readonly<Record<string, PresentedCell>>;
  /** null = no comparative was asked for, or it has no such line. */
  readonly comparative: Readonly<Record<string, PresentedCell>> | null;
}

export interface PresentedTable extends Omit<DisclosureTable, 'rows' | 'across'> {
  readonly rows: readonly PresentedRow[];
}

/** Minor units in `unit` whole units of a currency: 100,000 fen in RMB'000. */
export function minorPerUnit(unit: number, currency: string): bigint {
  if (!Number.isSafeInteger(unit) || unit < 1 || unit > UNIT_MAX) throw new RangeError(`${String(unit)} is no unit to round to`);
  // An empty book has no currency yet, and no figure but zero.
  return BigInt(unit) * (isCurrency(currency) ? 10n ** BigInt(currencyExponent(currency)) : 1n);
}

/** Rounds a table, with the same table of an earlier date beside it. Lines only the earlier one has follow the line they followed there. */
export function presentTable(current: DisclosureTable, comparative: DisclosureTable | null, perUnit: bigint): PresentedTable {
  const now = presentRows(current, perUnit);
  const before = comparative === null ? new Map<string, PresentedCells>() : presentRows(comparative, perUnit);
  const { id, title, source, basis, columns } = current;
  const rows = mergedRows(current.rows, comparative?.rows ?? []).map(({ key, label, role }) => ({
    ...{ key, label, role },
    current: now.get(key) ?? {},
    comparative: before.get(key) ?? null,
  }));
  return { id, title, source, basis, columns, rows };
}

type PresentedCells = Readonly<Record<string, PresentedCell>>;

function mergedRows(current: readonly Row[], comparative: readonly Row[]): readonly Row[] {
  const merged = [...current];
  comparative.forEach((row, index) => {
    if (merged.some(({ key }) => key === row.key)) return;
    const before = comparative[index - 1];
    const place = before === undefined ? 0 : merged.findIndex(({ key }) => key === before.key) + 1;
    merged.splice(place, 0, row);
  });
  return merged;
}

function presentRows(table: DisclosureTable, perUnit: bigint): Map<string, PresentedCells> {
  const rounded = (row: Row, column: string): bigint => divideHalfUp(minorOf(row, column), perUnit);
  const rows = new Map(table.rows.map((row) => [row.key, row]));
  const gapOf = (row: Row, column: string): bigint => {
    const downwards = row.sums.reduce((sum, key) => {
      const part = rows.get(key);
      return part === undefined ? sum : sum + rounded(part, column);
    }, 0n);
    if (row.sums.length > 0 && downwards !== rounded(row, column)) return rounded(row, column) - downwards;
    const across = table.across.find(({ result }) => result === column);
    if (across === undefined) return 0n;
    const sum = (columns: readonly string[]): bigint => columns.reduce((total, each) => total + rounded(row, each), 0n);
    return rounded(row, column) - (sum(across.plus) - sum(across.minus));
  };
  const present = (row: Row, column: Column): [string, PresentedCell][] => {
    const cell = row.cells[column.id];
    return cell === undefined ? [] : [[column.id, presentCell(cell, perUnit, () => gapOf(row, column.id))]];
  };
  return new Map(table.rows.map((row) => [row.key, Object.fromEntries(table.columns.flatMap((column) => present(row, column)))]));
}

function presentCell(cell: Cell, perUnit: bigint, gap: () => bigint): PresentedCell {
  switch (cell.type) {
    case 'amount':
      return { type: 'amount', value: divideHalfUp(cell.minor, perUnit), exact: cell.minor, gap: gap() };
    case 'rate':
      return { type: 'rate', value: rateOf(cell.part, cell.whole, RATE_DECIMALS) ?? null };
    case 'text':
      return { type: 'text', value: cell.text };
  }
}
