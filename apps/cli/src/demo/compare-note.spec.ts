import { formatAmount } from '@app/credit-domain';
import { differencesFromNote, percentOfFraction, printedFigures } from './compare-note';
import type { DisclosedNote, NoteCell, NoteTable } from './disclosed-note';
import { exactTotals, grouped, printNote } from './print-note';
import type { PublishedYear } from './published';
import { PUBLISHED, thousands } from './published';

/** A disclosure that shows every printed figure where the demo looks for it. */
function noteOf(published: PublishedYear, change: (figure: string, minor: bigint) => bigint = (_, minor) => minor): DisclosedNote {
  const tables = new Map<string, Map<string, Record<string, NoteCell>>>();
  for (const { table, row, column, printed, precision } of printedFigures(published)) {
    const rows = tables.get(table) ?? new Map<string, Record<string, NoteCell>>();
    tables.set(table, rows);
    const minor = precision === 'rate' ? 0n : change(`${table}/${row}/${column}`, thousands(printed));
    const amount = { value: String((minor + 50_000n) / 100_000n), exact: { amount: formatAmount(minor, 'CNY'), currency: 'CNY' } };
    rows.set(row, { ...rows.get(row), [column]: precision === 'rate' ? { value: (printed / 100).toFixed(4) } : amount });
  }
  return {
    ...{ asOf: published.asOf, comparative: null, foots: true, footRule: '', kindsLeftOut: [], ties: [] },
    tables: [...tables].map(([id, rows]): NoteTable => ({
      ...{ id, title: id },
      columns: ['gross', 'allowance', 'net'].map((column) => ({ id: column, label: column, type: 'amount' as const })),
      rows: [...rows].map(([key, current]) => ({ key, label: key, role: 'line', current, comparative: null })),
    })),
  };
}

describe('differencesFromNote', () => {
  it.each(['fy2023', 'fy2024'] as const)('says nothing when every figure of %s is the published one', (year) => {
    expect(differencesFromNote(noteOf(PUBLISHED[year]), 'current', PUBLISHED[year])).toEqual([]);
  });

  it('lets an allowance be a few fen of rounding away, and no gross', () => {
    const note = noteOf(PUBLISHED.fy2024, (figure, minor) => (figure === 'receivables/trade/allowance' ? minor + 49_999n : minor));
    expect(differencesFromNote(note, 'current', PUBLISHED.fy2024)).toEqual([]);
  });

  it('names a receivable changed by 1.00, so that the tables are seen to be computed', () => {
    const note = noteOf(PUBLISHED.fy2024, (figure, minor) => (figure === 'receivables/trade/gross' ? minor + 100n : minor));
    expect(differencesFromNote(note, 'current', PUBLISHED.fy2024)).toEqual([
      '2024-12-31 trade receivables, gross: computed 6973566001.00, published 6973566000.00, difference 1.00 RMB',
    ]);
  });

  it('names every figure that is missing, so that no empty table passes for the note', () => {
    const empty = { ...noteOf(PUBLISHED.fy2024), tables: [] };
    expect(differencesFromNote(empty, 'current', PUBLISHED.fy2024)).toHaveLength(printedFigures(PUBLISHED.fy2024).length);
    expect(printedFigures(PUBLISHED.fy2024)).toHaveLength(66);
    expect(differencesFromNote(noteOf(PUBLISHED.fy2024), 'comparative', PUBLISHED.fy2024)).toHaveLength(66);
  });
});

describe('the printed note', () => {
  it('shows the published figures in thousands', () => {
    const printed = printNote(noteOf(PUBLISHED.fy2024));
    expect(printed).toMatch(/total +10,095,577 +5,067,957/);
    expect(printed).toMatch(/trade +6,973,566 +4,581,875 +2,391,691/);
    expect(exactTotals(noteOf(PUBLISHED.fy2024))).toContain('trade 6,973,566,000.00 - 4,581,875,000.00');
  });

  it('groups digits before the point only, and shows a fraction as per cent', () => {
    expect(['1234567.12345', '-1234', '12', '-123456.00'].map(grouped)).toEqual(['1,234,567.12345', '-1,234', '12', '-123,456.00']);
    expect(['0.1453', '1', '0.64', '0.0005', '0'].map(percentOfFraction)).toEqual(['14.53 %', '100.00 %', '64.00 %', '0.05 %', '0.00 %']);
  });
});
