import type { Refused } from '../refusals';
import type { LocalDate } from '../values/local-date';
import { addMonths, daysBetween, endOfMonth, localDate } from '../values/local-date';
import type { AgeBucket, AgeLimit, AgeUnit, AgeingBasis, AgeingScheme } from './scheme';
import { AGEING_BASES, AGE_UNITS, builtInScheme } from './scheme';

export const SCHEME_BUCKETS_MAX = 24;
export const SCHEME_LABEL_LENGTH_MAX = 60;
/** Inclusive limits of a count: a hundred years in each unit. */
export const AGE_COUNT_MAX: Readonly<Record<AgeUnit, number>> = { days: 36_525, months: 1_200, years: 100 };
const SCHEME_ID_FORM = /^[a-z0-9][a-z0-9_.-]{0,63}$/;
/** Rates use `*` for "all others", so no bucket may be called that. */
const WILDCARD_LABEL = '*';
const CYCLE_START = localDate('2000-01-01');
const CYCLE_MONTHS = 400 * 12;

export type ValidatedScheme =
  { readonly ok: true; readonly scheme: AgeingScheme } | { readonly ok: false; readonly refusals: readonly Refused[] };

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const refused = (field: string, detail: string): Refused => ({ code: 'ageing-scheme-invalid', detail, field });

/**
 * Reads a scheme as sent (`upTo: {months: 6}`) or as stored (`upTo: {unit: 'months', count: 6}`) and accepts only a partition of time. Every
 * fault is returned, each naming its bucket. An empty bucket for some anchor is a fault too: 30 days then 1 month overlaps in February.
 */
export function validateAgeingScheme(input: unknown): ValidatedScheme {
  if (!isRecord(input)) return { ok: false, refusals: [refused('', 'an ageing scheme is an object with id, basis and buckets')] };
  const refusals: Refused[] = [];
  const id = typeof input['id'] === 'string' ? input['id'] : '';
  if (!SCHEME_ID_FORM.test(id))
    refusals.push(refused('id', 'id must be 1 to 64 characters of a-z, 0-9, ".", "_" or "-", starting with a letter or digit'));
  else if (builtInScheme(id) !== undefined) refusals.push(refused('id', `"${id}" is built in and cannot be defined again`));
  const basis = AGEING_BASES.find((candidate) => candidate === input['basis']);
  if (basis === undefined) refusals.push(refused('basis', `basis must be one of ${AGEING_BASES.join(', ')}`));
  const buckets = readBuckets(input['buckets'], refusals);
  if (refusals.length > 0) return { ok: false, refusals };
  return { ok: true, scheme: { id, basis: basis as AgeingBasis, buckets } };
}

function readBuckets(input: unknown, refusals: Refused[]): AgeBucket[] {
  if (!Array.isArray(input) || input.length === 0) {
    refusals.push(refused('buckets', 'buckets must be a list that ends with one "over" bucket'));
    return [];
  }
  if (input.length > SCHEME_BUCKETS_MAX) {
    refusals.push(refused('buckets', `at most ${String(SCHEME_BUCKETS_MAX)} buckets`));
    return [];
  }
  const buckets = input.flatMap((entry: unknown, index) => readBucket(entry, index, index === input.length - 1, refusals) ?? []);
  checkLabels(buckets, refusals);
  if (refusals.every(({ field }) => field?.startsWith('buckets') !== true)) checkRising(buckets, refusals);
  return buckets;
}

function readBucket(entry: unknown, index: number, isLast: boolean, refusals: Refused[]): AgeBucket | undefined {
  const field = `buckets[${String(index)}]`;
  if (!isRecord(entry)) {
    refusals.push(refused(field, `bucket ${String(index + 1)} is not an object`));
    return undefined;
  }
  const label = typeof entry['label'] === 'string' ? entry['label'] : '';
  const name = label === '' ? `bucket ${String(index + 1)}` : `bucket "${label}"`;
  const hasOver = entry['over'] !== undefined;
  const hasLimit = entry['upTo'] !== undefined;
  if (hasOver === hasLimit || (hasOver && entry['over'] !== true)) {
    refusals.push(refused(field, `${name} needs either upTo or over: true`));
    return undefined;
  }
  if (hasOver !== isLast) {
    refusals.push(
      refused(
        field,
        hasOver ? `${name} is open-ended but not the last` : `${name} is the last and must be over: true, or older items have no bucket`,
      ),
    );
    return undefined;
  }
  if (hasOver) return { label, over: true };
  const upTo = readLimit(entry['upTo']);
  if (typeof upTo === 'string') {
    refusals.push(refused(`${field}.upTo`, `${name}: ${upTo}`));
    return undefined;
  }
  return { label, upTo };
}

/** The limit, or what is wrong with it. */
function readLimit(input: unknown): AgeLimit | string {
  if (!isRecord(input)) return 'upTo must be one of {days}, {months} or {years}';
  const keys = Object.keys(input);
  const stored = keys.length === 2 && 'unit' in input && 'count' in input;
  const unit = AGE_UNITS.find((candidate) => candidate === (stored ? input['unit'] : keys[0]));
  if (unit === undefined || (!stored && keys.length !== 1)) return 'upTo must be one of {days}, {months} or {years}';
  const count = stored ? input['count'] : input[unit];
  if (typeof count !== 'number' || !Number.isInteger(count) || count < 0) return 'upTo must be a whole number, zero or more';
  if (count > AGE_COUNT_MAX[unit]) return `upTo is at most ${String(AGE_COUNT_MAX[unit])} ${unit}`;
  return { unit, count };
}

function checkLabels(buckets: readonly AgeBucket[], refusals: Refused[]): void {
  const seen = new Set<string>();
  buckets.forEach(({ label }, index) => {
    const field = `buckets[${String(index)}].label`;
    if (label.trim() === '' || label !== label.trim() || label.length > SCHEME_LABEL_LENGTH_MAX || label === WILDCARD_LABEL) {
      refusals.push(
        refused(
          field,
          `bucket ${String(index + 1)} needs a label of 1 to ${String(SCHEME_LABEL_LENGTH_MAX)} characters without outer spaces, other than "*"`,
        ),
      );
    } else if (seen.has(label)) {
      refusals.push(refused(field, `label "${label}" is used twice`));
    }
    seen.add(label);
  });
}

function checkRising(buckets: readonly AgeBucket[], refusals: Refused[]): void {
  for (let index = 1; index < buckets.length; index++) {
    const before = buckets[index - 1];
    const bucket = buckets[index];
    if (before === undefined || bucket === undefined || !('upTo' in before) || !('upTo' in bucket)) continue;
    const witness = anchorWithoutRise(before.upTo, bucket.upTo);
    if (witness === undefined) continue;
    const detail = `bucket "${bucket.label}" must end later than bucket "${before.label}" for every date; it does not for ${witness}`;
    refusals.push(refused(`buckets[${String(index)}].upTo`, detail));
  }
}

/** An anchor on which the second limit does not fall after the first, or `undefined` when it always does. */
function anchorWithoutRise(before: AgeLimit, after: AgeLimit): LocalDate | undefined {
  if (before.unit === 'days' && after.unit === 'days') return after.count > before.count ? undefined : CYCLE_START;
  if (before.unit === 'days') {
    const { shortest } = spansOf(monthsIn(after));
    return before.count < shortest.days ? undefined : shortest.anchor;
  }
  if (after.unit === 'days') {
    const { longest } = spansOf(monthsIn(before));
    return longest.days < after.count ? undefined : longest.anchor;
  }
  return monthsIn(after) > monthsIn(before) ? undefined : CYCLE_START;
}

const monthsIn = (limit: AgeLimit): number => (limit.unit === 'years' ? limit.count * 12 : limit.count);

interface Span {
  readonly days: number;
  readonly anchor: LocalDate;
}

/**
 * The shortest and longest number of days that a count of months lasts, over one whole Gregorian cycle of 400 years: a month is 28 to 31 days,
 * a year 365 or 366, and 2100 has no leap day. From the first of a month nothing is clamped; from its last day the most is.
 */
function spansOf(count: number): { readonly shortest: Span; readonly longest: Span } {
  let shortest: Span | undefined;
  let longest: Span | undefined;
  for (let month = 0; month < CYCLE_MONTHS; month++) {
    const first = addMonths(CYCLE_START, month);
    const last = endOfMonth(first);
    const fromFirst = { days: daysBetween(first, addMonths(first, count)), anchor: first };
    const fromLast = { days: daysBetween(last, addMonths(last, count)), anchor: last };
    if (longest === undefined || fromFirst.days > longest.days) longest = fromFirst;
    if (shortest === undefined || fromFirst.days < shortest.days) shortest = fromFirst;
    if (fromLast.days < shortest.days) shortest = fromLast;
  }
  const none = { days: 0, anchor: CYCLE_START };
  return { shortest: shortest ?? none, longest: longest ?? none };
}
