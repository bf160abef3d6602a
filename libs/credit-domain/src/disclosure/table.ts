/**
 * Tables of a note to the accounts. Cells hold exact minor units of one currency; rounding to the printed unit comes last and knows
 * nothing of what the cells mean.
 */

export interface AmountCell {
  readonly type: 'amount';
  readonly minor: bigint;
}

/** part / whole; nothing to print when whole is zero. */
export interface RateCell {
  readonly type: 'rate';
  readonly part: bigint;
  readonly whole: bigint;
}

export interface TextCell {
  readonly type: 'text';
  readonly text: string;
}

export type Cell = AmountCell | RateCell | TextCell;

export interface Column {
  readonly id: string;
  readonly label: string;
  readonly type: Cell['type'];
}

export interface Row {
  /** finds the same line in the comparative. */
  readonly key: string;
  readonly label: string;
  /** `memo` stands beside the table and is in no total. */
  readonly role: 'line' | 'subtotal' | 'total' | 'memo';
  /** keys of the rows this one adds up. */
  readonly sums: readonly string[];
  readonly cells: Readonly<Record<string, Cell>>;
}

/** In each row `result` = sum of `plus` - sum of `minus`. */
export interface AcrossRule {
  readonly result: string;
  readonly plus: readonly string[];
  readonly minus: readonly string[];
}

export interface DisclosureTable {
  readonly id: string;
  readonly title: string;
  /** the paragraph or practice it answers. */
  readonly source: string;
  /** what the reader must know to read it: the ageing basis, what is left out. */
  readonly basis: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  readonly across: readonly AcrossRule[];
}

export const amount = (minor: bigint): AmountCell => ({ type: 'amount', minor });
export const rate = (part: bigint, whole: bigint): RateCell => ({ type: 'rate', part, whole });
export const text = (content: string): TextCell => ({ type: 'text', text: content });

export const amountColumn = (id: string, label: string): Column => ({ id, label, type: 'amount' });
export const rateColumn = (id: string, label: string): Column => ({ id, label, type: 'rate' });
export const textColumn = (id: string, label: string): Column => ({ id, label, type: 'text' });

/** Minor units of an amount cell; 0 where a row has none. */
export function minorOf(row: Row, column: string): bigint {
  const cell = row.cells[column];
  return cell?.type === 'amount' ? cell.minor : 0n;
}

/** A row that adds others up in every amount column. */
export function sumRow(
  row: { readonly key: string; readonly label: string; readonly role: 'subtotal' | 'total' },
  parts: readonly Row[],
  columns: readonly Column[],
): Row {
  const cells = columns.flatMap(({ id, type }): [string, Cell][] =>
    type === 'amount' ? [[id, amount(parts.reduce((sum, part) => sum + minorOf(part, id), 0n))]] : [],
  );
  return { ...row, sums: parts.map(({ key }) => key), cells: Object.fromEntries(cells) };
}

/**
 * Whether every total is the exact sum of its rows and every result the exact difference of its columns. A table that is not is a fault
 * of the program and never printed.
 *
 * @throws Error naming the cell
 */
export function assertExact(table: DisclosureTable): DisclosureTable {
  const rows = new Map(table.rows.map((row) => [row.key, row]));
  if (rows.size !== table.rows.length) throw new Error(`Table '${table.id}' has two rows of one key.`);
  for (const row of table.rows) {
    if (row.sums.length > 0) assertSum(table, row, rows);
    for (const { result, plus, minus } of table.across) {
      const sum = (columns: readonly string[]): bigint => columns.reduce((total, column) => total + minorOf(row, column), 0n);
      if (row.cells[result]?.type === 'amount' && minorOf(row, result) !== sum(plus) - sum(minus))
        throw new Error(`Row '${row.key}' of table '${table.id}' does not add up across.`);
    }
  }
  return table;
}

function assertSum(table: DisclosureTable, row: Row, rows: ReadonlyMap<string, Row>): void {
  for (const { id, type } of table.columns) {
    if (type !== 'amount' || row.cells[id] === undefined) continue;
    const parts = row.sums.reduce((sum, key) => {
      const part = rows.get(key);
      if (part === undefined) throw new Error(`Row '${row.key}' of table '${table.id}' adds up '${key}', which is not in the table.`);
      return sum + minorOf(part, id);
    }, 0n);
    if (parts !== minorOf(row, id)) throw new Error(`Row '${row.key}' of table '${table.id}' is not the sum of its rows in '${id}'.`);
  }
}
