/** What a dunning text may name. `items` is the list of the letter's invoices: several lines, so it has no place in a subject. */
export const MERGE_FIELDS = [
  'debtorId',
  'debtorName',
  'letterDate',
  'level',
  'currency',
  'total',
  'itemCount',
  'oldestDueOn',
  'daysPastDue',
  'fee',
  'items',
] as const;
export type MergeField = (typeof MERGE_FIELDS)[number];
/** The merge fields that are one line. */
export type MergeValues = Readonly<Record<Exclude<MergeField, 'items'>, string>>;

export type TemplatePart = { readonly text: string } | { readonly field: MergeField };

/** `position` counts characters from 0, at the braces at fault. */
export interface TemplateFault {
  readonly position: number;
  readonly problem: 'unknown-field' | 'unclosed' | 'unopened' | 'field-not-allowed' | 'control-character';
  /** What stands between the braces; null where there are none. */
  readonly field: string | null;
}
export type ParsedTemplate =
  { readonly ok: true; readonly parts: readonly TemplatePart[] } | { readonly ok: false; readonly fault: TemplateFault };

const OPEN = '{{';
const CLOSE = '}}';

/**
 * Reads a text with `{{mergeField}}` in it. Nothing is guessed: a name that is not on the list, spaces between the braces and a brace pair that
 * is opened or closed alone are faults. A single brace is text.
 */
export function parseTemplate(text: string, place: 'subject' | 'body'): ParsedTemplate {
  const control = place === 'subject' ? text.search(/[\p{Cc}\p{Zl}\p{Zp}]/u) : text.search(/[^\P{Cc}\n\t]/u);
  if (control >= 0) return fault(control, 'control-character');
  const parts: TemplatePart[] = [];
  let from = 0;
  for (;;) {
    const open = text.indexOf(OPEN, from);
    const loose = text.indexOf(CLOSE, from);
    if (loose >= 0 && (open < 0 || loose < open)) return fault(loose, 'unopened');
    if (open < 0) {
      if (from < text.length) parts.push({ text: text.slice(from) });
      return { ok: true, parts };
    }
    const close = text.indexOf(CLOSE, open + OPEN.length);
    const nested = text.indexOf(OPEN, open + OPEN.length);
    if (close < 0 || (nested >= 0 && nested < close)) return fault(open, 'unclosed');
    const name = text.slice(open + OPEN.length, close);
    const field = MERGE_FIELDS.find((known) => known === name);
    if (field === undefined) return fault(open, 'unknown-field', name);
    if (field === 'items' && place === 'subject') return fault(open, 'field-not-allowed', name);
    if (open > from) parts.push({ text: text.slice(from, open) });
    parts.push({ field });
    from = close + CLOSE.length;
  }
}

function fault(position: number, problem: TemplateFault['problem'], field: string | null = null): ParsedTemplate {
  return { ok: false, fault: { position, problem, field } };
}

/** Plain text: what an email says to those who read no HTML. `items` is what stands for the list. */
export function fillText(parts: readonly TemplatePart[], values: MergeValues, items: string): string {
  return parts.map((part) => ('text' in part ? part.text : part.field === 'items' ? items : values[part.field])).join('');
}

/**
 * One line for a header. A line break in a merged value (a debtor's name comes from a file) would start a header of its own, so every control
 * character and line separator becomes a space.
 */
export function fillLine(parts: readonly TemplatePart[], values: MergeValues): string {
  return fillText(parts, values, '')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();
}

/**
 * HTML of the text: every value and every character of the template itself is escaped, so neither a debtor's name nor whoever writes templates
 * can bring markup in. Empty lines separate paragraphs. `items` is HTML made by the caller.
 */
export function fillHtml(parts: readonly TemplatePart[], values: MergeValues, items: string): string {
  const [before, ...after] = splitAtItems(parts).map((run) => paragraphs(fillText(run, values, '')));
  return [before ?? '', ...after.flatMap((html) => [items, html])].join('');
}

function splitAtItems(parts: readonly TemplatePart[]): TemplatePart[][] {
  const runs: TemplatePart[][] = [[]];
  for (const part of parts) {
    if ('field' in part && part.field === 'items') runs.push([]);
    else runs.at(-1)?.push(part);
  }
  return runs;
}

function paragraphs(text: string): string {
  return text
    .split(/\n{2,}/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '')
    .map((paragraph) => `<p>${escapeHtml(paragraph).replaceAll('\n', '<br>')}</p>`)
    .join('');
}

const ESCAPED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Safe between tags and inside quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPED[character] ?? character);
}
