import { BROKEN_LINE_LENGTH_MAX, RECORD_LENGTH_MAX } from '../import-limits';
import type { FileRecord, RecordReader } from './file-record';

const NONE = Number.POSITIVE_INFINITY;

type Parsed =
  | { readonly status: 'record'; readonly cells: readonly string[]; readonly next: number }
  | { readonly status: 'incomplete' }
  | { readonly status: 'broken'; readonly why: string };

const INCOMPLETE: Parsed = { status: 'incomplete' };

/**
 * CSV (RFC 4180) with LF, CRLF or CR line ends, also mixed. A line that breaks the rules is given back as broken and reading goes on at the
 * next line: a quote that is never closed costs one line, where a parser that reads on for its end would swallow the rest of the file.
 */
export class CsvRecords implements RecordReader {
  private buffer = '';
  private at = 0;
  private row = 0;
  /** A line longer than any record is being skipped up to its end. */
  private skipping = false;
  private nextLineFeed = -1;
  private nextReturn = -1;
  private nextQuote = -1;

  push(text: string): FileRecord[] {
    this.buffer = this.at === 0 && this.buffer === '' ? text : this.buffer.slice(this.at) + text;
    this.at = 0;
    this.nextLineFeed = this.nextReturn = this.nextQuote = -1;
    return this.take(false);
  }

  end(): FileRecord[] {
    this.nextLineFeed = this.nextReturn = this.nextQuote = -1;
    const records = this.take(true);
    this.buffer = '';
    this.at = 0;
    return records;
  }

  private take(final: boolean): FileRecord[] {
    const records: FileRecord[] = [];
    while (this.at < this.buffer.length) {
      const lineEnd = this.lineEnd(final);
      if (this.skipping) {
        this.at = lineEnd === NONE ? this.buffer.length : this.afterLineEnd(lineEnd);
        this.skipping = lineEnd === NONE;
        continue;
      }
      const parsed = this.parse(lineEnd, final);
      if (parsed.status === 'incomplete' && this.buffer.length - this.at <= RECORD_LENGTH_MAX) break;
      this.row += 1;
      if (parsed.status === 'record') {
        this.at = parsed.next;
        if (!isBlank(parsed.cells)) records.push({ row: this.row, cells: parsed.cells });
        continue;
      }
      const why =
        parsed.status === 'broken' ? parsed.why : `longer than ${String(RECORD_LENGTH_MAX)} characters, or a quote is never closed`;
      const rawEnd = Math.min(lineEnd, this.buffer.length, this.at + BROKEN_LINE_LENGTH_MAX);
      records.push({ row: this.row, cells: [this.buffer.slice(this.at, rawEnd)], broken: why });
      this.skipping = lineEnd === NONE;
      this.at = lineEnd === NONE ? this.buffer.length : this.afterLineEnd(lineEnd);
    }
    return records;
  }

  private parse(lineEnd: number, final: boolean): Parsed {
    if (this.nextQuote < this.at) this.nextQuote = find(this.buffer, '"', this.at);
    if (this.nextQuote < Math.min(lineEnd, this.buffer.length)) return this.parseQuoted(final);
    if (lineEnd === NONE && !final) return INCOMPLETE;
    const end = Math.min(lineEnd, this.buffer.length);
    if (end - this.at > RECORD_LENGTH_MAX) return { status: 'broken', why: `longer than ${String(RECORD_LENGTH_MAX)} characters` };
    return { status: 'record', cells: this.buffer.slice(this.at, end).split(','), next: this.afterLineEnd(end) };
  }

  private parseQuoted(final: boolean): Parsed {
    const { buffer } = this;
    const cells: string[] = [];
    let at = this.at;
    for (;;) {
      if (at - this.at > RECORD_LENGTH_MAX) return { status: 'broken', why: `longer than ${String(RECORD_LENGTH_MAX)} characters` };
      if (buffer[at] === '"') {
        const close = closingQuote(buffer, at + 1);
        // Without the character after it, a closing quote may still turn out to be the first half of a doubled one.
        if (close === -1 || (close === buffer.length - 1 && !final)) {
          return final ? { status: 'broken', why: 'a quote is never closed' } : INCOMPLETE;
        }
        const text = buffer.slice(at + 1, close);
        cells.push(text.includes('"') ? text.replaceAll('""', '"') : text);
        at = close + 1;
        if (at < buffer.length && !isSeparator(buffer.charCodeAt(at)))
          return { status: 'broken', why: 'text stands after a closing quote' };
      } else {
        const start = at;
        while (at < buffer.length && !isSeparator(buffer.charCodeAt(at))) {
          if (buffer[at] === '"') return { status: 'broken', why: 'a quote stands inside a cell that is not quoted' };
          at += 1;
        }
        if (at === buffer.length && !final) return INCOMPLETE;
        cells.push(buffer.slice(start, at));
      }
      if (buffer[at] === ',') {
        at += 1;
        continue;
      }
      if (buffer[at] === '\r' && at === buffer.length - 1 && !final) return INCOMPLETE;
      if (at - this.at > RECORD_LENGTH_MAX) return { status: 'broken', why: `longer than ${String(RECORD_LENGTH_MAX)} characters` };
      return { status: 'record', cells, next: this.afterLineEnd(at) };
    }
  }

  /** Where the current line ends, `NONE` when that is not in the buffer (or cannot be told yet: CR may be half of CRLF). */
  private lineEnd(final: boolean): number {
    if (this.nextLineFeed < this.at) this.nextLineFeed = find(this.buffer, '\n', this.at);
    if (this.nextReturn < this.at) this.nextReturn = find(this.buffer, '\r', this.at);
    const end = Math.min(this.nextLineFeed, this.nextReturn);
    return !final && end === this.buffer.length - 1 && end === this.nextReturn ? NONE : end;
  }

  private afterLineEnd(end: number): number {
    if (end >= this.buffer.length) return this.buffer.length;
    return this.buffer[end] === '\r' && this.buffer[end + 1] === '\n' ? end + 2 : end + 1;
  }
}

function find(text: string, what: string, from: number): number {
  const found = text.indexOf(what, from);
  return found === -1 ? NONE : found;
}

function closingQuote(text: string, from: number): number {
  for (let at = from; ; at += 2) {
    at = text.indexOf('"', at);
    if (at === -1 || text[at + 1] !== '"') return at;
  }
}

function isSeparator(code: number): boolean {
  return code === 44 || code === 10 || code === 13;
}

/** Spreadsheets end a file with lines of nothing but commas: they say nothing and are passed over. */
function isBlank(cells: readonly string[]): boolean {
  return cells[0]?.trim() === '' && cells.every((cell) => cell.trim() === '');
}
