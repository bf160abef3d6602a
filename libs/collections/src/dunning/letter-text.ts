import { createHash } from 'node:crypto';
import {
  escapeHtml,
  fillHtml,
  fillLine,
  fillText,
  formatAmount,
  type MergeValues,
  parseTemplate,
  type TemplatePart,
} from '@app/credit-domain';
import type { DataOf } from '../event-data';
import type { MailedLevel } from './dunning-policy.fold';

const STYLE =
  "body{font:11pt/1.45 Georgia,'Times New Roman',serif;color:#111;max-width:42em;margin:2em auto;padding:0 1em}" +
  'h1{font-size:13pt}table{border-collapse:collapse;width:100%;margin:1em 0;font-variant-numeric:tabular-nums}' +
  'th,td{padding:.2em .6em;text-align:right;border-bottom:.5pt solid #888}th:first-child,td:first-child{text-align:left;padding-left:0}' +
  'tfoot td{font-weight:bold;border-bottom:2pt double #111}thead{display:table-header-group}tr{break-inside:avoid}' +
  '@media print{body{margin:0;max-width:none}@page{margin:25mm 20mm}}';

/** SHA-256 in base64 of the page's style. */
export const LETTER_STYLE_HASH = createHash('sha256').update(STYLE, 'utf8').digest('base64');

export interface LetterText {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** The texts of a letter: a function of the letter, the policy's level and the debtor's name, so that it reads the same each time. */
export function letterText(letter: DataOf<'DunningLetterIssued'>, issuedOn: string, level: MailedLevel, debtorName: string): LetterText {
  const { currency, items, total, fee } = letter;
  const money = (minor: string, of = currency): string => formatAmount(BigInt(minor), of);
  const values: MergeValues = {
    ...{ debtorId: letter.debtorId, debtorName, letterDate: issuedOn, level: String(letter.level), currency, total: money(total) },
    ...{ itemCount: String(items.length), oldestDueOn: items[0]?.dueOn ?? '', daysPastDue: String(items[0]?.daysPastDue ?? 0) },
    fee: fee === null ? '' : `${fee.currency} ${money(fee.amount, fee.currency)}`,
  };
  const subject = fillLine(partsOf(level.subject, 'subject'), values);
  const body = partsOf(level.body, 'body');
  const lines = items.map(
    ({ documentNo, receivableId, dueOn, daysPastDue, outstanding }) =>
      `${documentNo === '' ? receivableId : documentNo}  due ${dueOn}  ${String(daysPastDue)} days  ${currency} ${money(outstanding)}`,
  );
  const rows = items.map(
    ({ documentNo, receivableId, dueOn, daysPastDue, outstanding }) =>
      `<tr><td>${escapeHtml(documentNo === '' ? receivableId : documentNo)}</td><td>${dueOn}</td><td>${String(daysPastDue)}</td><td>${money(outstanding)}</td></tr>`,
  );
  const table =
    `<table><thead><tr><th>Document</th><th>Due on</th><th>Days past due</th><th>Open, ${escapeHtml(currency)}</th></tr></thead>` +
    `<tbody>${rows.join('')}</tbody><tfoot><tr><td>Total</td><td></td><td></td><td>${money(total)}</td></tr></tfoot></table>`;
  return {
    subject,
    text: fillText(body, values, [...lines, `Total  ${currency} ${money(total)}`].join('\n')),
    html:
      `<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>${escapeHtml(subject)}</title>\n<style>${STYLE}</style>\n</head>\n` +
      `<body>\n<h1>${escapeHtml(subject)}</h1>\n${fillHtml(body, values, table)}\n</body>\n</html>\n`,
  };
}

/** The template was checked when the policy was defined. */
function partsOf(template: string, place: 'subject' | 'body'): readonly TemplatePart[] {
  const parsed = parseTemplate(template, place);
  if (!parsed.ok) throw new Error(`A stored dunning text does not parse: ${parsed.fault.problem}.`);
  return parsed.parts;
}
