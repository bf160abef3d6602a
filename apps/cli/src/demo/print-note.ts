import { Decimal, formatAmount } from '@app/credit-domain';
import { inThousands } from './compare-note';
import type { NoteFigures } from './note-figures';

const grouped = (minor: bigint): string =>
  inThousands(minor)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',');
const rmb = (minor: bigint): string => formatAmount(minor, 'CNY').replace(/\B(?=(\d{3})+\.)/g, ',');

/** A fraction of two amounts as a percentage of two decimals, half up. */
export function percentOf(part: bigint, whole: bigint): string {
  return whole === 0n ? 'n/a' : `${new Decimal(part.toString()).times(100).div(whole.toString()).toFixed(2)} %`;
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>((known, row) => row.map((cell, index) => Math.max(known[index] ?? 0, cell.length)), []);
  return rows
    .map((row) => row.map((cell, index) => (index === 0 ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0))).join('   '))
    .map((line) => `  ${line.trimEnd()}`)
    .join('\n');
}

/** The provision matrix as the note prints it, RMB'000. */
export function provisionTable(figures: NoteFigures): string {
  const row = (label: string, { gross, allowance }: { gross: bigint; allowance: bigint }): string[] => [
    label,
    percentOf(allowance, gross),
    grouped(gross),
    grouped(allowance),
  ];
  return table([
    [`At ${figures.asOf}, RMB'000`, 'loss rate', 'gross', 'allowance'],
    ...figures.buckets.map((bucket) => row(bucket.label, bucket)),
    row('Collective', figures.collective),
    row('Individually impaired', figures.individual),
    row('Trade receivables', figures.total),
    ['Net', '', '', grouped(figures.total.gross - figures.total.allowance)],
  ]);
}

/** Ageing by recognition date, related parties and currencies, RMB'000. */
export function ageingTable(figures: NoteFigures): string {
  return table([
    [`Ageing by recognition date at ${figures.asOf}, RMB'000`, 'gross'],
    ...figures.ageing.map(({ label, gross }) => [label, grouped(gross)]),
    ['Total', grouped(figures.total.gross)],
    ['of which related parties', grouped(figures.related)],
    ['of which third parties', grouped(figures.thirdParties)],
    ...figures.currencies.map(({ currency, gross }) => [`of which in ${currency}`, grouped(gross)]),
  ]);
}

/** The same totals to the fen: a change of 1.00 in the input shows here. */
export function exactTotals(figures: NoteFigures): string {
  const { collective, individual, total } = figures;
  return [
    `  To the fen, RMB: gross ${rmb(total.gross)} = ${rmb(collective.gross)} collective + ${rmb(individual.gross)} individual`,
    `                   allowance ${rmb(total.allowance)}, net ${rmb(total.gross - total.allowance)}`,
    `  The matrix would give ${grouped(figures.individualByMatrix)} (RMB'000) on the individually impaired.`,
  ].join('\n');
}
