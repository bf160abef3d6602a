import type { PresentedCell } from '@app/credit-domain';
import { csvLine } from '@app/platform';
import type { Disclosure } from '@app/provisioning';
import { amountOf } from './figures-on-the-wire';

const HEADER = [
  'table',
  'row',
  'label',
  'role',
  'column',
  'value',
  'exact',
  'gap',
  'comparative_value',
  'comparative_exact',
  'comparative_gap',
];

/** One line for each cell of the note; values in `unit` of the currency, exact amounts in the currency. Text cannot become a formula. */
export function disclosureCsv({ tables, currency }: Disclosure): string {
  const lines = [HEADER];
  for (const table of tables) {
    for (const row of table.rows) {
      for (const column of table.columns) {
        const [now, before] = [row.current[column.id], row.comparative?.[column.id]];
        if (now === undefined && before === undefined) continue;
        lines.push([table.id, row.key, row.label, row.role, column.id, ...cellsOf(now, currency), ...cellsOf(before, currency)]);
      }
    }
  }
  return lines.map(csvLine).join('');
}

function cellsOf(cell: PresentedCell | undefined, currency: string): readonly [value: string, exact: string, gap: string] {
  if (cell === undefined) return ['', '', ''];
  if (cell.type !== 'amount') return [cell.value ?? '', '', ''];
  return [cell.value.toString(), amountOf(cell.exact, currency).amount, cell.gap === 0n ? '' : cell.gap.toString()];
}
