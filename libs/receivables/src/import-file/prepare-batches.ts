import type { RowKind } from './decide/decided-batch';
import { ROWS_PER_BATCH } from './import-limits';
import type { Reject } from './import-progress';
import type { FileLayout } from './reading/file-header';
import { knownColumnsOf } from './reading/file-header';
import type { OpenedImport } from './reading/read-import';
import type { FileRecord } from './reading/file-record';
import { RowReader } from './rows/row-reader';

/** Rows that passed the checks which need no book, and those that did not. */
export interface PreparedBatch<Row> {
  readonly rows: readonly Row[];
  readonly rejects: readonly Reject[];
  readonly lastRow: number;
  /** The cells of a row of this batch, for a refusal found later. */
  cellsOf(row: number): Reject['cells'];
}

/** Reads a file in batches of at most ROWS_PER_BATCH rows. Needs no transaction, so the next batch is read while one is recorded. */
export async function* prepareBatches<Row>(
  file: OpenedImport,
  kind: RowKind<Row>,
  rowsPerBatch: number = ROWS_PER_BATCH,
): AsyncGenerator<PreparedBatch<Row>> {
  const read = new RowReader(file.layout);
  let records: FileRecord[] = [];
  for await (const piece of file.records) {
    for (const record of piece) {
      records.push(record);
      if (records.length === rowsPerBatch) {
        yield prepare(read, file.layout, kind, records);
        records = [];
      }
    }
  }
  if (records.length > 0) yield prepare(read, file.layout, kind, records);
}

function prepare<Row>(read: RowReader, layout: FileLayout, kind: RowKind<Row>, records: readonly FileRecord[]): PreparedBatch<Row> {
  const rows: Row[] = [];
  const rejects: Reject[] = [];
  let byRow: Map<number, FileRecord> | undefined;
  for (const record of records) {
    const row = read.open(record) ? kind.read(read, record.row) : undefined;
    if (row !== undefined) rows.push(row);
    else if (read.refusal !== undefined) rejects.push({ row: record.row, refusal: read.refusal, cells: cellsAsSent(layout, record) });
    else throw new Error(`row ${String(record.row)} was neither read nor refused`);
  }
  return {
    rows,
    rejects,
    lastRow: records.at(-1)?.row ?? 0,
    cellsOf(row) {
      byRow ??= new Map(records.map((record) => [record.row, record]));
      const record = byRow.get(row);
      return record === undefined ? [] : cellsAsSent(layout, record);
    },
  };
}

/** CSV cells by place, as the header is kept; NDJSON members by name. */
function cellsAsSent(layout: FileLayout, record: FileRecord): Reject['cells'] {
  if (layout.width !== undefined || record.broken !== undefined) return record.cells;
  return Object.fromEntries(
    [...knownColumnsOf(layout), ...(record.extraNames ?? [])].map((name, index) => [name, record.cells[index] ?? '']),
  );
}
