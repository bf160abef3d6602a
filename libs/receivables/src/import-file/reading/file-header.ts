import { Refusal } from '@app/platform';
import type { ImportKind } from '../import-kinds';
import { COLUMNS, REFUSAL_COLUMNS } from '../import-kinds';
import { COLUMNS_MAX, COLUMN_NAME_LENGTH_MAX } from '../import-limits';

/** Where the cells of a record are found. */
export interface FileLayout {
  /** Known column -> index of its cell; absent columns are missing here. */
  readonly known: ReadonlyMap<string, number>;
  /** Columns without a meaning of their own, kept as attributes, in the order of their names. */
  readonly extras: readonly (readonly [name: string, index: number])[];
  /** Cells a record of this file has; undefined where every record names its own (NDJSON). */
  readonly width: number | undefined;
  /** The file is a mended list of refused rows: spreadsheet guards before `= + - @` are taken off again. */
  readonly mended: boolean;
}

const CONTROL = /\p{Cc}/u;

/**
 * Reads the header of a CSV file. Throws the refusals `column-invalid`, `column-duplicate`, `column-missing` (naming each) and `too-many-columns`.
 * The four columns of a refused-rows file are passed over when all of them are there; `reason` is also a movement's own column, so of two the last goes.
 */
export function readHeader(kind: ImportKind, cells: readonly string[]): FileLayout {
  if (cells.length > COLUMNS_MAX) throw new Refusal('too-many-columns', `The header names more than ${String(COLUMNS_MAX)} columns.`);
  const { required, optional } = COLUMNS[kind];
  const meanings = new Set([...required, ...optional]);
  const names = cells.map((cell) => {
    const name = cell.trim();
    const lower = name.toLowerCase();
    return meanings.has(lower) || (REFUSAL_COLUMNS as readonly string[]).includes(lower) ? lower : name;
  });
  const passedOver = refusalColumns(names);
  const known = new Map<string, number>();
  const extras = new Map<string, number>();
  names.forEach((name, index) => {
    if (passedOver.has(index)) return;
    if (name === '' || name.length > COLUMN_NAME_LENGTH_MAX || CONTROL.test(name)) {
      throw new Refusal('column-invalid', `Column ${String(index + 1)} of the header has no usable name.`, [{ row: 1, column: name }]);
    }
    const target = meanings.has(name) ? known : extras;
    if (target.has(name)) throw new Refusal('column-duplicate', `The header names the column ${name} twice.`, [{ row: 1, column: name }]);
    target.set(name, index);
  });
  const missing = required.filter((name) => !known.has(name));
  if (missing.length > 0) {
    throw new Refusal(
      'column-missing',
      `The header does not name the required ${missing.length === 1 ? 'column' : 'columns'} ${missing.join(', ')}.`,
      missing.map((column) => ({ row: 1, column })),
    );
  }
  return {
    known,
    extras: [...extras].sort(([left], [right]) => (left < right ? -1 : 1)),
    width: cells.length,
    mended: passedOver.size > 0,
  };
}

/** The layout of NDJSON records, which come with their cells in the order of the known columns. */
export function ndjsonLayout(kind: ImportKind): FileLayout {
  return { known: new Map(knownColumns(kind).map((name, index) => [name, index])), extras: [], width: undefined, mended: false };
}

export function knownColumns(kind: ImportKind): readonly string[] {
  return [...COLUMNS[kind].required, ...COLUMNS[kind].optional];
}

/** The known columns of a layout, in the order of its cells (NDJSON). */
export function knownColumnsOf(layout: FileLayout): readonly string[] {
  return [...layout.known.keys()];
}

function refusalColumns(names: readonly string[]): ReadonlySet<number> {
  const last = REFUSAL_COLUMNS.map((name) => names.lastIndexOf(name));
  return last.includes(-1) ? new Set() : new Set(last);
}
