import type { AmountRefusal, LocalDate, RefusalCode } from '@app/credit-domain';
import { isCurrency, LOCAL_DATE_YEAR_MAX, LOCAL_DATE_YEAR_MIN, parseAmount, parseLocalDate } from '@app/credit-domain';
import { CELL_LENGTH_MAX, IDENTIFIER_LENGTH_MAX, LABEL_LENGTH_MAX } from '../import-limits';
import type { FileLayout } from '../reading/file-header';
import type { FileRecord } from '../reading/file-record';
import type { RowRefusal } from './row-refusal';

/** What cannot be printed, and halves of characters, which PostgreSQL does not store. Line breaks and tabs may stand in free text. */
const UNPRINTABLE_IN_TEXT = /[^\P{Cc}\n\r\t]|\p{Cs}/u;
const UNPRINTABLE = /[\p{Cc}\p{Cs}]/u;
const SPREADSHEET_GUARD = /^'(?='*[=+\-@\t\r\0])/;
const NO_DATE = `is no date of the calendar written YYYY-MM-DD, in the years ${String(LOCAL_DATE_YEAR_MIN)} to ${String(LOCAL_DATE_YEAR_MAX)}.`;
const INTEGER = /^\d{1,9}$/;
const TRUTH: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['yes', true],
  ['1', true],
  ['false', false],
  ['no', false],
  ['0', false],
]);

/**
 * Reads the cells of one record after the other. The first fault is kept in `refusal` and reading goes on with harmless values, so that a row
 * parser is a plain list of columns: it looks at `refusal` once, at the end.
 */
export class RowReader {
  refusal: RowRefusal | undefined;
  private record: FileRecord = { row: 0, cells: [] };

  constructor(private readonly layout: FileLayout) {}

  /** Starts a record; false when it is no record at all or a cell is unusable. */
  open(record: FileRecord): boolean {
    this.record = record;
    this.refusal = this.faultOf(record);
    return this.refusal === undefined;
  }

  private faultOf({ broken, cells }: FileRecord): RowRefusal | undefined {
    const { width } = this.layout;
    if (broken !== undefined) {
      return { column: '', code: width === undefined ? 'json-structure' : 'csv-structure', reason: `The line is not a record: ${broken}.` };
    }
    if (width === undefined || cells.length === width) return undefined;
    const reason = `The header names ${String(width)} columns, the row has ${String(cells.length)}.`;
    return { column: '', code: 'csv-structure', reason };
  }

  refuse(column: string, code: RefusalCode, reason: string): void {
    this.refusal ??= { column, code, reason };
  }

  /** The cell without blanks around it; '' when blank or when the file has no such column. Line breaks and tabs are part of free text. */
  text(column: string): string {
    const index = this.layout.known.get(column);
    return index === undefined ? '' : this.cell(column, index, CELL_LENGTH_MAX, UNPRINTABLE_IN_TEXT);
  }

  /** Short text on one line, for keys and labels. */
  label(column: string): string {
    return this.short(column, LABEL_LENGTH_MAX);
  }

  identifier(column: string): string {
    return this.short(column, IDENTIFIER_LENGTH_MAX);
  }

  requiredIdentifier(column: string): string {
    return this.required(column, this.identifier(column));
  }

  requiredText(column: string): string {
    return this.required(column, this.text(column));
  }

  private required(column: string, text: string): string {
    if (text === '') this.refuse(column, 'value-missing', `${column} is blank.`);
    return text;
  }

  date(column: string): LocalDate | null {
    const text = this.text(column);
    if (text === '') return null;
    const date = parseLocalDate(text);
    if (date === undefined) this.refuse(column, 'date-invalid', `${quote(text)} ${NO_DATE}`);
    return date ?? null;
  }

  requiredDate(column: string): LocalDate | null {
    const date = this.date(column);
    if (date === null) this.refuse(column, 'value-missing', `${column} is blank.`);
    return date;
  }

  /** A currency code; '' when blank or not a currency (which is refused). */
  currency(column: string): string {
    const text = this.text(column);
    if (text === '' || isCurrency(text)) return text;
    this.refuse(column, 'currency-unknown', `${quote(text)} is no currency of ISO 4217.`);
    return '';
  }

  requiredCurrency(column: string): string {
    return this.required(column, this.currency(column));
  }

  /** An amount in minor units of `currency`; null when blank. Pass '' for a currency that was refused already. */
  amount(column: string, currency: string): bigint | null {
    const text = this.text(column);
    if (text === '' || currency === '') return null;
    const amount = parseAmount(text, currency);
    if (amount.ok) return amount.minor;
    this.refuse(column, amount.code, amountReason(amount.code, text, currency));
    return null;
  }

  /** `true` or `false`, `yes` or `no`, `1` or `0` in any case; null when blank. */
  truth(column: string): boolean | null {
    const text = this.text(column);
    if (text === '') return null;
    const value = TRUTH.get(text.toLowerCase());
    if (value === undefined) this.refuse(column, 'boolean-format', `${quote(text)} is none of true, false, yes, no, 1, 0.`);
    return value ?? null;
  }

  /** A whole number from 0 to `max`; null when blank. */
  count(column: string, max: number): number | null {
    const text = this.text(column);
    if (text === '') return null;
    const value = INTEGER.test(text) ? Number(text) : NaN;
    if (value <= max) return value;
    this.refuse(column, 'integer-format', `${quote(text)} is no whole number from 0 to ${String(max)}.`);
    return null;
  }

  /** The cells of columns without a meaning here, those that are not blank, by the name of the column in a fixed order. */
  attributes(): Record<string, string> {
    const extras = this.record.extraNames === undefined ? this.layout.extras : this.namedExtras(this.record.extraNames);
    if (extras.length === 0) return NO_ATTRIBUTES;
    const found: Record<string, string> = {};
    for (const [name, index] of extras) {
      const text = this.cell(name, index, CELL_LENGTH_MAX, UNPRINTABLE_IN_TEXT);
      if (text !== '') Object.defineProperty(found, name, { value: text, enumerable: true, writable: true, configurable: true });
    }
    return found;
  }

  private namedExtras(names: readonly string[]): (readonly [string, number])[] {
    return names.map((name, index): [string, number] => [name, this.layout.known.size + index]).sort(([a], [b]) => (a < b ? -1 : 1));
  }

  private short(column: string, lengthMax: number): string {
    const index = this.layout.known.get(column);
    return index === undefined ? '' : this.cell(column, index, lengthMax, UNPRINTABLE);
  }

  private cell(column: string, index: number, lengthMax: number, unprintable: RegExp): string {
    const raw = this.record.cells[index] ?? '';
    const trimmed = raw.trim();
    const text = this.layout.mended ? withoutGuard(trimmed) : trimmed;
    if (text.length > lengthMax) {
      this.refuse(column, 'cell-too-long', `${column} is longer than ${String(lengthMax)} characters.`);
      return '';
    }
    if (unprintable.test(text)) {
      this.refuse(column, 'control-character', `${column} holds a character that does not print.`);
      return '';
    }
    return text;
  }
}

const NO_ATTRIBUTES: Record<string, string> = Object.freeze({});

/** Why a text is no amount of a currency, in words. */
export function amountReason(code: AmountRefusal, text: string, currency: string): string {
  switch (code) {
    case 'amount-format':
      return `${quote(text)} is no plain decimal such as 1234.50: no thousands separators, decimal commas or signs but a leading minus.`;
    case 'amount-decimals':
      return `${quote(text)} has more decimals than ${currency} has.`;
    case 'amount-too-large':
      return `${quote(text)} is larger than any amount accepted.`;
  }
}

/** A cell as it is shown in a reason. */
export function quote(text: string): string {
  return text.length > 40 ? `"${text.slice(0, 40)}..."` : `"${text}"`;
}

/** Takes off the quote that `csvLine` put before what a spreadsheet would take for a formula. */
export function withoutGuard(text: string): string {
  return text.replace(SPREADSHEET_GUARD, '');
}
