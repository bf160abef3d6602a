import type { LocalDate } from '../values/local-date';
import { addDays, earliestReaching } from '../values/local-date';
import type { AgeLimit, AgeingScheme } from './scheme';
import { limitReachedOn } from './scheme';

/** Index of the first bucket with `asOf <= anchor + upTo`; the last one when none holds it. An anchor after `asOf` is in the first bucket. */
export function bucketOf(scheme: AgeingScheme, asOf: LocalDate, anchor: LocalDate): number {
  const last = scheme.buckets.length - 1;
  for (let index = 0; index < last; index++) {
    const bucket = scheme.buckets[index];
    if (bucket !== undefined && 'upTo' in bucket && asOf <= limitReachedOn(anchor, bucket.upTo)) return index;
  }
  return last;
}

function earliestWithin(asOf: LocalDate, limit: AgeLimit): LocalDate {
  switch (limit.unit) {
    case 'days':
      return addDays(asOf, -limit.count);
    case 'months':
      return earliestReaching(asOf, limit.count);
    case 'years':
      return earliestReaching(asOf, limit.count * 12);
  }
}

/**
 * For every bucket but the last, the earliest anchor date still within its limit at `asOf`: an item is in the first bucket whose threshold is
 * on or before its anchor. Falling from bucket to bucket. Lets SQL and prefix sums bucket by comparing anchors; agrees with `bucketOf`.
 */
export function anchorThresholds(scheme: AgeingScheme, asOf: LocalDate): LocalDate[] {
  return scheme.buckets.flatMap((bucket) => ('upTo' in bucket ? [earliestWithin(asOf, bucket.upTo)] : []));
}

/** The bucket by thresholds of one `asOf`: the quick way through many anchors. */
export function bucketByThresholds(thresholds: readonly LocalDate[], anchor: LocalDate): number {
  for (let index = 0; index < thresholds.length; index++) {
    const threshold = thresholds[index];
    if (threshold !== undefined && anchor >= threshold) return index;
  }
  return thresholds.length;
}
