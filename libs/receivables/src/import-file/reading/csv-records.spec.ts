import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { RECORD_LENGTH_MAX } from '../import-limits';
import { CsvRecords } from './csv-records';
import type { FileRecord } from './file-record';

function read(text: string, pieceLength = text.length): FileRecord[] {
  const reader = new CsvRecords();
  const records: FileRecord[] = [];
  for (let from = 0; from < text.length; from += pieceLength) records.push(...reader.push(text.slice(from, from + pieceLength)));
  return [...records, ...reader.end()];
}

/** Cells joined by `|`, broken lines in angle brackets. */
const shown = (records: readonly FileRecord[]): string[] =>
  records.map(({ row, cells, broken }) => `${String(row)}: ${broken === undefined ? cells.join('|') : `<${cells.join('|')}>`}`);

describe('reading CSV', () => {
  it.each<[string, string, string[]]>([
    ['LF', 'a,b\n1,2\n', ['1: a|b', '2: 1|2']],
    ['CRLF', 'a,b\r\n1,2\r\n', ['1: a|b', '2: 1|2']],
    ['CR alone', 'a,b\r1,2\r', ['1: a|b', '2: 1|2']],
    ['mixed ends and none at the end', 'a,b\r\n1,2\n3,4\r5,6', ['1: a|b', '2: 1|2', '3: 3|4', '4: 5|6']],
    ['line breaks and commas in quotes', 'a,b\n"x\r\ny","1,5"\n', ['1: a|b', '2: x\r\ny|1,5']],
    ['doubled quotes', '"say ""hi""","""",""\n', ['1: say "hi"|"|']],
    ['blank lines and lines of commas are passed over but counted', 'a,b\n\n,,\n1,2\n', ['1: a|b', '4: 1|2']],
    ['blank cells at the end', 'a,b,\n', ['1: a|b|']],
    ['a quote that is never closed costs its own line', 'a,b\n1,"x\n2,3\n4,5\n', ['1: a|b', '2: <1,"x>', '3: 2|3', '4: 4|5']],
    ['a quote inside a bare cell', 'a,b\n1,5" pipe\n2,3\n', ['1: a|b', '2: <1,5" pipe>', '3: 2|3']],
    ['text after a closing quote', 'a,b\n"1"x,2\n3,4\n', ['1: a|b', '2: <"1"x,2>', '3: 3|4']],
  ])('reads %s', (_name, text, expected) => {
    expect(shown(read(text))).toEqual(expected);
  });

  it('loses no row of a file in which every other line is broken', () => {
    const text = Array.from({ length: 2_000 }, (_, i) => (i % 2 === 0 ? `${String(i)},"open` : `${String(i)},ok`)).join('\n');
    const records = read(text, 997);
    expect(records).toHaveLength(2_000);
    expect(records.filter((record) => record.broken === undefined)).toHaveLength(1_000);
  });

  it('gives up a record longer than the limit and goes on after its line, holding no more than that in memory', () => {
    const long = `1,"${'x'.repeat(RECORD_LENGTH_MAX * 3)}"`;
    const records = read(`a,b\n${long}\n2,3\n`, 64_000);
    expect(records.map(({ row, broken }) => [row, broken === undefined])).toEqual([
      [1, true],
      [2, false],
      [3, true],
    ]);
    expect(records[1]?.cells[0]?.length).toBeLessThan(5_000);
  });

  it('finds in any well-formed file, cut anywhere, exactly the cells that another parser finds', () => {
    const cell = fc.oneof(
      fc.stringMatching(/^[a-z0-9 .é漢-]{0,6}$/u),
      fc.array(fc.constantFrom('a', '"', ',', '\n', '\r\n', ' '), { maxLength: 6 }).map((parts) => parts.join('')),
    );
    const file = fc.record({
      rows: fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 8 }),
      lineEnd: fc.constantFrom('\n', '\r\n'),
      quoteAll: fc.boolean(),
      piece: fc.integer({ min: 1, max: 20 }),
    });
    fc.assert(
      fc.property(file, ({ rows, lineEnd, quoteAll, piece }) => {
        const write = (text: string): string => (quoteAll || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
        const text = rows.map((row) => row.map(write).join(',')).join(lineEnd);
        const expected = parse(text, { relax_column_count: true, skip_empty_lines: true }).filter((row: string[]) =>
          row.some((c) => c.trim() !== ''),
        );
        expect(read(text, piece).map((record) => record.cells)).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });
});
