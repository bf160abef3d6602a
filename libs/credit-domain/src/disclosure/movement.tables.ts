import { sentenceCase } from './labels';
import type { MovementAmounts, MovementFacts, NoteFacts } from './note-facts';
import type { Cell, Column, DisclosureTable, Row } from './table';
import { amount, amountColumn, assertExact, sumRow } from './table';

type Heading = Pick<DisclosureTable, 'id' | 'title' | 'source' | 'basis'>;

/** The allowance and the gross carrying amount from the earlier run to this one (IFRS 7 35H, 35I). */
export function movementTables({ movements, asOf }: NoteFacts): DisclosureTable[] {
  const legs = 'The legs of the bridge between the two runs, in their fixed order; they make up the closing figure exactly.';
  const tables: readonly [Heading, 'allowanceBySide' | 'allowanceByKind' | 'grossByKind'][] = [
    [{ id: 'allowance-movement', title: 'Movement of the loss allowance', source: 'IFRS 7 35H', basis: legs }, 'allowanceBySide'],
    [
      { id: 'allowance-movement-kinds', title: 'Movement of the loss allowance by class of asset', source: 'IFRS 7 35H', basis: legs },
      'allowanceByKind',
    ],
    [{ id: 'gross-movement', title: 'Movement of the gross carrying amount', source: 'IFRS 7 35I', basis: legs }, 'grossByKind'],
  ];
  return tables.map(([heading, which]) =>
    'reason' in movements
      ? { ...heading, basis: movements.reason, columns: [amountColumn('amount', 'Total')], rows: [], across: [] }
      : movementTable(heading, movements[which], asOf),
  );
}

function movementTable(heading: Heading, movement: MovementFacts, asOf: string): DisclosureTable {
  const ids = movement.columns.map(({ id }) => id);
  const columns: readonly Column[] = [...movement.columns.map(({ id, label }) => amountColumn(id, label)), amountColumn('amount', 'Total')];
  const line = (key: string, label: string, amounts: MovementAmounts): Row => {
    const cells = ids.map((id): [string, Cell] => [id, amount(amounts[id] ?? 0n)]);
    const total = ids.reduce((sum, id) => sum + (amounts[id] ?? 0n), 0n);
    return { ...{ key, label, role: 'line', sums: [] }, cells: { ...Object.fromEntries(cells), amount: amount(total) } };
  };
  const rows = [
    line('opening', `At ${movement.from}`, movement.opening),
    ...movement.legs.map(({ cause, amounts }) => line(cause, sentenceCase(cause), amounts)),
  ];
  const closing: Row = { ...line('closing', `At ${asOf}`, movement.closing), role: 'total', sums: rows.map(({ key }) => key) };
  return assertExact({ ...heading, columns, rows: [...rows, closing], across: [{ result: 'amount', plus: ids, minus: [] }] });
}

const REGISTER: readonly Column[] = [
  amountColumn('inPeriod', 'Written off in the period'),
  amountColumn('inPeriodEnforceable', 'Of it under enforcement'),
  amountColumn('total', 'Written off in all'),
  amountColumn('recovered', 'Recovered'),
  amountColumn('enforceable', 'Under enforcement'),
];

export function writtenOffTable({ writtenOff: { since, register } }: NoteFacts): DisclosureTable {
  const rows = register.map(({ currency, inPeriod, inPeriodEnforceable, total, recovered, enforceable }): Row => {
    const amounts = { inPeriod, inPeriodEnforceable, total, recovered, enforceable };
    const cells = Object.fromEntries(Object.entries(amounts).map(([column, minor]) => [column, amount(minor)]));
    return { ...{ key: currency, label: `Owed in ${currency}`, role: 'line', sums: [] }, cells };
  });
  return assertExact({
    id: 'written-off',
    title: 'Written off and still under enforcement',
    source: 'IFRS 7 35L',
    basis: `Contractual amounts of the write-off register, translated at the closing rate. The period begins after ${since}.`,
    columns: REGISTER,
    rows: [...rows, sumRow({ key: 'total', label: 'Total', role: 'total' }, rows, REGISTER)],
    across: [],
  });
}
