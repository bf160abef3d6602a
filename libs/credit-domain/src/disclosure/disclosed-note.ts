import { notesAgeingTable, tradeAgeingTable } from './ageing.tables';
import { contractAssetsTable, currenciesTable, partiesTable, receivablesTable } from './carrying-amounts.tables';
import { majorDebtorTables, segmentsTable } from './concentration.tables';
import {
  creditRiskTable,
  individuallyImpairedTable,
  matrixBySegmentTable,
  matrixTableId,
  overlaysTable,
  provisionMatrixTables,
} from './credit-risk.tables';
import { movementTables, writtenOffTable } from './movement.tables';
import type { NoteFacts } from './note-facts';
import type { DisclosureTable } from './table';
import { minorOf } from './table';

/** Every table of the note, in the order it is printed. */
export function noteTables(facts: NoteFacts): readonly DisclosureTable[] {
  return [
    receivablesTable(facts),
    contractAssetsTable(facts),
    tradeAgeingTable(facts),
    notesAgeingTable(facts),
    ...provisionMatrixTables(facts),
    individuallyImpairedTable(facts),
    creditRiskTable(facts),
    overlaysTable(facts),
    ...movementTables(facts),
    writtenOffTable(facts),
    partiesTable(facts),
    currenciesTable(facts),
    ...majorDebtorTables(facts),
    segmentsTable(facts),
    matrixBySegmentTable(facts),
  ];
}

/** One figure that two tables show. They are read in different ways, so amounts translated from other currencies may differ by minor units. */
export interface Tie {
  readonly what: string;
  readonly left: { readonly table: string; readonly minor: bigint };
  readonly right: { readonly table: string; readonly minor: bigint };
  readonly difference: bigint;
}

interface Figure {
  readonly table: string;
  readonly row: string;
  readonly column: string;
}

const at = (table: string, row: string, column: string): Figure => ({ table, row, column });
const TIES: readonly { readonly what: string; readonly left: Figure; readonly right: Figure }[] = [
  { what: 'trade receivables by age', left: at('ageing-trade', 'total', 'gross'), right: at('receivables', 'trade', 'gross') },
  { what: 'notes by age', left: at('ageing-notes', 'total', 'gross'), right: at('receivables', 'notes', 'gross') },
  { what: 'trade gross of the matrix', left: at(matrixTableId('trade'), 'total', 'gross'), right: at('receivables', 'trade', 'gross') },
  {
    what: 'trade allowance of the matrix',
    left: at(matrixTableId('trade'), 'total', 'allowance'),
    right: at('receivables', 'trade', 'allowance'),
  },
  { what: 'trade by party', left: at('related-parties', 'total', 'gross'), right: at('receivables', 'trade', 'gross') },
  { what: 'gross by currency', left: at('currencies', 'total', 'gross'), right: at('receivables', 'total', 'gross') },
  { what: 'allowance by currency', left: at('currencies', 'total', 'allowance'), right: at('receivables', 'total', 'allowance') },
  { what: 'trade debtors', left: at('major-debtors-trade', 'total', 'gross'), right: at('receivables', 'trade', 'gross') },
];

/** Figures that must agree between tables, with what they differ by. */
export function tiesOf(tables: readonly DisclosureTable[]): readonly Tie[] {
  const find = ({ table, row, column }: Figure): bigint | undefined => {
    const found = tables.find(({ id }) => id === table)?.rows.find(({ key }) => key === row);
    return found === undefined ? undefined : minorOf(found, column);
  };
  return TIES.flatMap(({ what, left, right }): Tie[] => {
    const [one, other] = [find(left), find(right)];
    if (one === undefined || other === undefined) return [];
    return [{ what, left: { table: left.table, minor: one }, right: { table: right.table, minor: other }, difference: one - other }];
  });
}
