import { addDays, addYears, endOfMonth, localDate } from '../values/local-date';
import type { ComparisonBase } from './rule-definition';

/** The as-of date a close is compared with, or `null` when there is none. Dates of other closes, or of sealed runs, in any order. */
export function baseDate(base: ComparisonBase, asOf: string, closeDates: readonly string[]): string | null {
  switch (base) {
    case 'previous-close':
    case 'last-sealed-run':
      return closeDates.reduce<string | null>((latest, date) => (date < asOf && (latest === null || date > latest) ? date : latest), null);
    case 'previous-month-end': {
      const firstOfMonth = localDate(`${asOf.slice(0, 8)}01`);
      return present(addDays(firstOfMonth, -1), closeDates);
    }
    case 'same-date-last-year': {
      const date = localDate(asOf);
      const lastYear = addYears(date, -1);
      const monthEnd = date === endOfMonth(date) ? endOfMonth(lastYear) : lastYear;
      return present(lastYear, closeDates) ?? present(monthEnd, closeDates);
    }
  }
}

function present(date: string, closeDates: readonly string[]): string | null {
  return closeDates.includes(date) ? date : null;
}
