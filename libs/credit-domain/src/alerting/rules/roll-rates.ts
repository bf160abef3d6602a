import type { CloseFigures, Scope } from '../close-figures';
import { grossByBucket } from '../close-figures';
import type { AgeLimit } from '../../ageing/scheme';
import { addDays, addMonths, localDate, MONTHS_PER_YEAR } from '../../values/local-date';
import { Ratio } from '../../values/ratio';
import type { AssessedPart, ComparisonBase } from '../rule-definition';
import { baseDate } from '../comparison-base';

/** Months differ by three days, so a close of a month's end reaches a bucket of thirty days within these. */
const DAYS_TOLERATED = 3;

/** What of a bucket at the earlier close lay in the next bucket at the later one, net: gross there now / gross here then. */
export interface RollRate {
  readonly asOf: string;
  readonly baseAsOf: string;
  readonly before: bigint;
  readonly after: bigint;
  readonly rate: Ratio;
}

export interface RollingBucket {
  readonly label: string;
  readonly next: string;
  /** By as-of date, rising; only where the time between the closes fits the bucket. */
  readonly rates: readonly RollRate[];
  /** Whether the time between the close and its base fits. */
  readonly fits: boolean;
}

/**
 * Net roll rates of every bucket that has one after it, up to a close, each close against its base. A net rate counts whatever came into the next
 * bucket, also what was moved there, so it may exceed one.
 */
export function rollingBuckets(
  closes: readonly CloseFigures[],
  upTo: string,
  rule: Scope & { readonly scheme: string; readonly assessed: AssessedPart; readonly base: ComparisonBase },
): RollingBucket[] | null {
  const dates = closes.map(({ asOf }) => asOf);
  const latest = closes.find(({ asOf }) => asOf === upTo);
  const buckets = latest === undefined ? null : grossByBucket(latest, rule.scheme, rule, rule.assessed);
  if (buckets === null) return null;
  const pairs = closes
    .filter(({ asOf, currency }) => asOf <= upTo && currency === latest?.currency)
    .sort((left, right) => (left.asOf < right.asOf ? -1 : 1))
    .flatMap((close) => {
      const date = baseDate(rule.base, close.asOf, dates);
      const base = closes.find(({ asOf, currency }) => asOf === date && currency === close.currency);
      const [after, before] = [close, base].map((each) =>
        each === undefined ? null : grossByBucket(each, rule.scheme, rule, rule.assessed),
      );
      return base === undefined || !after || !before ? [] : [{ close, base, after, before }];
    });
  // The last bucket has none after it, and the open one that follows the last but one keeps what it has: nobody knows what of it is new.
  return buckets.slice(0, -2).map(({ label }, index): RollingBucket => {
    const limits = [index - 1, index, index + 1].map((at) => buckets[at]?.upTo ?? null);
    const fitting = pairs.filter(({ close, base }) => fitsBuckets(base.asOf, close.asOf, limits));
    const rates = fitting.flatMap(({ close, base, after, before }): RollRate[] => {
      const [from, to] = [before[index]?.gross ?? 0n, after[index + 1]?.gross ?? 0n];
      return from <= 0n ? [] : [{ asOf: close.asOf, baseAsOf: base.asOf, before: from, after: to, rate: Ratio.of(to, from).reduced() }];
    });
    return { label, next: buckets[index + 1]?.label ?? '', rates, fits: fitting.some(({ close }) => close.asOf === upTo) };
  });
}

/**
 * Whether all that lies in the next bucket at the later close lay in this one at the earlier: the time between them is the width of the next bucket,
 * and this bucket is as wide, or begins with what is not past due.
 */
function fitsBuckets(from: string, to: string, limits: readonly (AgeLimit | null)[]): boolean {
  const [below, limit, next] = limits.map((each) => (each === null ? null : inOneUnit(each)));
  if (!limit || !next || limit.unit !== next.unit) return false;
  const width = next.count - limit.count;
  const holdsAllOfIt = limit.count === 0 || limit.count - (below?.count ?? 0) >= width;
  const reached = limit.unit === 'months' ? addMonths(localDate(from), width) : addDays(localDate(from), width);
  const isWidth = reached >= addDays(localDate(to), -DAYS_TOLERATED) && reached <= addDays(localDate(to), DAYS_TOLERATED);
  return holdsAllOfIt && isWidth;
}

function inOneUnit({ unit, count }: AgeLimit): { unit: 'days' | 'months'; count: number } {
  return unit === 'years' ? { unit: 'months', count: count * MONTHS_PER_YEAR } : { unit, count };
}
