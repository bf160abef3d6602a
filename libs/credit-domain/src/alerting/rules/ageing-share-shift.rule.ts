import type { AgeLimit } from '../../ageing/scheme';
import { addMonths, localDate, MONTHS_PER_YEAR } from '../../values/local-date';
import type { BucketGross, CloseFigures } from '../close-figures';
import { grossByBucket } from '../close-figures';
import type { Evaluation, EvaluationInputs, FigureShift } from '../evaluation';
import { movementOf, reasonByThresholds, scopeLabels } from '../evaluation';
import { Ratio } from '../../values/ratio';
import type { AgeingShareShift } from '../rule-definition';
import { amountText, bareAmount, direction, limitText, percent } from '../wording';
import type { Crossing, SharedBook } from './ageing-share-bridges';
import { ageingShareBridges } from './ageing-share-bridges';

/** A year-on-year comparison is the longest a base reaches back by name; a previous close may be older, then the wording is general. */
const ELAPSED_MONTHS_MAX = 120;

interface AgedBook extends SharedBook {
  readonly buckets: readonly BucketGross[];
}

/**
 * The share of gross older than a limit rose between a close and its base by at least the entry threshold (policy "Measures": by the scheme's
 * basis, credit balances excluded). Only a rise fires; a share that falls resolves.
 */
export function evaluateAgeingShareShift(rule: AgeingShareShift, close: CloseFigures, base: CloseFigures | null): Evaluation {
  const labels = scopeLabels(rule);
  const unmeasured = { labels, asOf: close.asOf, baseAsOf: base?.asOf ?? null };
  if (base === null) return { ...unmeasured, reason: 'no-base' };
  const after = agedBook(rule, close);
  const before = agedBook(rule, base);
  if (after === null || before === null) return { ...unmeasured, reason: 'no-snapshot' };
  if (close.currency !== base.currency) return { ...unmeasured, reason: 'currency-differs' };
  if (after.total <= 0n || before.total <= 0n) return { ...unmeasured, reason: 'nothing-owed' };

  const movement = movementOf(Ratio.of(before.olderGross, before.total), Ratio.of(after.olderGross, after.total));
  const subject = `Gross older than ${limitText(rule.olderThan)}`;
  const crossing = crossingOf(rule, close, base, { before, after });
  return {
    labels,
    asOf: close.asOf,
    baseAsOf: base.asOf,
    reason: reasonByThresholds(movement.change, Ratio.parse(rule.enter), Ratio.parse(rule.exit)),
    movement,
    subject,
    cause: causeOf(subject, movement, crossing, { close, after, base, before }),
    inputs: inputsOf(close, before, after),
    bridges: ageingShareBridges(subject, close.currency, { before, after, crossing }),
    part: {
      kinds: rule.kinds,
      segment: rule.segment,
      assessed: rule.assessed,
      aged: { scheme: rule.scheme, buckets: after.older.map(({ label }) => label) },
    },
  };
}

/** Whether the limit is the end of a bucket of the scheme, so that "older than" is a number of whole buckets. */
export function isBoundary(limit: AgeLimit, buckets: readonly { readonly upTo: AgeLimit | null }[]): boolean {
  return buckets.some(({ upTo }) => upTo !== null && sameLimit(upTo, limit));
}

function agedBook(rule: AgeingShareShift, close: CloseFigures): AgedBook | null {
  const buckets = grossByBucket(close, rule.scheme, rule, rule.assessed);
  if (buckets === null) return null;
  const boundary = buckets.findIndex(({ upTo }) => upTo !== null && sameLimit(upTo, rule.olderThan));
  if (boundary < 0) return null;
  const older = buckets.slice(boundary + 1);
  return { buckets, older, olderGross: sumOf(older), total: sumOf(buckets) };
}

function causeOf(
  subject: string,
  movement: FigureShift,
  crossing: Crossing | null,
  { close, after, base, before }: { close: CloseFigures; after: AgedBook; base: CloseFigures; before: AgedBook },
): string {
  const from = `${percent(movement.before)} (${amountText(before.olderGross, base.currency)} of ${bareAmount(before.total, base.currency)}) at ${base.asOf}`;
  const to = `${percent(movement.after)} (${amountText(after.olderGross, close.currency)} of ${bareAmount(after.total, close.currency)}) at ${close.asOf}`;
  const why = crossing === null ? largestMove(before, after) : agedInto(crossing, close, base);
  return `${subject} ${direction(movement.change)} from ${from} to ${to}: ${why}`;
}

/**
 * When whole buckets crossed the limit between the two dates, the calendar says which: whatever is older than the limit now was older than it
 * then, or lay in those buckets. What is missing from the two has left the book. Null when the dates do not fit the buckets.
 */
function crossingOf(
  rule: AgeingShareShift,
  close: CloseFigures,
  base: CloseFigures,
  { before, after }: { before: AgedBook; after: AgedBook },
): Crossing | null {
  const limit = inMonths(rule.olderThan);
  const elapsed = monthsBetween(base.asOf, close.asOf);
  if (limit === null || elapsed === null) return null;
  const crossed = before.buckets.filter((bucket) => {
    const lower = lowerLimitOf(before.buckets, bucket);
    const upper = inMonths(bucket.upTo);
    return lower !== null && upper !== null && lower >= limit - elapsed && upper <= limit;
  });
  const first = crossed[0];
  if (first === undefined || lowerLimitOf(before.buckets, first) !== Math.max(0, limit - elapsed)) return null;
  const gross = sumOf(crossed);
  return { names: crossed.map(({ label }) => label).join(' and '), gross, left: before.olderGross + gross - after.olderGross };
}

function agedInto({ names, gross, left }: Crossing, close: CloseFigures, base: CloseFigures): string {
  return `${amountText(gross, close.currency)} that was ${names} at ${base.asOf} aged past it; ${whatLeft(left, close.currency)}`;
}

/** What became of the balances that were, or have come to be, older than the limit. Negative = more is there than can have aged into it. */
function whatLeft(left: bigint, currency: string): string {
  if (left === 0n) return 'nothing of it or of what was older before has left since';
  if (left < 0n) return `${bareAmount(-left, currency)} came in already older`;
  return `${bareAmount(left, currency)} of that and of what was older before has been settled, written off or moved`;
}

/** The older bucket whose share rose most, and the younger bucket whose share fell most. */
function largestMove(before: AgedBook, after: AgedBook): string {
  const shifts = after.buckets.map((bucket, index) => ({
    label: bucket.label,
    older: after.older.includes(bucket),
    movement: movementOf(Ratio.of(before.buckets[index]?.gross ?? 0n, before.total), Ratio.of(bucket.gross, after.total)),
  }));
  const largest = (older: boolean, sign: 1 | -1): (typeof shifts)[number] | undefined =>
    shifts
      .filter((shift) => shift.older === older)
      .reduce<(typeof shifts)[number] | undefined>(
        (best, shift) => (best === undefined || shift.movement.change.compare(best.movement.change) * sign > 0 ? shift : best),
        undefined,
      );
  return [largest(true, 1), largest(false, -1)]
    .flatMap((shift) =>
      shift === undefined ? [] : [`${shift.label} ${percent(shift.movement.before)} to ${percent(shift.movement.after)}`],
    )
    .join(', ');
}

function inputsOf(close: CloseFigures, before: AgedBook, after: AgedBook): EvaluationInputs {
  const figures = (book: AgedBook): EvaluationInputs => ({
    older: book.olderGross.toString(),
    total: book.total.toString(),
    buckets: book.buckets.map(({ label, gross }) => ({ label, gross: gross.toString() })),
  });
  return { currency: close.currency, before: figures(before), after: figures(after) };
}

function sumOf(buckets: readonly BucketGross[]): bigint {
  return buckets.reduce((sum, { gross }) => sum + gross, 0n);
}

function inMonths(limit: AgeLimit | null): number | null {
  if (limit === null || limit.unit === 'days') return null;
  return limit.unit === 'years' ? limit.count * MONTHS_PER_YEAR : limit.count;
}

function sameLimit(left: AgeLimit, right: AgeLimit): boolean {
  const months = inMonths(left);
  return months === null ? right.unit === 'days' && left.count === right.count : months === inMonths(right);
}

/** The end of the bucket before, in months: 0 for the first bucket, null where months cannot say it. */
function lowerLimitOf(buckets: readonly BucketGross[], bucket: BucketGross): number | null {
  const index = buckets.indexOf(bucket);
  return index === 0 ? 0 : inMonths(buckets[index - 1]?.upTo ?? null);
}

/** Whole months between two dates; null when they are not whole months apart. */
function monthsBetween(from: string, to: string): number | null {
  const start = localDate(from);
  for (let months = 1; months <= ELAPSED_MONTHS_MAX; months++) {
    const reached = addMonths(start, months);
    if (reached === to) return months;
    if (reached > to) return null;
  }
  return null;
}
