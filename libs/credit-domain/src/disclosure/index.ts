export { noteTables, tiesOf, type Tie } from './disclosed-note';
export { kindLabel } from './labels';
export type { MovementAmounts, MovementFacts, Movements, NoMovement, NoteFacts } from './note-facts';
export { FOOT_RULE, minorPerUnit, presentTable, UNIT_MAX, type PresentedCell, type PresentedRow, type PresentedTable } from './present';
export type { DisclosureTable } from './table';
