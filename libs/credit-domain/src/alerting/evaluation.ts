import type { Ratio } from '../values/ratio';
import type { AlertLabels, RuleDefinition } from './rule-definition';

/**
 * Why an evaluation came out as it did. Ordered by precedence: the first that applies is the reason.
 *
 * Nothing can be said, so an open alert stays open and none fires: `no-base`, `no-snapshot` (the close holds no ageing by the rule's scheme),
 * `no-provision` (no allowance computed for the close or its base), `currency-differs`, `nothing-owed` (no gross to take a share of).
 * Something can be said: `immaterial`, `at-or-above-enter`, `below-exit`, `between-exit-and-enter`.
 */
export type EvaluationReason =
  | 'no-base'
  | 'no-snapshot'
  | 'no-provision'
  | 'currency-differs'
  | 'nothing-owed'
  | 'immaterial'
  | 'at-or-above-enter'
  | 'below-exit'
  | 'between-exit-and-enter';

export type EvaluationOutcome = 'breach' | 'hold' | 'clear' | 'no-data';

const OUTCOMES: Readonly<Record<EvaluationReason, EvaluationOutcome>> = {
  'no-base': 'no-data',
  'no-snapshot': 'no-data',
  'no-provision': 'no-data',
  'currency-differs': 'no-data',
  'nothing-owed': 'no-data',
  immaterial: 'clear',
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

/** A figure that moved, from what to what: exact fractions. */
export interface FigureShift {
  readonly before: Ratio;
  readonly after: Ratio;
  readonly change: Ratio;
}

/** One rule on one close: measured, with the reason of its outcome and the sentence that explains it. */
export interface MeasuredEvaluation {
  readonly labels: AlertLabels;
  readonly asOf: string;
  readonly baseAsOf: string;
  readonly reason: Extract<EvaluationReason, 'immaterial' | 'at-or-above-enter' | 'below-exit' | 'between-exit-and-enter'>;
  readonly movement: FigureShift;
  /** What the figure is, e.g. `Gross older than 36 months`. */
  readonly subject: string;
  /** One line: what moved, from what to what, and why. */
  readonly cause: string;
  /** Every figure the outcome depends on. */
  readonly inputs: EvaluationInputs;
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

export function movementOf(before: Ratio, after: Ratio): FigureShift {
  return { before, after, change: after.minus(before) };
}

/** Where a size stands between the two thresholds; equal to a threshold counts as reached. */
export function reasonByThresholds(size: Ratio, enter: Ratio, exit: Ratio): MeasuredEvaluation['reason'] {
  if (size.compare(enter) >= 0) return 'at-or-above-enter';
  return size.compare(exit) < 0 ? 'below-exit' : 'between-exit-and-enter';
}

/** The labels every alert of a rule carries: its scope, where it has one. */
export function scopeLabels(definition: RuleDefinition): AlertLabels {
  return {
    ...(definition.kinds !== null && { kinds: [...definition.kinds].sort().join(',') }),
    ...(definition.segment !== null && { segment: definition.segment }),
    ...(definition.type !== 'loss-rate-shift' && definition.assessed !== 'all' && { assessed: definition.assessed }),
  };
}
