const NUMBER = /^[-+]?\d+(\.\d+)?$/;
/** What a spreadsheet would run, a quote already before it or not (OWASP ASVS 1.2.10). */
const FORMULA = /^'*[=+\-@\t\r\0]/;
const NEEDS_QUOTES = /[",\r\n]/;

/**
 * One line of CSV for people with spreadsheets: text that a spreadsheet would take for a formula gets a single quote in front; numbers stay
 * numbers, so that -12.50 survives. Taking that one quote off again gives the text back.
 */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\n`;
}

function csvCell(text: string): string {
  const safe = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
