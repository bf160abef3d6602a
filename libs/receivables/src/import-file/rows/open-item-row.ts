import type { ReceivableRow } from './receivable-row';
import { readReceivable } from './receivable-row';
import type { RowReader } from './row-reader';
import type { RowRefusal } from './row-refusal';

/**
 * A line of a list of open items. A refused line is kept too, as far as it can be read: the item it names must not count as vanished.
 */
export interface OpenItemRow {
  readonly row: number;
  /** '' where it cannot be read. */
  readonly itemId: string;
  /** as written; '' when blank. */
  readonly kind: string;
  /** undefined when the line is refused. */
  readonly item: ReceivableRow | undefined;
  /** minor units still open on the date of the list; negative = a credit of the debtor. */
  readonly open: bigint;
  readonly refusal: RowRefusal | undefined;
}

/** Reads a line of a list of open items. `amount` is what is open, unless the column `outstanding` says so: then `amount` is what was billed. */
export function readOpenItem(read: RowReader, row: number): OpenItemRow {
  const itemId = read.requiredIdentifier('receivable_id');
  const kind = read.label('kind');
  const item = readReceivable(read, row, 'signed');
  const open = (item === undefined ? null : read.amount('outstanding', item.currency)) ?? item?.amount ?? 0n;
  const { refusal } = read;
  return { row, itemId, kind, item: refusal === undefined ? item : undefined, open, refusal };
}
