import fc from 'fast-check';
import { minorPerUnit, presentTable, type PresentedCell } from './present';
import type { DisclosureTable, Row } from './table';
import { amount, amountColumn, assertExact, rate, rateColumn, sumRow } from './table';

const COLUMNS = [amountColumn('gross', 'Gross'), amountColumn('allowance', 'Allowance'), amountColumn('net', 'Net')];
const line = (key: string, gross: bigint, allowance: bigint): Row => ({
  ...{ key, label: key, role: 'line', sums: [] },
  cells: { gross: amount(gross), allowance: amount(allowance), net: amount(gross - allowance) },
});
const tableOf = (lines: readonly Row[]): DisclosureTable => ({
  ...{ id: 't', title: 't', source: '', basis: '', columns: COLUMNS },
  rows: [...lines, sumRow({ key: 'total', label: 'Total', role: 'total' }, lines, COLUMNS)],
  across: [{ result: 'net', plus: ['gross'], minus: ['allowance'] }],
});
const cellOf = (table: ReturnType<typeof presentTable>, row: string, column: string): PresentedCell | undefined =>
  table.rows.find(({ key }) => key === row)?.current[column];
const UNIT = minorPerUnit(1000, 'CNY');

describe('rounding a table', () => {
  it('rounds each cell half up, so that 112.5 is printed 113 and a loss of it -113', () => {
    const presented = presentTable(tableOf([line('a', 11_250_000n, 0n), line('b', -11_250_000n, 0n)]), null, UNIT);
    expect(cellOf(presented, 'a', 'gross')).toMatchObject({ value: 113n, exact: 11_250_000n, gap: 0n });
    expect(cellOf(presented, 'b', 'gross')).toMatchObject({ value: -113n });
  });

  it('marks a total that the rounded rows do not give instead of moving a cell', () => {
    const presented = presentTable(tableOf([line('a', 40_000n, 0n), line('b', 40_000n, 0n)]), null, UNIT);
    expect([cellOf(presented, 'a', 'gross'), cellOf(presented, 'total', 'gross')]).toMatchObject([
      { value: 0n, gap: 0n },
      { value: 1n, gap: 1n },
    ]);
  });

  it('marks a net that its rounded gross and allowance do not give', () => {
    const presented = presentTable(tableOf([line('a', 150_000n, 70_000n)]), null, UNIT);
    expect(cellOf(presented, 'a', 'gross')).toMatchObject({ value: 2n });
    expect(cellOf(presented, 'a', 'allowance')).toMatchObject({ value: 1n });
    expect(cellOf(presented, 'a', 'net')).toMatchObject({ value: 1n, gap: 0n });
    expect(cellOf(presentTable(tableOf([line('a', 140_000n, 50_000n)]), null, UNIT), 'a', 'net')).toMatchObject({ value: 1n, gap: 1n });
  });

  it('knows the minor unit of each currency, so that thousands of yen are not a hundred times too small', () => {
    expect([minorPerUnit(1000, 'JPY'), minorPerUnit(1, 'CNY'), minorPerUnit(1_000_000, 'USD')]).toEqual([1000n, 100n, 100_000_000n]);
    expect(() => minorPerUnit(0, 'CNY')).toThrow('no unit');
    expect(() => minorPerUnit(1.5, 'CNY')).toThrow('no unit');
  });

  it('prints a rate of four decimals, and none at all without exposure', () => {
    const columns = [rateColumn('rate', 'Rate')];
    const rated = (part: bigint, whole: bigint): Row => ({
      key: 'a',
      label: 'a',
      role: 'line',
      sums: [],
      cells: { rate: rate(part, whole) },
    });
    const table = (row: Row): DisclosureTable => ({ id: 't', title: 't', source: '', basis: '', columns, rows: [row], across: [] });
    expect(cellOf(presentTable(table(rated(14_530n, 100_000n)), null, UNIT), 'a', 'rate')).toEqual({ type: 'rate', value: '0.1453' });
    expect(cellOf(presentTable(table(rated(0n, 0n)), null, UNIT), 'a', 'rate')).toEqual({ type: 'rate', value: null });
  });

  it('keeps every exact amount, foots whenever nothing is marked and never marks more than a unit a row', () => {
    const lines = fc.array(fc.tuple(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), fc.bigInt({ min: 0n, max: 10n ** 10n })), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(lines, (pairs) => {
        const table = assertExact(tableOf(pairs.map(([gross, allowance], index) => line(String(index), gross, allowance))));
        const presented = presentTable(table, null, UNIT);
        const value = (row: string, column: string): bigint => {
          const cell = cellOf(presented, row, column);
          return cell?.type === 'amount' ? cell.value : 0n;
        };
        const rounded = pairs.map((_, index) => value(String(index), 'gross')).reduce((sum, each) => sum + each, 0n);
        const total = cellOf(presented, 'total', 'gross');
        if (total?.type !== 'amount') throw new Error('no total');
        expect(total.exact).toBe(pairs.reduce((sum, [gross]) => sum + gross, 0n));
        expect(total.gap).toBe(total.value - rounded);
        expect(2n * (total.gap < 0n ? -total.gap : total.gap)).toBeLessThanOrEqual(BigInt(pairs.length + 1));
      }),
    );
  });
});

describe('the earlier year beside it', () => {
  it('matches lines by key and keeps a line that only one year has', () => {
    const presented = presentTable(
      tableOf([line('a', 100_000n, 0n), line('c', 300_000n, 0n)]),
      tableOf([line('a', 500_000n, 0n), line('b', 600_000n, 0n)]),
      UNIT,
    );
    expect(presented.rows.map(({ key }) => key)).toEqual(['a', 'b', 'c', 'total']);
    expect(presented.rows[0]?.comparative?.['gross']).toMatchObject({ value: 5n });
    expect(presented.rows[1]?.current).toEqual({});
    expect(presented.rows[2]?.comparative).toBeNull();
  });
});

describe('a table that does not add up', () => {
  it('is never printed: neither down, nor across, nor with two rows of one key', () => {
    const good = tableOf([line('a', 3n, 1n)]);
    const wrongTotal = {
      ...good,
      rows: good.rows.map((row) => (row.key === 'total' ? { ...row, cells: { ...row.cells, gross: amount(4n) } } : row)),
    };
    expect(() => assertExact(wrongTotal)).toThrow('not the sum');
    const wrongNet = tableOf([{ ...line('a', 3n, 1n), cells: { gross: amount(3n), allowance: amount(1n), net: amount(3n) } }]);
    expect(() => assertExact(wrongNet)).toThrow('across');
    expect(() => assertExact(tableOf([line('a', 1n, 0n), line('a', 1n, 0n)]))).toThrow('two rows');
  });
});
