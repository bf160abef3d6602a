import type { PresentedCell, PresentedRow, PresentedTable } from '@app/credit-domain';
import { FOOT_RULE } from '@app/credit-domain';
import type { DisclosedRun, Disclosure } from '@app/provisioning';
import { amountOf } from './figures-on-the-wire';

const STYLE = `
  body { font: 10pt/1.35 Georgia, 'Times New Roman', serif; color: #111; max-width: 60em; margin: 2em auto; padding: 0 1em; }
  h1 { font-size: 15pt; } h2 { font-size: 11.5pt; margin: 1.6em 0 0.2em; }
  p { margin: 0.2em 0; } .small { font-size: 8.5pt; color: #444; }
  table { border-collapse: collapse; width: 100%; margin-top: 0.4em; font-variant-numeric: tabular-nums; }
  caption { text-align: left; } th, td { padding: 0.12em 0.5em; vertical-align: bottom; }
  th { font-weight: normal; text-align: right; border-bottom: 0.5pt solid #111; } th:first-child, td:first-child { text-align: left; padding-left: 0; }
  td { text-align: right; } td.text { text-align: left; }
  tr.subtotal td { border-top: 0.5pt solid #888; } tr.total td { border-top: 0.5pt solid #111; border-bottom: 2pt double #111; font-weight: bold; }
  td.comparative { color: #333; } .gap { font-size: 7.5pt; vertical-align: super; }
  @media print { body { margin: 0; max-width: none; } section { break-inside: avoid; } h2 { break-after: avoid; } thead { display: table-header-group; } @page { margin: 18mm 16mm; } }
`;

/** The note as one page to print: no script, nothing loaded from elsewhere. A figure that does not foot carries its gap. */
export function disclosureHtml(note: Disclosure): string {
  const { run, comparative, currency, unit } = note;
  const compared = comparative === null ? '' : `, with ${comparative.asOf} beside it`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${escaped(`Receivables and contract assets at ${run.asOf}`)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escaped(`Receivables and contract assets at ${run.asOf}${compared}`)}</h1>
<p>${escaped(`Amounts in ${unitName(currency, unit)}. ${FOOT_RULE}`)}</p>
${provenance('Run', run)}
${comparative === null ? '' : provenance('Comparative', comparative)}
${note.tables.map((table) => tableHtml(table, run.asOf, comparative?.asOf ?? null)).join('\n')}
${tiesHtml(note)}
</body>
</html>
`;
}

/** A unit people write as zeros: CNY'000. */
const THOUSANDS = /^1(000)+$/;

function unitName(currency: string, unit: number): string {
  if (unit === 1) return currency;
  return THOUSANDS.test(String(unit)) ? `${currency}'${String(unit).slice(1)}` : `units of ${String(unit)} ${currency}`;
}

function provenance(what: string, { id, asOf, knownAt, hash, kindsLeftOut }: DisclosedRun): string {
  const leftOut = kindsLeftOut.length === 0 ? '' : ` Not in the run: ${kindsLeftOut.join(', ')}; the note is not whole.`;
  return `<p class="small">${escaped(`${what} ${id} at ${asOf}, as known at ${knownAt}, hash ${hash}.${leftOut}`)}</p>`;
}

function tableHtml(table: PresentedTable, asOf: string, comparedAsOf: string | null): string {
  const dates = comparedAsOf === null ? [asOf] : [asOf, comparedAsOf];
  const numeric = table.columns.filter(({ type }) => type !== 'text');
  const remarks = table.columns.filter(({ type }) => type === 'text');
  const heads = [...dates.flatMap((date) => numeric.map(({ label }) => `${label}<br>${date}`)), ...remarks.map(({ label }) => label)];
  const rows = table.rows.map((row) => rowHtml(row, numeric, remarks, comparedAsOf !== null));
  const none = `<tr><td colspan="${String(heads.length + 1)}">None.</td></tr>`;
  return `<section id="${escaped(table.id)}">
<h2>${escaped(table.title)}</h2>
<p class="small">${escaped(`${table.basis} (${table.source})`)}</p>
<table>
<thead><tr><th></th>${heads.map((head) => `<th>${head.split('<br>').map(escaped).join('<br>')}</th>`).join('')}</tr></thead>
<tbody>
${rows.length === 0 ? none : rows.join('\n')}
</tbody>
</table>
</section>`;
}

type Columns = PresentedTable['columns'];

function rowHtml(row: PresentedRow, numeric: Columns, remarks: Columns, compared: boolean): string {
  const figures = (cells: PresentedRow['current'] | null, kind: string): string =>
    numeric.map(({ id }) => `<td${kind === '' ? '' : ` class="${kind}"`}>${figureHtml(cells?.[id])}</td>`).join('');
  const texts = remarks.map(({ id }) => `<td class="text">${figureHtml(row.current[id] ?? row.comparative?.[id])}</td>`).join('');
  const before = compared ? figures(row.comparative, 'comparative') : '';
  return `<tr class="${row.role}"><td>${escaped(row.label)}</td>${figures(row.current, '')}${before}${texts}</tr>`;
}

function figureHtml(cell: PresentedCell | undefined): string {
  if (cell === undefined) return '';
  switch (cell.type) {
    case 'amount':
      return `${grouped(cell.value)}${cell.gap === 0n ? '' : `<span class="gap">gap ${cell.gap.toString()}</span>`}`;
    case 'rate':
      return cell.value === null ? 'n/a' : percent(cell.value);
    case 'text':
      return escaped(cell.value);
  }
}

/** 1234567 as 1,234,567; a negative figure in brackets. */
function grouped(value: bigint): string {
  const digits = (value < 0n ? -value : value).toString().replaceAll(/\B(?=(\d{3})+$)/g, ',');
  return value < 0n ? `(${digits})` : digits;
}

/** A fraction of four decimals as a percentage of two, without going through a binary float. */
function percent(fraction: string): string {
  const negative = fraction.startsWith('-');
  const [whole = '0', decimals = ''] = fraction.replace('-', '').split('.');
  const hundredths = `${whole}${decimals.padEnd(4, '0')}`.padStart(3, '0');
  const shown = `${hundredths.slice(0, -2).replace(/^0+(?=\d)/, '')}.${hundredths.slice(-2)} %`;
  return negative ? `-${shown}` : shown;
}

function tiesHtml({ ties, currency }: Disclosure): string {
  const lines = ties.map(({ what, left, right, difference }) => {
    const agree = difference === 0n ? 'agree exactly' : `differ by ${amountOf(difference, currency).amount} ${currency}`;
    return `<li>${escaped(`${what}: ${left.table} and ${right.table} ${agree}`)}</li>`;
  });
  return `<section id="ties"><h2>Figures shown twice</h2><ul class="small">${lines.join('')}</ul></section>`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
