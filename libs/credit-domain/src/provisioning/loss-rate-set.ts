import { isFraction, parseRate } from '../values';
import { byCodeUnit } from './order';

/** Segment that stands for every segment not named. */
export const ANY_SEGMENT = '*';
/** More rows than this in one set is a mistake in the file, not a policy. */
export const LOSS_RATES_MAX = 10_000;

/** One rate: the share of the gross of this segment and bucket that is expected never to be collected (0..1). */
export interface LossRate {
  readonly segment: string;
  readonly bucket: string;
  readonly rate: string;
}

export interface LossRateSet {
  readonly setId: string;
  readonly kind: string;
  readonly scheme: string;
  readonly effectiveOn: string;
  readonly rates: readonly LossRate[];
}

/** A set a second person has approved; of two sets effective on one day the later approval holds. */
export interface ApprovedLossRateSet extends LossRateSet {
  readonly approvedAt: bigint;
}

export interface LossRateFault {
  readonly code: 'rate-out-of-range' | 'unknown-bucket' | 'duplicate-rate' | 'bucket-without-rate' | 'too-many-rates';
  readonly detail: string;
  /** path into the proposal, e.g. `rates[3].bucket`. */
  readonly field: string;
}

export interface LossRateWarning {
  readonly code: 'rate-not-monotone';
  readonly detail: string;
}

/**
 * Checks the rates of a proposed set against the bucket labels of its scheme: every rate a fraction, every bucket known, none
 * given twice, and every bucket of every named segment covered by itself or by `*`. A hole would surface only at the run
 * that needs it, so it is refused here.
 */
export function checkLossRates(rates: readonly LossRate[], bucketLabels: readonly string[]): LossRateFault[] {
  if (rates.length > LOSS_RATES_MAX) {
    return [{ code: 'too-many-rates', detail: `A set holds at most ${String(LOSS_RATES_MAX)} rates.`, field: 'rates' }];
  }
  const faults: LossRateFault[] = [];
  const known = new Set(bucketLabels);
  const seen = new Set<string>();
  rates.forEach((row, index) => {
    const at = `rates[${String(index)}]`;
    if (!isFractionText(row.rate)) {
      faults.push({ code: 'rate-out-of-range', detail: `'${row.rate}' is not a fraction between 0 and 1.`, field: `${at}.rate` });
    }
    if (!known.has(row.bucket)) {
      faults.push({ code: 'unknown-bucket', detail: `The scheme has no bucket '${row.bucket}'.`, field: `${at}.bucket` });
    }
    const key = JSON.stringify([row.segment, row.bucket]);
    if (seen.has(key)) {
      faults.push({
        code: 'duplicate-rate',
        detail: `Segment '${row.segment}' has two rates for bucket '${row.bucket}'.`,
        field: `${at}.bucket`,
      });
    }
    seen.add(key);
  });
  const segments = rates.length === 0 ? [ANY_SEGMENT] : segmentsOf(rates);
  for (const segment of segments) {
    for (const bucket of bucketLabels) {
      if (rateFor(rates, segment, bucket) === null) {
        faults.push({
          code: 'bucket-without-rate',
          detail: `Segment '${segment}' has no rate for bucket '${bucket}', neither its own nor by '${ANY_SEGMENT}'.`,
          field: 'rates',
        });
      }
    }
  }
  return faults;
}

/** Rates that fall with age, segment by segment. They occur in audited accounts (sec1769116-2019), so they are told and not refused. */
export function lossRateWarnings(rates: readonly LossRate[], bucketLabels: readonly string[]): LossRateWarning[] {
  const warnings: LossRateWarning[] = [];
  for (const segment of segmentsOf(rates)) {
    for (let index = 1; index < bucketLabels.length; index += 1) {
      const [younger, older] = [bucketLabels[index - 1] ?? '', bucketLabels[index] ?? ''];
      const [before, after] = [rateFor(rates, segment, younger), rateFor(rates, segment, older)];
      if (before !== null && after !== null && isBelow(after, before)) {
        warnings.push({
          code: 'rate-not-monotone',
          detail: `Segment '${segment}': '${older}' at ${after} is below the younger '${younger}' at ${before}.`,
        });
      }
    }
  }
  return warnings;
}

/** The segment's own rate, else the rate of `*`, else null. */
export function rateFor(rates: readonly LossRate[], segment: string, bucket: string): string | null {
  let general: string | null = null;
  for (const row of rates) {
    if (row.bucket !== bucket) continue;
    if (row.segment === segment) return row.rate;
    if (row.segment === ANY_SEGMENT) general = row.rate;
  }
  return general;
}

/**
 * The set that holds for a kind on asOf: the latest effective date not after asOf, and among equal dates the latest approval.
 * With a scheme only sets of that scheme are looked at.
 */
export function lossRateSetInForce(
  approved: readonly ApprovedLossRateSet[],
  wanted: { readonly kind: string; readonly asOf: string; readonly scheme?: string | null },
): ApprovedLossRateSet | null {
  let found: ApprovedLossRateSet | null = null;
  for (const set of approved) {
    if (set.kind !== wanted.kind || set.effectiveOn > wanted.asOf) continue;
    if (typeof wanted.scheme === 'string' && set.scheme !== wanted.scheme) continue;
    const later =
      found === null || set.effectiveOn > found.effectiveOn || (set.effectiveOn === found.effectiveOn && set.approvedAt > found.approvedAt);
    if (later) found = set;
  }
  return found;
}

/** Whether the text is a plain decimal between 0 and 1; a sign is none, not even before a zero. */
export function isFractionText(text: string): boolean {
  const rate = parseRate(text);
  return rate !== undefined && isFraction(rate) && !rate.isNegative();
}

function isBelow(rate: string, other: string): boolean {
  const [left, right] = [parseRate(rate), parseRate(other)];
  return left !== undefined && right !== undefined && left.lt(right);
}

function segmentsOf(rates: readonly LossRate[]): string[] {
  return [...new Set(rates.map((row) => row.segment))].sort(byCodeUnit);
}
