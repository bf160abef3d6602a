import type { LocalDate } from '../values/local-date';
import { addDays, addMonths } from '../values/local-date';

/** The date of a receivable that its age is counted from. */
export type AgeingBasis = 'recognition' | 'invoice' | 'due';
export const AGEING_BASES: readonly AgeingBasis[] = ['recognition', 'invoice', 'due'];

export type AgeUnit = 'days' | 'months' | 'years';
export const AGE_UNITS: readonly AgeUnit[] = ['days', 'months', 'years'];

export interface AgeLimit {
  readonly unit: AgeUnit;
  readonly count: number;
}

/** Holds the items with `asOf <= anchor + upTo` that no earlier bucket holds. */
export interface BoundedBucket {
  readonly label: string;
  readonly upTo: AgeLimit;
}

/** The last bucket: everything older. */
export interface OverBucket {
  readonly label: string;
  readonly over: true;
}

export type AgeBucket = BoundedBucket | OverBucket;

/** Ordered buckets that partition time: strictly rising inclusive limits and one open end. Build one with `validateAgeingScheme`. */
export interface AgeingScheme {
  readonly id: string;
  readonly basis: AgeingBasis;
  readonly buckets: readonly AgeBucket[];
}

/** The last day on which an item with this anchor is still within the limit, counted forward from the anchor. */
export function limitReachedOn(anchor: LocalDate, limit: AgeLimit): LocalDate {
  switch (limit.unit) {
    case 'days':
      return addDays(anchor, limit.count);
    case 'months':
      return addMonths(anchor, limit.count);
    case 'years':
      return addMonths(anchor, limit.count * 12);
  }
}

const months = (label: string, count: number): BoundedBucket => ({ label, upTo: { unit: 'months', count } });
const years = (label: string, count: number): BoundedBucket => ({ label, upTo: { unit: 'years', count } });
const days = (label: string, count: number): BoundedBucket => ({ label, upTo: { unit: 'days', count } });
const over = (label: string): OverBucket => ({ label, over: true });

const UP_TO_THREE_YEARS: readonly BoundedBucket[] = [
  months('Up to 6 months', 6),
  months('6 months to 1 year', 12),
  years('1 to 2 years', 2),
  years('2 to 3 years', 3),
];

/** The schemes every book has from the start; their ids cannot be defined again. */
export const BUILT_IN_SCHEMES: readonly AgeingScheme[] = [
  { id: 'months-6-12-24-36-48', basis: 'recognition', buckets: [...UP_TO_THREE_YEARS, years('3 to 4 years', 4), over('Over 4 years')] },
  { id: 'months-6-12-24-36', basis: 'recognition', buckets: [...UP_TO_THREE_YEARS, over('More than 3 years')] },
  {
    id: 'days-past-due-30-60-90',
    basis: 'due',
    buckets: [days('Current', 0), days('1-30', 30), days('31-60', 60), days('61-90', 90), over('Over 90')],
  },
];

export function builtInScheme(id: string): AgeingScheme | undefined {
  return BUILT_IN_SCHEMES.find((scheme) => scheme.id === id);
}
