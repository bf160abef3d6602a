import { amountText, currencyOf, type PublishedCase } from './cases';

/** Two published ageings of one book a year apart, as receivables and what was paid on them in between. */
export interface MigrationBook {
  readonly case: PublishedCase;
  readonly currency: string;
  readonly from: string;
  readonly to: string;
  readonly scheme: { readonly id: string; readonly basis: 'recognition'; readonly buckets: readonly object[] };
  /** per cent rolled, by what rolls. */
  readonly rolls: readonly { readonly from: readonly string[]; readonly to: string; readonly pct: number }[];
  readonly debtors: readonly string[];
  readonly receivables: readonly string[];
  readonly movements: readonly string[];
}

/** The kind no other case of that year uses. */
export const MIGRATION_KIND = 'note_commercial';

/** Null when the case is no pair of ageings. The book ages a year; what a bucket lost on the way into the next was paid. */
export function migrationBook(published: PublishedCase): MigrationBook | null {
  const [before, after] = published.snapshots ?? [];
  if (before === undefined || after === undefined) return null;
  const { id, unit } = published;
  const currency = currencyOf(published);
  const year = Number(before.asOf.slice(0, 4));
  const labels = before.buckets.map(([label]) => label);
  const last = labels.length - 1;
  const opening = before.buckets.map(([, amount]) => amount);
  const closing = after.buckets.map(([, amount]) => amount);
  const item = (name: string, amount: number, recognisedYear: number): string =>
    [
      `${id}-${name}`,
      id,
      MIGRATION_KIND,
      currency,
      amountText(amount, unit, currency),
      `${String(recognisedYear)}-07-01`,
      '',
      `${String(recognisedYear)}-08-01`,
      name,
    ].join(',');
  const payment = (name: string, amount: number): string =>
    `${id}-${name}-paid,${id}-${name},payment,${amountText(amount, unit, currency)},${String(year + 1)}-06-30,`;
  const paid = opening.map((amount, index) => {
    if (index < last - 1) return amount - (closing[index + 1] ?? 0);
    // The oldest two end in the last bucket together; the younger of them paid.
    return index === last - 1 ? amount + (opening[last] ?? 0) - (closing[last] ?? 0) : 0;
  });
  return {
    ...{ case: published, currency, from: before.asOf, to: after.asOf },
    scheme: {
      id: 'migration',
      basis: 'recognition',
      buckets: labels.map((label, index) => (index === last ? { label, over: true } : { label, upTo: { years: index + 1 } })),
    },
    rolls: rollsOf(published, labels),
    debtors: [`${id},Migration,${id},false,,0,,`],
    receivables: [...opening.map((amount, index) => item(String(index), amount, year - index)), item('new', closing[0] ?? 0, year + 1)],
    movements: paid.flatMap((amount, index) => (amount === 0 ? [] : [payment(String(index), amount)])),
  };
}

function rollsOf({ derived }: PublishedCase, labels: readonly string[]): MigrationBook['rolls'] {
  const [rolls] = derived?.['rolls'] as readonly Readonly<Record<string, { readonly pct: number }>>[];
  const last = labels.length - 1;
  return labels.slice(1).map((to, index) => {
    const isTail = index + 1 === last;
    const from = isTail ? [labels[index] ?? '', to] : [labels[index] ?? ''];
    const key = isTail ? `(${from.join(' + ')})->${to}` : `${from[0] ?? ''}->${to}`;
    return { from, to, pct: rolls?.[key]?.pct ?? NaN };
  });
}
