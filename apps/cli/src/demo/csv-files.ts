import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { Book, BookYear, Row, Table, YearName } from './book/rows';
import { COLUMNS, TABLES, YEAR_NAMES } from './book/rows';

function csvField(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/** One table as CSV with a header row. */
export function toCsv(table: Table, rows: readonly Row[]): string {
  const columns: readonly string[] = COLUMNS[table];
  const lines = rows.map((row) => columns.map((column) => csvField(row[column] ?? '')).join(','));
  return [columns.join(','), ...lines, ''].join('\n');
}

const pathOf = (directory: string, year: YearName, table: Table): string => join(directory, year, `${table}.csv`);

/** Writes `<directory>/fy2023/receivables.csv` and so on: one file for each table and year. */
export function writeBook(directory: string, book: Book): void {
  for (const year of YEAR_NAMES) {
    mkdirSync(join(directory, year), { recursive: true });
    for (const table of TABLES) writeFileSync(pathOf(directory, year, table), toCsv(table, book[year][table]));
  }
}

/** Reads what `writeBook` wrote, changes by hand included. Throws when a file is missing or is no CSV. */
export function readBook(directory: string): Book {
  const readTable = (year: YearName, table: Table): Row[] =>
    parse<Row>(readFileSync(pathOf(directory, year, table), 'utf8'), { columns: true, bom: true, skip_empty_lines: true });
  const readYear = (year: YearName): BookYear => ({
    debtors: readTable(year, 'debtors'),
    receivables: readTable(year, 'receivables'),
    movements: readTable(year, 'movements'),
    'fx-rates': readTable(year, 'fx-rates'),
    'loss-rates': readTable(year, 'loss-rates'),
    assessments: readTable(year, 'assessments'),
    staging: readTable(year, 'staging'),
  });
  return { fy2023: readYear('fy2023'), fy2024: readYear('fy2024') };
}
