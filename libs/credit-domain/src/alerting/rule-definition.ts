import type { AgeLimit } from '../ageing/scheme';

/**
 * What a figure of a close is compared with; a change is never measured against anything else (policy "Measures").
 * `previous-close`: the close before it in as-of order. `previous-month-end`: the close of the last day of the month before.
 * `same-date-last-year`: the close of the same date a year earlier, or of that month's end when the close is a month-end.
 */
export const COMPARISON_BASES = ['previous-close', 'previous-month-end', 'same-date-last-year'] as const;
export type ComparisonBase = (typeof COMPARISON_BASES)[number];

export const ASSESSED_PARTS = ['all', 'collective', 'individual'] as const;
/** Which part of the book a measure is taken over: all of it, the matrix, or the individually assessed. */
export type AssessedPart = (typeof ASSESSED_PARTS)[number];

export const ALERT_SEVERITIES = ['info', 'warning', 'critical'] as const;
export type AlertSeverity = (typeof ALERT_SEVERITIES)[number];

interface ShiftRule {
  readonly base: ComparisonBase;
  /** Fires at or above it. A fraction: `0.10` is ten points. */
  readonly enter: string;
  /** Resolves below it; at most `enter`. Between the two an open alert stays open and a closed one stays closed. */
  readonly exit: string;
  /** `null` = every kind with expected credit losses. */
  readonly kinds: readonly string[] | null;
  /** `null` = every segment. */
  readonly segment: string | null;
}

/** The share of the gross older than a limit rose. The limit is a bucket boundary of the scheme, so the share is whole buckets. */
export interface AgeingShareShift extends ShiftRule {
  readonly type: 'ageing-share-shift';
  readonly scheme: string;
  readonly olderThan: AgeLimit;
  readonly assessed: AssessedPart;
}

/** Coverage (allowance / gross) moved, in either direction. */
export interface CoverageShift extends ShiftRule {
  readonly type: 'coverage-shift';
  readonly assessed: AssessedPart;
}

/** The loss rate applied to a bucket moved, in either direction, by enough to matter in currency. */
export interface LossRateShift extends ShiftRule {
  readonly type: 'loss-rate-shift';
  /** `null` = every bucket, each with an alert of its own. */
  readonly bucket: string | null;
  /** The change matters when |change| x closing gross is at least this share of the closing allowance. */
  readonly materiality: string;
}

export type RuleDefinition = AgeingShareShift | CoverageShift | LossRateShift;

/** Share of the allowance below which a change of a loss rate does not matter, unless the rule says otherwise. */
export const MATERIALITY_DEFAULT = '0.01';

/** What tells one alert of a rule from another, e.g. `{kind, segment, bucket}`. */
export type AlertLabels = Readonly<Record<string, string>>;

/** The labels in one canonical text, equal for equal labels. */
export function labelsKey(labels: AlertLabels): string {
  const entries = Object.entries(labels).sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));
  return JSON.stringify(entries);
}
