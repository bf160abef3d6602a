import { kindLabel } from './labels';
import type { NoteFacts } from './note-facts';
import type { Column, DisclosureTable, Row } from './table';
import { amount, amountColumn, assertExact, sumRow } from './table';

const BY_SIDE: readonly Column[] = [
  amountColumn('collective', 'Collectively assessed'),
  amountColumn('individual', 'Individually assessed'),
  amountColumn('gross', 'Gross'),
];

/** Trade receivables by age, as stock exchanges ask for it: gross, by recognition date. */
export function tradeAgeingTable({ tradeAgeing }: NoteFacts): DisclosureTable {
  const { labels, cells } = tradeAgeing;
  const rows = labels.map((label, bucket): Row => {
    const side = (assessed: boolean): bigint => sumOf(cells.filter((cell) => cell.bucket === bucket && cell.assessed === assessed));
    const [collective, individual] = [side(false), side(true)];
    return {
      ...{ key: label, label, role: 'line', sums: [] },
      cells: { collective: amount(collective), individual: amount(individual), gross: amount(collective + individual) },
    };
  });
  return assertExact({
    id: 'ageing-trade',
    title: 'Ageing of trade receivables',
    source: 'HKEX Main Board Rules Appendix D2 4(2); GEM 18.50B(2)',
    basis: 'Gross of the loss allowance, by date of revenue recognition, individually assessed debtors included, credit balances excluded.',
    columns: BY_SIDE,
    rows: [...rows, sumRow({ key: 'total', label: 'Total', role: 'total' }, rows, BY_SIDE)],
    across: [{ result: 'gross', plus: ['collective', 'individual'], minus: [] }],
  });
}

const GROSS: readonly Column[] = [amountColumn('gross', 'Gross')];

export function notesAgeingTable({ notesAgeing }: NoteFacts): DisclosureTable {
  const { labels, cells } = notesAgeing;
  const rows = ['note_bank', 'note_commercial'].flatMap((kind) =>
    labels.map((label, bucket): Row => ({
      ...{ key: `${kind}/${label}`, label: `${kindLabel(kind)}: ${label}`, role: 'line', sums: [] },
      cells: { gross: amount(sumOf(cells.filter((cell) => cell.kind === kind && cell.bucket === bucket))) },
    })),
  );
  return assertExact({
    id: 'ageing-notes',
    title: 'Ageing of notes receivable',
    source: 'HKEX Main Board Rules Appendix D2 4(2)',
    basis: 'Gross of the loss allowance, by date of recognition.',
    columns: GROSS,
    rows: [...rows, sumRow({ key: 'total', label: 'Total', role: 'total' }, rows, GROSS)],
    across: [],
  });
}

const sumOf = (cells: readonly { readonly gross: bigint }[]): bigint => cells.reduce((sum, { gross }) => sum + gross, 0n);
