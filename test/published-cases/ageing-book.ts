import { addDays, localDate } from '@app/credit-domain';
import { amountText, currencyOf, dateOf, type PublishedCase } from './cases';

/** A published ageing by groups, as receivables of one debtor a group. */
export interface AgeingBook {
  readonly case: PublishedCase;
  readonly asOf: string;
  readonly currency: string;
  readonly scheme: { readonly id: string; readonly basis: 'due'; readonly buckets: readonly { readonly label: string }[] };
  readonly groups: readonly { readonly segment: string; readonly amounts: readonly number[] }[];
  readonly debtors: readonly string[];
  readonly receivables: readonly string[];
}

/** Upper bounds of the columns of Schedule III, in months, and an age inside each, in days. */
const MONTHS = [6, 12, 24, 36] as const;
const AGE_DAYS = [90, 270, 540, 900, 1400] as const;

/** Null when the case has no ageing by groups. */
export function ageingBook(published: PublishedCase): AgeingBook | null {
  const { ageing, id, unit } = published;
  if (ageing === undefined) return null;
  const asOf = dateOf(published);
  const currency = currencyOf(published);
  const labels = ageing.columns.filter((label) => label !== 'Total');
  const buckets = labels.map((label, index) => {
    const months = MONTHS[index];
    return months === undefined ? { label, over: true } : { label, upTo: { months } };
  });
  const groups = ageing.rows
    .filter(([name]) => name !== 'Total')
    .map(([name, ...amounts]) => ({ segment: `${id}/${name}`, amounts: amounts.slice(0, labels.length) }));
  const debtors = groups.map(({ segment }, group) => `${id}-${String(group)},Group,"${segment}",false,,0,,`);
  const receivables = groups.flatMap(({ amounts }, group) =>
    amounts.map((amount, column) => {
      const due = addDays(localDate(asOf), -(AGE_DAYS[column] ?? 0));
      const early = addDays(localDate(due), -60);
      const key = `${id}-${String(group)}`;
      return [`${key}-${String(column)}`, key, 'trade', currency, amountText(amount, unit, currency), early, early, due, key].join(',');
    }),
  );
  return { case: published, asOf, currency, scheme: { id, basis: 'due', buckets }, groups, debtors, receivables };
}
