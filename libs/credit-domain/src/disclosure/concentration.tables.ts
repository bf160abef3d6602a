import type { ConcentrationFacts, NoteFacts } from './note-facts';
import type { Column, DisclosureTable, Row } from './table';
import { amount, amountColumn, assertExact, minorOf, rate, rateColumn, sumRow } from './table';

const GROSS_AND_SHARE: readonly Column[] = [amountColumn('gross', 'Gross'), rateColumn('share', 'Share of the total')];

/** The largest debtors and their share, of trade receivables and of everything with credit risk (IFRS 7 34(c), 35M). */
export function majorDebtorTables({ concentration }: NoteFacts): DisclosureTable[] {
  return concentration.map(majorDebtorsTable);
}

function majorDebtorsTable({ scope, total, largest }: ConcentrationFacts): DisclosureTable {
  const line = (key: string, label: string, gross: bigint): Row => ({
    ...{ key, label, role: 'line', sums: [] },
    cells: { gross: amount(gross), share: rate(gross, total) },
  });
  const debtors = largest.map(({ debtorId, gross }) => line(`debtor/${debtorId}`, debtorId, gross));
  const shared = (row: Row): Row => ({ ...row, cells: { ...row.cells, share: rate(minorOf(row, 'gross'), total) } });
  const top = shared(
    sumRow({ key: 'largest', label: `The ${String(largest.length)} largest`, role: 'subtotal' }, debtors, GROSS_AND_SHARE),
  );
  const rest = line('others', 'All others', total - minorOf(top, 'gross'));
  return assertExact({
    id: `major-debtors-${scope}`,
    title: scope === 'trade' ? 'Major trade debtors' : 'Major debtors of all receivables and contract assets',
    source: 'IFRS 7 34(c), B8; IFRS 8 34',
    basis: 'Gross of the loss allowance.',
    columns: GROSS_AND_SHARE,
    rows: [...debtors, top, rest, shared(sumRow({ key: 'total', label: 'Total', role: 'total' }, [top, rest], GROSS_AND_SHARE))],
    across: [],
  });
}

export function segmentsTable({ segments }: NoteFacts): DisclosureTable {
  const columns = [...GROSS_AND_SHARE, amountColumn('allowance', 'Loss allowance')];
  const total = segments.reduce((sum, { gross }) => sum + gross, 0n);
  const rows = [...segments]
    .sort((left, right) => (left.segment < right.segment ? -1 : 1))
    .map(({ segment, gross, allowance }): Row => ({
      ...{ key: `segment/${segment}`, label: segment === '' ? 'No segment' : segment, role: 'line', sums: [] },
      cells: { gross: amount(gross), share: rate(gross, total), allowance: amount(allowance) },
    }));
  const sum = sumRow({ key: 'total', label: 'Total', role: 'total' }, rows, columns);
  return assertExact({
    id: 'segments',
    title: 'Concentration by segment',
    source: 'IFRS 7 34(c), 35M',
    basis: 'Groups of shared risk characteristics; overlays are not spread over segments.',
    columns,
    rows: [...rows, { ...sum, cells: { ...sum.cells, share: rate(total, total) } }],
    across: [],
  });
}
