import { hash } from 'node:crypto';

/** Separates the parts of a row: no cell can hold it. */
const SEPARATOR = '\u001f';

/**
 * SHA-256, in base64, of what a row says once blanks, spellings and column order are taken away. A row sent again is recognised by it. It covers
 * what was sent and nothing that was decided from the book (a due date by terms, a split of a payment), which may come out otherwise later.
 */
export function contentHash(parts: readonly (string | null)[], attributes: Readonly<Record<string, string>>): string {
  let text = parts.join(SEPARATOR);
  for (const [name, value] of Object.entries(attributes)) text += `${SEPARATOR}${name}${SEPARATOR}${value}`;
  return hash('sha256', text, 'base64');
}
