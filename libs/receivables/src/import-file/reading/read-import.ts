import type { Database } from '@app/event-store';
import type { ImportRecord } from '../import-record';
import { CsvRecords } from './csv-records';
import type { FileLayout } from './file-header';
import { knownColumns, ndjsonLayout, readHeader } from './file-header';
import type { FileRecord, RecordReader } from './file-record';
import { NdjsonRecords } from './ndjson-records';

export interface OpenedImport {
  readonly layout: FileLayout;
  /** The rows of the file after `afterRow`, in its order, piece by piece. */
  readonly records: AsyncGenerator<FileRecord[]>;
}

/** Reads a stored upload from its beginning: parsing is cheap, and a resumed import then needs to remember nothing but a row number. */
export function readImport(database: Database, tenantId: number, file: ImportRecord, afterRow: number): OpenedImport {
  const { kind, format, header, importId } = file;
  const layout = format === 'csv' ? readHeader(kind, header ?? []) : ndjsonLayout(kind);
  const reader: RecordReader = format === 'csv' ? new CsvRecords() : new NdjsonRecords(knownColumns(kind));
  return { layout, records: readRecords(reader, textOf(database, tenantId, importId), format === 'csv', afterRow) };
}

async function* readRecords(
  reader: RecordReader,
  texts: AsyncIterable<string>,
  hasHeader: boolean,
  afterRow: number,
): AsyncGenerator<FileRecord[]> {
  let headerRow = hasHeader ? undefined : 0;
  const after = (records: FileRecord[]): FileRecord[] => {
    headerRow ??= records[0]?.row;
    const skipped = Math.max(headerRow ?? 0, afterRow);
    return (records[0]?.row ?? 0) > skipped ? records : records.filter((record) => record.row > skipped);
  };
  for await (const text of texts) yield after(reader.push(text));
  yield after(reader.end());
}

/** The upload as text, one stored piece after the other. */
async function* textOf(database: Database, tenantId: number, importId: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  for (let chunkNo = 0; ; chunkNo += 1) {
    const [chunk] = await database.read(tenantId, (tx) =>
      tx.query<{ bytes: Buffer }>('SELECT bytes FROM rc.import_chunk WHERE tenant_id = $1 AND import_id = $2 AND chunk_no = $3', [
        tenantId,
        importId,
        chunkNo,
      ]),
    );
    if (chunk === undefined) return;
    yield decoder.decode(chunk.bytes, { stream: true });
  }
}
