import type { AgeBucket, AgeLimit, AgeingScheme } from '../ageing';
import { MONTHS_PER_YEAR } from '../values';
import { EvidenceFault } from './evidence-fault';

/** Consecutive buckets of a scheme taken together, so that a group is one period wide. */
export interface BucketGroup {
  readonly label: string;
  /** indexes of buckets of the scheme, rising without a gap. */
  readonly buckets: readonly number[];
}

/** Between two limits of so many days lies one month: schemes of 30 days are rolled by calendar months (domain reference 7.1). */
const DAYS_OF_A_MONTH = { least: 28, most: 31 } as const;

/**
 * Merges the buckets of a scheme into groups as wide as the period between two readings: a roll takes a balance from one group to the next only
 * when both are one period wide (domain reference 7.1). A first bucket that ends at nought (not past due) stays alone. What is left before the
 * open end goes into it. Throws `evidence-buckets-not-periods` for a bucket wider than the period, or one that no group of that width ends at.
 */
export function groupsOfPeriod(scheme: AgeingScheme, periodMonths: number): BucketGroup[] {
  const groups: number[][] = [];
  let pending: number[] = [];
  let periods = 0;
  scheme.buckets.forEach((bucket, index) => {
    pending.push(index);
    if (!('upTo' in bucket)) return;
    if (bucket.upTo.count === 0) {
      groups.push(pending);
      pending = [];
      return;
    }
    const compared = comparePeriods(bucket.upTo, (periods + 1) * periodMonths);
    if (compared > 0) {
      const detail = `bucket '${bucket.label}' does not end where period ${String(periods + 1)} of ${String(periodMonths)} months ends; choose another periodMonths, or declare groups`;
      throw new EvidenceFault('evidence-buckets-not-periods', detail, 'periodMonths');
    }
    if (compared < 0) return;
    groups.push(pending);
    pending = [];
    periods += 1;
  });
  if (pending.length > 0) groups.push(pending);
  return groups.map((buckets) => groupOf(scheme, buckets));
}

/** Groups declared by their sizes (`[2, 1, 1, 2]`), which together are every bucket of the scheme. Throws `evidence-groups-invalid`. */
export function groupsOfSizes(scheme: AgeingScheme, sizes: readonly number[]): BucketGroup[] {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total !== scheme.buckets.length || sizes.some((size) => size < 1)) {
    const detail = `the groups have ${String(total)} buckets, the scheme ${scheme.id} has ${String(scheme.buckets.length)}`;
    throw new EvidenceFault('evidence-groups-invalid', detail, 'groups');
  }
  let next = 0;
  return sizes.map((size) => {
    const buckets = Array.from({ length: size }, (_, offset) => next + offset);
    next += size;
    return groupOf(scheme, buckets);
  });
}

export function everyBucketAlone(scheme: AgeingScheme): BucketGroup[] {
  return groupsOfSizes(
    scheme,
    scheme.buckets.map(() => 1),
  );
}

function groupOf(scheme: AgeingScheme, buckets: readonly number[]): BucketGroup {
  const labels = buckets.map((index) => scheme.buckets[index]).filter((bucket): bucket is AgeBucket => bucket !== undefined);
  return { label: labels.map(({ label }) => label).join(' + '), buckets };
}

/** Negative while the limit is short of so many months, zero when it ends there. */
function comparePeriods(limit: AgeLimit, months: number): number {
  if (limit.unit === 'years') return limit.count * MONTHS_PER_YEAR - months;
  if (limit.unit === 'months') return limit.count - months;
  if (limit.count < months * DAYS_OF_A_MONTH.least) return -1;
  return limit.count > months * DAYS_OF_A_MONTH.most ? 1 : 0;
}
