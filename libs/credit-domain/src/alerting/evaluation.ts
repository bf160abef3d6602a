import { Ratio } from '../values/ratio';
import type { AlertLabels, AssessedPart, CloseRuleDefinition } from './rule-definition';

/**
 * Why an evaluation came out as it did. Ordered by precedence: the first that applies is the reason.
 *
 * Nothing can be said, so an open alert stays open and none fires: `evaluation-failed` (the rule broke down over the figures), `no-base`, `no-snapshot` (the close holds no ageing by the rule's scheme),
 * `no-provision` (no allowance computed for the close or its base), `currency-differs`, `nothing-owed` (no gross to take a share of),
 * `debtors-not-counted` (closes from before they counted debtors), `too-few-debtors`, `dates-do-not-fit` (the time between two closes is not a
 * bucket's width, so what rolled is not known), `too-little-history` (control charts need more periods; the absolute rule speaks instead).
 * Of the day's figures: `never-fed` (a feed that never came has no age), `fx-rate-missing`, `segment-empty` (no debtor of the rule's segment is on
 * the books), `not-readable` (what was to be checked could not be read).
 * Something can be said: `immaterial`, `within-sampling-noise` (as large as asked for, but chance would do it in a book of so few debtors),
 * `at-or-above-enter`, `below-exit`, `between-exit-and-enter`.
 */
export type EvaluationReason =
  | 'evaluation-failed'
  | 'no-base'
  | 'no-snapshot'
  | 'no-provision'
  | 'currency-differs'
  | 'nothing-owed'
  | 'debtors-not-counted'
  | 'too-few-debtors'
  | 'dates-do-not-fit'
  | 'too-little-history'
  | 'never-fed'
  | 'fx-rate-missing'
  | 'segment-empty'
  | 'not-readable'
  | 'immaterial'
  | 'within-sampling-noise'
  | 'at-or-above-enter'
  | 'below-exit'
  | 'between-exit-and-enter';

export type EvaluationOutcome = 'breach' | 'hold' | 'clear' | 'no-data' | 'error';

const OUTCOMES: Readonly<Record<EvaluationReason, EvaluationOutcome>> = {
  'evaluation-failed': 'error',
  'no-base': 'no-data',
  'no-snapshot': 'no-data',
  'no-provision': 'no-data',
  'currency-differs': 'no-data',
  'nothing-owed': 'no-data',
  'debtors-not-counted': 'no-data',
  'too-few-debtors': 'no-data',
  'dates-do-not-fit': 'no-data',
  'too-little-history': 'no-data',
  'never-fed': 'no-data',
  'fx-rate-missing': 'no-data',
  'segment-empty': 'no-data',
  'not-readable': 'error',
  immaterial: 'clear',
  'within-sampling-noise': 'clear',
  'at-or-above-enter': 'breach',
  'below-exit': 'clear',
  'between-exit-and-enter': 'hold',
};

export function outcomeOf(reason: EvaluationReason): EvaluationOutcome {
  return OUTCOMES[reason];
}

/** JSON without numbers but integers, as events carry it. */
export type EvaluationInputs = { readonly [key: string]: EvaluationInput };
export type EvaluationInput = string | number | boolean | null | readonly EvaluationInput[] | EvaluationInputs;

/**
 * What a figure is counted in. `fraction`: a share or rate of one; `minor-units`: money of the evaluation's currency; `days`, `count`: whole
 * numbers; `index`: a statistic without a unit (PSI, a control chart's distance in standard deviations).
 */
export const FIGURE_UNITS = ['fraction', 'minor-units', 'days', 'count', 'index'] as const;
export type FigureUnit = (typeof FIGURE_UNITS)[number];

/** A figure as a rule found it, exact. `before` and `change` are null where nothing is compared: a feed is late, a limit is exceeded. */
export interface Figure {
  readonly unit: FigureUnit;
  readonly before: Ratio | null;
  readonly after: Ratio;
  readonly change: Ratio | null;
}

/** A figure that moved, from what to what. */
export interface FigureShift extends Figure {
  readonly before: Ratio;
  readonly change: Ratio;
}

/** Why a figure is what it is: legs that lead from the opening to the closing figure and add up exactly. */
export interface FigureBridge {
  /** What is bridged, e.g. `Gross older than 36 months, share`. */
  readonly subject: string;
  readonly unit: FigureUnit;
  /** Of `minor-units`; null otherwise. */
  readonly currency: string | null;
  readonly opening: Ratio;
  readonly legs: readonly { readonly cause: string; readonly amount: Ratio }[];
  readonly closing: Ratio;
}

/** @throws when the legs do not lead from the opening to the closing figure: a message never explains a part. */
export function figureBridge(bridge: FigureBridge): FigureBridge {
  const reached = Ratio.sum([bridge.opening, ...bridge.legs.map(({ amount }) => amount)]);
  if (reached.compare(bridge.closing) !== 0) {
    throw new Error(`The bridge of ${bridge.subject} reaches ${reached.toDecimal()} instead of ${bridge.closing.toDecimal()}.`);
  }
  return bridge;
}

/** The part of the book a figure is taken over: its largest debtors are named with it. null = no restriction. */
export interface BookPart {
  readonly kinds: readonly string[] | null;
  readonly segment: string | null;
  readonly assessed: AssessedPart;
  /** The buckets of the scheme that hold what the figure speaks about. */
  readonly aged: { readonly scheme: string; readonly buckets: readonly string[] } | null;
}

/** One rule on one close: measured, with the reason of its outcome and the sentence that explains it. */
export interface MeasuredEvaluation {
  readonly labels: AlertLabels;
  readonly asOf: string;
  /** null where nothing is compared. */
  readonly baseAsOf: string | null;
  readonly reason: Extract<
    EvaluationReason,
    'immaterial' | 'within-sampling-noise' | 'at-or-above-enter' | 'below-exit' | 'between-exit-and-enter'
  >;
  readonly movement: Figure;
  /** What the figure is, e.g. `Gross older than 36 months`. */
  readonly subject: string;
  /** One line: what moved, from what to what, and why. */
  readonly cause: string;
  /** Every figure the outcome depends on. */
  readonly inputs: EvaluationInputs;
  /** Why it is what it is; empty where there is nothing to add up. */
  readonly bridges: readonly FigureBridge[];
  /** Where its largest debtors are found; null when it is not about balances. */
  readonly part: BookPart | null;
}

/** One rule on one close: not measured, for a named reason. */
export interface UnmeasuredEvaluation {
  readonly labels: AlertLabels;
  readonly asOf: string;
  readonly baseAsOf: string | null;
  readonly reason: Exclude<EvaluationReason, MeasuredEvaluation['reason']>;
}

export type Evaluation = MeasuredEvaluation | UnmeasuredEvaluation;

export function isMeasured(evaluation: Evaluation): evaluation is MeasuredEvaluation {
  return 'movement' in evaluation;
}

export function movementOf(before: Ratio, after: Ratio, unit: FigureUnit = 'fraction'): FigureShift {
  return { unit, before, after, change: after.minus(before) };
}

/** A figure that is compared with a limit and with nothing else. */
export function standing(after: Ratio, unit: FigureUnit): Figure {
  return { unit, before: null, after, change: null };
}

/** Where a size stands between the two thresholds; equal to a threshold counts as reached. */
export function reasonByThresholds(size: Ratio, enter: Ratio, exit: Ratio): MeasuredEvaluation['reason'] {
  if (size.compare(enter) >= 0) return 'at-or-above-enter';
  return size.compare(exit) < 0 ? 'below-exit' : 'between-exit-and-enter';
}

/** The labels every alert of a rule carries: its scope, where it has one. */
export function scopeLabels(definition: CloseRuleDefinition): AlertLabels {
  return {
    ...(definition.kinds !== null && { kinds: [...definition.kinds].sort().join(',') }),
    ...(definition.segment !== null && { segment: definition.segment }),
    ...('assessed' in definition && definition.assessed !== 'all' && { assessed: definition.assessed }),
  };
}
