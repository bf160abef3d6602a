import { BROKEN_LINE_LENGTH_MAX, COLUMNS_MAX, RECORD_LENGTH_MAX } from '../import-limits';
import type { FileRecord, RecordReader } from './file-record';

/** Newline-delimited JSON: one object a line, with the names of the CSV columns. */
export class NdjsonRecords implements RecordReader {
  private rest = '';
  private row = 0;
  private skipping = false;
  private readonly known: ReadonlySet<string>;

  constructor(private readonly columns: readonly string[]) {
    this.known = new Set(columns);
  }

  push(text: string): FileRecord[] {
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop() ?? '';
    const records = this.read(lines);
    if (this.rest.length > RECORD_LENGTH_MAX) {
      if (!this.skipping) records.push(this.broken(this.rest, `longer than ${String(RECORD_LENGTH_MAX)} characters`));
      this.skipping = true;
      this.rest = '';
    }
    return records;
  }

  end(): FileRecord[] {
    const records = this.read([this.rest]);
    this.rest = '';
    return records;
  }

  private read(lines: readonly string[]): FileRecord[] {
    const records: FileRecord[] = [];
    for (const line of lines) {
      if (this.skipping) {
        this.skipping = false;
        continue;
      }
      if (line.trim() === '') this.row += 1;
      else records.push(this.parse(line));
    }
    return records;
  }

  private parse(line: string): FileRecord {
    if (line.length > RECORD_LENGTH_MAX) return this.broken(line, `longer than ${String(RECORD_LENGTH_MAX)} characters`);
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      return this.broken(line, 'the line is not JSON');
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return this.broken(line, 'the line is not a JSON object');
    const cells = new Map<string, string>();
    for (const [name, member] of Object.entries(value)) {
      const text = cellText(member);
      if (text === undefined) return this.broken(line, `${JSON.stringify(name)} must be a string, an integer, true, false or null`);
      cells.set(name, text);
    }
    const extraNames = [...cells.keys()].filter((name) => !this.known.has(name));
    if (extraNames.length > COLUMNS_MAX) return this.broken(line, `more than ${String(COLUMNS_MAX)} members`);
    this.row += 1;
    return { row: this.row, cells: [...this.columns, ...extraNames].map((name) => cells.get(name) ?? ''), extraNames };
  }

  private broken(line: string, why: string): FileRecord {
    this.row += 1;
    return { row: this.row, cells: [line.slice(0, BROKEN_LINE_LENGTH_MAX)], broken: why };
  }
}

/** A JSON number with decimals has been through a double somewhere: decimals come as strings. */
function cellText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  if (value === null) return '';
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : undefined;
}
