import { addDays, Decimal, localDate } from '@app/credit-domain';
import { amountText, currencyOf, dateOf, exactRate, type PublishedBucket, type PublishedCase } from './cases';

/** Rows of the files a case is fed in as, and the policy it is measured by. */
export interface MatrixBook {
  readonly case: PublishedCase;
  readonly asOf: string;
  readonly currency: string;
  readonly scheme: { readonly id: string; readonly basis: 'due' | 'recognition'; readonly buckets: readonly object[] };
  readonly lines: readonly MatrixLine[];
  readonly debtors: readonly string[];
  readonly receivables: readonly string[];
  /** The debtors measured alone. */
  readonly individual: readonly { readonly debtorId: string; readonly gross: number; readonly allowance: number }[];
}

export interface MatrixLine {
  readonly segment: string;
  /** label in the scheme. */
  readonly bucket: string;
  readonly published: PublishedBucket;
}

const DAYS = { day: 1, month: 30, year: 365 } as const;
const UNAGED_BUCKETS = [
  { label: 'Not past due', upTo: { days: 0 } },
  { label: 'Past due', over: true },
];

/** Whether a bucket can be measured: it has a gross, and a rate or an allowance. A dash for a rate is a rate of nothing. */
const isMeasurable = ({ gross, ratePct, allowance }: PublishedBucket): boolean =>
  gross !== null && (ratePct !== null || allowance !== null);

/** The printed rate as a fraction; where only an allowance is printed, what it is of the gross. */
export function printedRate({ gross, ratePct, allowance }: PublishedBucket): string {
  if (ratePct !== null) return new Decimal(String(ratePct)).div(100).toFixed();
  return exactRate(allowance ?? 0, gross ?? 0);
}

/** A matrix as receivables of one debtor a line, aged into the middle of their bucket. Null when the case has no matrix to compute. */
export function matrixBook(published: PublishedCase): MatrixBook | null {
  const measurable = published.buckets.filter(isMeasurable);
  if (measurable.length === 0) return null;
  const { id, unit } = published;
  const asOf = dateOf(published);
  const currency = currencyOf(published);
  const aged = published.buckets.filter((bucket) => bucket.unit !== null);
  const basis = aged.length === 0 || aged.some(({ from }) => from === null) ? 'due' : 'recognition';
  const schemeBuckets =
    aged.length === 0
      ? UNAGED_BUCKETS
      : aged.map(({ label, to, unit: step }, index) =>
          to === null || index === aged.length - 1 ? { label, over: true } : { label, upTo: { [`${step ?? 'day'}s`]: to } },
        );
  const debtors: string[] = [];
  const receivables: string[] = [];
  const lines = measurable.map((bucket, index): MatrixLine => {
    const isAged = bucket.unit !== null;
    // Ratings, and lines that have no age, are groups with a rate of their own.
    const segment = isAged ? id : `${id}/${bucket.label}`;
    const debtorId = `${id}-${String(index)}`;
    debtors.push(`${debtorId},${debtorId},"${segment}",false,,0,,`);
    receivables.push(
      receivableRow(`${debtorId}-item`, debtorId, currency, amountText(bucket.gross ?? 0, unit, currency), anchorOf(asOf, bucket), basis),
    );
    return { segment, bucket: isAged ? bucket.label : (schemeBuckets[0] as { label: string }).label, published: bucket };
  });
  const individual = published.individual.flatMap(({ gross, allowance }, index) => {
    if (gross === null || allowance === null) return [];
    const debtorId = `${id}-individual-${String(index)}`;
    debtors.push(`${debtorId},${debtorId},"${id}",false,,0,,`);
    individualItems(published, gross).forEach(([months, amount], item) => {
      const anchor = addDays(localDate(asOf), -Math.round(months * DAYS.month));
      receivables.push(receivableRow(`${debtorId}-${String(item)}`, debtorId, currency, amountText(amount, unit, currency), anchor, basis));
    });
    return [{ debtorId, gross, allowance }];
  });
  return { case: published, asOf, currency, scheme: { id, basis, buckets: schemeBuckets }, lines, debtors, receivables, individual };
}

/** Age in months and amount of the individually assessed items: by age where the note lets it be derived, else all of them old. */
function individualItems({ derived }: PublishedCase, gross: number): (readonly [number, number])[] {
  const byAge = derived?.['individualGrossByAge'] as Readonly<Record<string, number>> | undefined;
  if (byAge === undefined) return [[54, gross]];
  const months: Readonly<Record<string, number>> = {
    'Up to 6 months': 3,
    '6 months to 1 year': 9,
    '1 to 2 years': 18,
    '2 to 3 years': 30,
    'More than 3 years': 54,
  };
  return Object.entries(byAge).map(([label, amount]) => [months[label] ?? 54, amount] as const);
}

/** The middle of the bucket, counted back from asOf; what is not due yet falls due ten days later. */
function anchorOf(asOf: string, { from, to, unit }: PublishedBucket): string {
  if (unit === null || from === null) return addDays(localDate(asOf), 10);
  const end = to ?? from + 3;
  return addDays(localDate(asOf), -Math.round(((from + end) / 2) * DAYS[unit]));
}

function receivableRow(
  id: string,
  debtorId: string,
  currency: string,
  amount: string,
  anchor: string,
  basis: 'due' | 'recognition',
): string {
  const early = basis === 'due' ? addDays(localDate(anchor), -60) : anchor;
  return [id, debtorId, 'trade', currency, amount, early, early, anchor, id].join(',');
}
