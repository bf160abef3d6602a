import type { AgeLimit } from '../ageing/scheme';
import type { SignalDefinition } from './signals/signal-definition';

/**
 * What a figure of a close is compared with; a change is never measured against anything else (policy "Measures").
 * `previous-close`: the close before it in as-of order. `previous-month-end`: the close of the last day of the month before.
 * `same-date-last-year`: the close of the same date a year earlier, or of that month's end when the close is a month-end.
 * `last-sealed-run`: the figures of the provision run that was approved for the latest date before it.
 */
export const COMPARISON_BASES = ['previous-close', 'previous-month-end', 'same-date-last-year', 'last-sealed-run'] as const;
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

/** An amount below which a change does not matter, in minor units; compared with figures in its own currency only. */
export interface MoneyFloor {
  readonly minor: string;
  readonly currency: string;
}

/** What a shift must reach besides `enter` for it to matter. Rules from before these fields have none of them. */
interface ShiftFloors {
  /** The change must also be this fraction of the figure it started from: `0.10` is a tenth of it. */
  readonly enterRelative?: string | null | undefined;
  /** |change| x closing gross must also be at least this much money. */
  readonly materialityAmount?: MoneyFloor | null | undefined;
  /** Fewer debtors than this, at the close or its base, tell nothing. */
  readonly minimumDebtors?: number | undefined;
}

/** Coverage (allowance / gross) moved, in either direction. */
export interface CoverageShift extends ShiftRule, ShiftFloors {
  readonly type: 'coverage-shift';
  readonly assessed: AssessedPart;
  /** The change matters when |change| x closing gross is at least this share of the closing allowance; absent: whatever it is. */
  readonly materiality?: string | null | undefined;
}

/** The loss rate applied to a bucket moved, in either direction, by enough to matter in currency. */
export interface LossRateShift extends ShiftRule, ShiftFloors {
  readonly type: 'loss-rate-shift';
  /** `null` = every bucket, each with an alert of its own. */
  readonly bucket: string | null;
  /** The change matters when |change| x closing gross is at least this share of the closing allowance. */
  readonly materiality: string;
}

/**
 * The mix of the book over the buckets of a scheme moved: its population stability index reaches `enter`, and more than chance would bring about in
 * a book of so few and so unequal debtors.
 */
export interface AgeingMixShift extends ShiftRule {
  readonly type: 'ageing-mix-shift';
  readonly scheme: string;
  readonly assessed: AssessedPart;
  /** Probability that a book that does not change stays quiet for a year, however many closes it has. */
  readonly confidence: string;
  readonly minimumDebtors: number;
}

/**
 * The roll rate of a bucket (what of it has moved into the next one by the next close) drifts from its own history, by control charts. While there
 * is too little history the rule is absolute: the roll rate is `enter` away from that of the period before.
 */
export interface RollRateDrift extends ShiftRule {
  readonly type: 'roll-rate-drift';
  readonly scheme: string;
  readonly assessed: AssessedPart;
  /** The bucket rolled from; `null` = every bucket but the last, each with an alert of its own. */
  readonly bucket: string | null;
}

/** The allowance moved by the fraction `enter` of what it was, and by the floor in currency, in either direction. */
export interface AllowanceJump extends ShiftRule {
  readonly type: 'allowance-jump';
  readonly assessed: AssessedPart;
  readonly materialityAmount: MoneyFloor | null;
}

/** How much of the book its largest debtors owe: the first, the first `count`, or the Herfindahl-Hirschman index, the sum of squared shares. */
export const CONCENTRATION_MEASURES = ['largest-debtor', 'top-debtors', 'hhi'] as const;
export type ConcentrationMeasure = (typeof CONCENTRATION_MEASURES)[number];

/** The book's concentration stands at `enter` or above; the base says what it came from. */
export interface ConcentrationLevel extends ShiftRule {
  readonly type: 'concentration';
  readonly measure: ConcentrationMeasure;
  /** Of `top-debtors`. */
  readonly count: number;
}

/** Rules on the figures of a close. */
export type CloseRuleDefinition =
  AgeingShareShift | CoverageShift | LossRateShift | AgeingMixShift | RollRateDrift | AllowanceJump | ConcentrationLevel;

export type RuleDefinition = CloseRuleDefinition | SignalDefinition;

/** PSI of 0.10: a moderate shift by the convention of Lewis, An Introduction to Credit Scoring (1994). */
export const MIX_SHIFT_ENTER_DEFAULT = '0.10';
/** At most one false alert in 100 years of a book, with a margin for what the approximation leaves out. */
export const MIX_SHIFT_CONFIDENCE_DEFAULT = '0.995';
export const MINIMUM_DEBTORS_DEFAULT = 10;
/** Closes name so many of the largest debtors. */
export const LARGEST_DEBTORS = 10;

/** Share of the allowance below which a change of a loss rate does not matter, unless the rule says otherwise. */
export const MATERIALITY_DEFAULT = '0.01';

/** What tells one alert of a rule from another, e.g. `{kind, segment, bucket}`. */
export type AlertLabels = Readonly<Record<string, string>>;

/** The labels in one canonical text, equal for equal labels. */
export function labelsKey(labels: AlertLabels): string {
  const entries = Object.entries(labels).sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));
  return JSON.stringify(entries);
}
