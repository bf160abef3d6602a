import type { StoredEvent } from '@app/event-store';
import { formatAmount, isCurrency } from '@app/credit-domain';
import { BOOK_SUMMARIES } from './book-summaries';
import { CASE_SUMMARIES } from './case-summaries';
import { OTHER_SUMMARIES } from './other-summaries';
import type { Summary } from './summary';

const SUMMARIES: ReadonlyMap<string, Summary> = new Map(Object.entries({ ...BOOK_SUMMARIES, ...CASE_SUMMARIES, ...OTHER_SUMMARIES }));

/** One line about an event for people: what happened, to what, how much. Without anything personal. */
export function summaryOf(event: StoredEvent): string {
  const write = SUMMARIES.get(event.type);
  return write === undefined ? inWords(event) : write(event);
}

/** The name of the type as words, with the amount where there is one: for what is written by features this library does not know. */
function inWords({ type, data: { amount, currency } }: StoredEvent): string {
  const words = type.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  if (typeof amount !== 'string' || typeof currency !== 'string' || !/^-?\d+$/.test(amount) || !isCurrency(currency)) return words;
  return `${words}: ${formatAmount(BigInt(amount), currency)} ${currency}`;
}
