import { byCodeUnit } from './order';
import type { CollectiveCell } from './provision';

/**
 * One cell for each place, in a fixed order. Exposure may be read in any number of pieces and in any order; whatever is spread by gross must
 * not depend on how.
 */
export function mergeCells<Cell extends CollectiveCell>(cells: readonly Cell[]): Cell[] {
  const merged = new Map<string, Cell>();
  for (const cell of cells) {
    const key = cellKey(cell);
    const known = merged.get(key);
    merged.set(key, known === undefined ? cell : { ...known, amount: known.amount + cell.amount });
  }
  return [...merged.entries()].sort(([a], [b]) => byCodeUnit(a, b)).map(([, cell]) => cell);
}

/** Text that names a cell's place and sorts the same everywhere. */
export function cellKey(cell: CollectiveCell): string {
  const { entityId, kind, class: className, related, segment, currency, bucket, debtorId = null } = cell;
  return JSON.stringify([entityId, kind, className, related, segment, currency, String(bucket).padStart(3, '0'), debtorId]);
}
