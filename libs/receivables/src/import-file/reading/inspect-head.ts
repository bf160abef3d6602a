import { Refusal } from '@app/platform';
import type { ImportFormat, ImportKind } from '../import-kinds';
import { HEADER_LENGTH_MAX } from '../import-limits';
import { CsvRecords } from './csv-records';
import { knownColumns, readHeader } from './file-header';
import type { FileRecord } from './file-record';
import { NdjsonRecords } from './ndjson-records';

/**
 * Looks at the beginning of an upload while it is being stored, so that a file which cannot be read at all is refused before it is accepted.
 * Both functions throw refusals: `file-empty`, `encoding-invalid`, `csv-structure`, `json-structure` and those of `readHeader`.
 */
export interface HeadInspection {
  look(text: string): void;
  /** At the end of the upload: the header cells of a CSV file, null for NDJSON. */
  end(): readonly string[] | null;
}

const NUL_SEARCH_LENGTH = 64;

export function inspectHead(kind: ImportKind, format: ImportFormat): HeadInspection {
  const reader = format === 'csv' ? new CsvRecords() : new NdjsonRecords(knownColumns(kind));
  let looked = 0;
  let first: FileRecord | undefined;
  /** True once there was a record, and it is one to go on with. */
  const accept = (records: readonly FileRecord[]): boolean => {
    first = records[0];
    if (first === undefined) return false;
    if (first.broken !== undefined) {
      throw new Refusal(format === 'csv' ? 'csv-structure' : 'json-structure', `The first record cannot be read: ${first.broken}.`, [
        { row: first.row },
      ]);
    }
    if (format === 'csv') readHeader(kind, first.cells);
    return true;
  };
  return {
    look(text) {
      if (first !== undefined) return;
      // Text of two-byte characters read as one-byte ones shows by its zeros.
      if (looked === 0 && text.slice(0, NUL_SEARCH_LENGTH).includes('\u0000'))
        throw new Refusal('encoding-invalid', 'The file holds NUL characters: name its charset in content-type, or send it as UTF-8.');
      looked += text.length;
      if (!accept(reader.push(text)) && looked > HEADER_LENGTH_MAX) {
        throw new Refusal('csv-structure', `No record ends within the first ${String(HEADER_LENGTH_MAX)} characters.`, [{ row: 1 }]);
      }
    },
    end() {
      if (first === undefined) accept(reader.end());
      if (first === undefined) throw new Refusal('file-empty', 'The file is empty.');
      return format === 'csv' ? first.cells : null;
    },
  };
}
