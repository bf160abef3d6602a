import type { JsonObject, Tx } from '@app/event-store';
import type { ReceivablesEventType } from '../../events';
import type { RowReader } from '../rows/row-reader';
import type { RowRefusal } from '../rows/row-refusal';

/** An event a row leads to. */
export interface PlannedEvent {
  readonly sourceRow: number;
  readonly category: 'debtor' | 'receivable' | 'fx-rate' | 'control-total';
  readonly key: string;
  readonly expectedVersion: number;
  /** The stream's number where it exists already; null opens it. Rows that follow in the same batch get to know it as null too. */
  readonly streamNo: bigint | null;
  readonly type: ReceivablesEventType;
  readonly effectiveOn: string;
  readonly data: JsonObject;
}

export interface RefusedRow {
  readonly row: number;
  readonly refusal: RowRefusal;
}

/** What the rows of a batch come to. Every row is in one of the three. */
export interface DecidedBatch {
  readonly events: PlannedEvent[];
  readonly refused: RefusedRow[];
  unchanged: number;
  /** Rows that led to events, where that is not one event a row. */
  accepted?: number;
}

/** What follows from the file as a whole, in batches: those after `next` are still to come, null = there are none. */
export interface Conclusion {
  readonly events: readonly PlannedEvent[];
  readonly next: string | null;
  /** What was not concluded, because it wants to be confirmed first. */
  readonly heldBack?: { readonly items: number; readonly share: string };
}

export function emptyBatch(): DecidedBatch {
  return { events: [], refused: [], unchanged: 0 };
}

/** What deciding may know besides the rows and the book. */
export interface DecidingContext {
  readonly tenantId: number;
  readonly importId: string;
  /** Business date of the import, for facts that state none. */
  readonly today: string;
}

/** How the files of one kind are read and decided. */
export interface RowKind<Row> {
  /** Reads a row without looking at the book; undefined when refused (see `read.refusal`). */
  read(read: RowReader, row: number): Row | undefined;
  /** Decides rows against the book as it stands in the transaction, in the order of the file. */
  decide(tx: Tx, rows: readonly Row[], context: DecidingContext): Promise<DecidedBatch>;
  /**
   * What follows once every row is decided and recorded; undefined = nothing can be concluded from this file. Called with null first, then with
   * `next` of the call before, each time in a transaction that begins with what was recorded by then; after a crash from the beginning.
   */
  conclude?(tx: Tx, context: DecidingContext, after: string | null): Promise<Conclusion | undefined>;
}
