import { noteTables, tiesOf } from './disclosed-note';
import type { NoteFacts } from './note-facts';
import { NOTE_FACTS } from './note-facts.fixture';
import { minorOf } from './table';

const figure = (facts: NoteFacts, table: string, row: string, column: string): bigint => {
  const found = noteTables(facts)
    .find(({ id }) => id === table)
    ?.rows.find(({ key }) => key === row);
  if (found === undefined) throw new Error(`no row ${row} in ${table}`);
  return minorOf(found, column);
};
const shown = (table: string, row: string, ...columns: readonly string[]): bigint[] =>
  columns.map((column) => figure(NOTE_FACTS, table, row, column));

describe('the tables of the note', () => {
  it('are all there, so that no disclosure is left to a spreadsheet', () => {
    expect(noteTables(NOTE_FACTS).map(({ id }) => id)).toEqual([
      'receivables',
      'contract-assets',
      'ageing-trade',
      'ageing-notes',
      'provision-matrix-trade',
      'individually-impaired',
      'credit-risk',
      'overlays',
      'allowance-movement',
      'allowance-movement-kinds',
      'gross-movement',
      'written-off',
      'related-parties',
      'currencies',
      'major-debtors-trade',
      'segments',
      'provision-matrix-segments',
    ]);
  });

  it('carry prepayments and taxes in the total without an allowance, and leave contract assets to their own table', () => {
    expect(shown('receivables', 'non_financial/input-vat', 'gross', 'allowance', 'net')).toEqual([33_000n, 0n, 33_000n]);
    expect(shown('receivables', 'total', 'gross', 'allowance', 'net')).toEqual([1_213_000n, 317_329n, 895_671n]);
    expect(shown('contract-assets', 'total', 'gross', 'allowance', 'net')).toEqual([50_000n, 8_000n, 42_000n]);
    expect(shown('currencies', 'total', 'gross', 'allowance')).toEqual([1_213_000n, 317_329n]);
  });

  it('show other receivables by class and by stage, credit-impaired apart', () => {
    expect(shown('receivables', 'other/deposits', 'gross', 'allowance')).toEqual([70_000n, 1_200n]);
    expect(shown('receivables', 'other', 'gross', 'allowance', 'net')).toEqual([160_000n, 82_200n, 77_800n]);
    expect(shown('credit-risk', 'other/stage-3', 'gross', 'allowance', 'net')).toEqual([90_000n, 81_000n, 9_000n]);
    expect(shown('credit-risk', 'trade/individual', 'gross')).toEqual([150_000n]);
  });

  it('put the matrix, the individually impaired and overlays together to the allowance of the kind', () => {
    expect(shown('provision-matrix-trade', 'collective', 'gross', 'allowance')).toEqual([750_000n, 75_000n]);
    expect(shown('provision-matrix-trade', 'total', 'gross', 'allowance')).toEqual([900_000n, 195_049n]);
    expect(shown('provision-matrix-trade', 'oldest', 'gross')).toEqual([0n]);
  });

  it('say what the matrix would give, where it would give more and where it says nothing', () => {
    const rows = noteTables(NOTE_FACTS).find(({ id }) => id === 'individually-impaired')?.rows ?? [];
    expect(rows.map(({ cells }) => cells['remark'])).toEqual([
      { type: 'text', text: 'no matrix rate for 1' },
      { type: 'text', text: 'below the matrix' },
      undefined,
    ]);
  });

  it('add the movement up from opening to closing, and refuse to print one that does not', () => {
    expect(shown('allowance-movement', 'closing', 'collective', 'individual', 'amount')).toEqual([75_049n, 120_000n, 195_049n]);
    expect(shown('allowance-movement', 'collective-to-individual', 'amount')).toEqual([0n]);
    const { movements } = NOTE_FACTS;
    if ('reason' in movements) throw new Error('the fixture has movements');
    const off = { ...movements.grossByKind, closing: { trade: 900_001n } };
    expect(() => noteTables({ ...NOTE_FACTS, movements: { ...movements, grossByKind: off } })).toThrow('not the sum of its rows');
    const none = noteTables({ ...NOTE_FACTS, movements: { reason: 'No earlier run was named.' } });
    expect(none.find(({ id }) => id === 'allowance-movement')).toMatchObject({ rows: [], basis: 'No earlier run was named.' });
  });

  it('order currencies by weight after the presentation currency, and debtors beside all others', () => {
    const rows = (table: string): string[] => (noteTables(NOTE_FACTS).find(({ id }) => id === table)?.rows ?? []).map(({ key }) => key);
    expect(rows('currencies')).toEqual(['CNY', 'USD', 'total']);
    expect(rows('major-debtors-trade')).toEqual(['debtor/D1', 'debtor/D2', 'largest', 'others', 'total']);
    expect(shown('major-debtors-trade', 'others', 'gross')).toEqual([500_000n]);
  });
});

describe('the write-off register', () => {
  it('shows what was written off in the period and what is still pursued, as 35L asks', () => {
    expect(shown('written-off', 'total', 'inPeriod', 'inPeriodEnforceable', 'enforceable')).toEqual([7_000n, 6_000n, 7_500n]);
  });
});

describe('figures shown twice', () => {
  it('agree to the minor unit in a book of one reading', () => {
    expect(tiesOf(noteTables(NOTE_FACTS)).map(({ what, difference }) => [what, difference])).toEqual([
      ['trade receivables by age', 0n],
      ['notes by age', 0n],
      ['trade gross of the matrix', 0n],
      ['trade allowance of the matrix', 0n],
      ['trade by party', 0n],
      ['gross by currency', 0n],
      ['allowance by currency', 0n],
      ['trade debtors', 0n],
    ]);
  });

  it('show by how much they differ, so that a balance missing from one table is seen', () => {
    const [first, ...others] = NOTE_FACTS.tradeAgeing.cells;
    if (first === undefined) throw new Error('no cell');
    const facts = { ...NOTE_FACTS, tradeAgeing: { ...NOTE_FACTS.tradeAgeing, cells: [{ ...first, gross: first.gross - 1n }, ...others] } };
    expect(tiesOf(noteTables(facts))[0]?.difference).toBe(-1n);
  });
});
