import { percentOfFraction } from './compare-note';
import type { DisclosedNote, NoteCell, NoteTable } from './disclosed-note';
import { cellAt } from './disclosed-note';

/** Tables the demo prints; the answer has more. */
const PRINTED = [
  'receivables',
  'contract-assets',
  'ageing-trade',
  'ageing-notes',
  'provision-matrix-trade',
  'provision-matrix-contract-asset',
  'individually-impaired',
  'credit-risk',
  'written-off',
  'related-parties',
  'currencies',
  'major-debtors-trade',
];

/** Digits in threes; a negative figure keeps its sign. */
export const grouped = (digits: string): string => digits.replace(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, ',');

/** Columns side by side, the first to the left and the others to the right. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>((known, row) => row.map((cell, index) => Math.max(known[index] ?? 0, cell.length)), []);
  return rows
    .map((row) => row.map((cell, index) => (index === 0 ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0))).join('  '))
    .map((line) => `  ${line.trimEnd()}`)
    .join('\n');
}

/** The note with both years side by side, RMB'000. */
export function printNote(note: DisclosedNote): string {
  const shown = PRINTED.flatMap((id) => note.tables.filter((table) => table.id === id));
  return shown.map((table) => `${table.title}, RMB'000\n${tableText(note, table)}`).join('\n\n');
}

function tableText(note: DisclosedNote, table: NoteTable): string {
  const figures = table.columns.filter(({ type }) => type !== 'text');
  const years = note.comparative === null ? [note.asOf] : [note.asOf, note.comparative.asOf];
  const head = ['', ...years.flatMap((year) => figures.map(({ label }) => `${label} ${year.slice(0, 4)}`))];
  const rows = table.rows.map(({ label, current, comparative }) => [
    label,
    ...figures.map(({ id, type }) => cellText(current[id], type)),
    ...(years.length === 1 ? [] : figures.map(({ id, type }) => cellText(comparative?.[id], type))),
  ]);
  return columns([head, ...rows]);
}

function cellText(cell: NoteCell | undefined, type: string): string {
  if (cell === undefined) return '';
  if (cell.value === null) return 'n/a';
  const marked = cell.gap === undefined ? '' : ` (gap ${cell.gap})`;
  return type === 'rate' ? percentOfFraction(cell.value) : `${grouped(cell.value)}${marked}`;
}

/** The totals to the fen: a change of 1.00 in the input shows here. */
export function exactTotals(note: DisclosedNote): string {
  const exact = (table: string, row: string, column: string): string =>
    grouped(cellAt(note, 'current', { table, row, column })?.exact?.amount ?? 'nothing');
  const byMatrix = cellAt(note, 'current', { table: 'individually-impaired', row: 'total', column: 'matrix' })?.value ?? 'nothing';
  return [
    `  To the fen, RMB at ${note.asOf}: trade ${exact('receivables', 'trade', 'gross')} - ${exact('receivables', 'trade', 'allowance')};`,
    `  the note ${exact('receivables', 'total', 'gross')} - ${exact('receivables', 'total', 'allowance')} = ${exact('receivables', 'total', 'net')}.`,
    `  The matrix would give ${grouped(byMatrix)} (RMB'000) on the individually impaired.`,
    `  ${note.foots ? 'Every column foots.' : `Marked gaps: ${gapsOf(note)}.`}`,
  ].join('\n');
}

function gapsOf({ tables }: DisclosedNote): string {
  const gaps = tables.flatMap(({ id, rows }) =>
    rows.flatMap(({ label, current, comparative }) =>
      [...Object.entries(current), ...Object.entries(comparative ?? {})].flatMap(([column, { gap }]) =>
        gap === undefined ? [] : [`${id}, ${label}, ${column}: ${gap}`],
      ),
    ),
  );
  return gaps.join('; ');
}
