export { noteTables, tiesOf, type Tie } from './disclosed-note';
export type { NoteFacts } from './note-facts';
export { FOOT_RULE, minorPerUnit, presentTable, UNIT_MAX, type PresentedCell, type PresentedRow, type PresentedTable } from './present';
export type { DisclosureTable } from './table';
