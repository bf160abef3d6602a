import { Ratio } from '../values/ratio';
import type { Evaluation, MeasuredEvaluation } from './evaluation';
import { isMeasured, outcomeOf } from './evaluation';
import type { RuleSettings } from './pipeline/notification-policy';

/** Why an open alert was closed. `rule-changed` and `rule-retired` say nothing about the book. */
export const RESOLUTION_REASONS = ['below-exit', 'immaterial', 'nothing-left', 'cleared', 'rule-changed', 'rule-retired'] as const;
export type ResolutionReason = (typeof RESOLUTION_REASONS)[number];

/**
 * A period that no longer speaks of an alert, though its rule was measured. `nothing-left`: its bucket, segment or debtor holds nothing any more.
 * `cleared`: what it reported, e.g. that figures were missing, is over.
 */
export interface VanishedEvaluation {
  readonly asOf: string;
  readonly reason: 'nothing-left' | 'cleared';
}

/**
 * Everything decided so far about one rule and one set of labels. An episode runs from its first pending period to its end; there is at most one
 * at a time. What counts is periods, that is as-of dates: deciding the same date again replaces what it counted before.
 */
export interface AlertState {
  /** Fired and not resolved. */
  readonly isOpen: boolean;
  readonly episodes: number;
  /** As-of date of the last transition: dates before it are history and never decide anything again. */
  readonly decidedThrough: string | null;
  /** Periods in a row that breached (closed) or were clear (open). Some of either: pending, recovering. */
  readonly periods: readonly string[];
  /** The same before `decidedThrough` was counted, should that date be decided again. */
  readonly periodsBefore: readonly string[];
  /** What was last told, with its sign, and how far beyond it is worse; null while nothing has fired, or when it cannot be worse. */
  readonly told: Ratio | null;
  readonly worsenStep: Ratio | null;
  /** The figures could not be had when they were last looked for. */
  readonly gap: 'no-data' | 'error' | null;
}

export const initialAlertState: AlertState = {
  isOpen: false,
  episodes: 0,
  decidedThrough: null,
  periods: [],
  periodsBefore: [],
  told: null,
  worsenStep: null,
  gap: null,
};

export type AlertStatus = 'inactive' | 'pending' | 'firing' | 'recovering';

export function statusOf({ isOpen, periods }: AlertState): AlertStatus {
  if (isOpen) return periods.length > 0 ? 'recovering' : 'firing';
  return periods.length > 0 ? 'pending' : 'inactive';
}

export type AlertTransition =
  | { readonly type: 'pending'; readonly asOf: string; readonly periods: readonly string[] }
  | { readonly type: 'stood-down'; readonly asOf: string; readonly periodsBefore: readonly string[]; readonly reason: string }
  | {
      readonly type: 'fired';
      readonly asOf: string;
      readonly periods: readonly string[];
      readonly told: Ratio;
      readonly worsenStep: Ratio | null;
    }
  | { readonly type: 'worsened'; readonly asOf: string; readonly toldBefore: Ratio; readonly told: Ratio }
  | { readonly type: 'recovering'; readonly asOf: string; readonly periods: readonly string[]; readonly reason: string }
  | { readonly type: 'refired'; readonly asOf: string; readonly periodsBefore: readonly string[]; readonly reason: string }
  | { readonly type: 'resolved'; readonly asOf: string; readonly reason: ResolutionReason }
  | { readonly type: 'no-data'; readonly asOf: string; readonly state: 'no-data' | 'error'; readonly reason: string }
  | { readonly type: 'measured'; readonly asOf: string; readonly reason: string };

export function evolveAlert(state: AlertState, transition: AlertTransition): AlertState {
  const { asOf } = transition;
  const next = { ...state, decidedThrough: asOf };
  switch (transition.type) {
    case 'pending': {
      const episodes = statusOf(state) === 'pending' ? state.episodes : state.episodes + 1;
      return { ...next, episodes, periods: transition.periods, periodsBefore: without(transition.periods, asOf) };
    }
    case 'stood-down':
      return { ...next, periods: [], periodsBefore: transition.periodsBefore };
    case 'fired': {
      const episodes = statusOf(state) === 'pending' ? state.episodes : state.episodes + 1;
      const { told, worsenStep } = transition;
      return { ...next, isOpen: true, episodes, periods: [], periodsBefore: [], told, worsenStep, gap: null };
    }
    case 'worsened':
      return { ...next, told: transition.told };
    case 'recovering':
      return { ...next, periods: transition.periods, periodsBefore: without(transition.periods, asOf) };
    case 'refired':
      return { ...next, periods: [], periodsBefore: transition.periodsBefore };
    case 'resolved':
      return { ...next, isOpen: false, periods: [], periodsBefore: [], told: null, worsenStep: null, gap: null };
    case 'no-data': {
      const periods = countedBefore(state, asOf);
      return { ...next, periods, periodsBefore: periods, gap: transition.state };
    }
    case 'measured':
      return { ...next, periodsBefore: countedBefore(state, asOf), gap: null };
  }
}

/** What an evaluation does to an episode, by name. In order of precedence. */
export type AlertDecisionName =
  /** A later date has decided already. */
  | 'superseded'
  /** Nothing can be said: an open alert stays open, none fires, nothing counts. */
  | 'no-data'
  | 'error'
  | 'pending'
  | 'fire'
  | 'worsened'
  | 'back'
  | 'already-firing'
  | 'recovering'
  | 'resolve'
  | 'stay-firing'
  | 'stood-down'
  | 'stay-quiet';

export interface AlertDecision {
  readonly decision: AlertDecisionName;
  readonly transitions: readonly AlertTransition[];
}

/** What of a rule counts: its settings, and its entry threshold where it has one. */
export type DecidingSettings = Pick<RuleSettings, 'forPeriods' | 'recoverPeriods' | 'worsenBy'> & { readonly enter: Ratio | null };

/** Decides one evaluation. The same date with the same figures decides nothing a second time. */
export function decideAlert(state: AlertState, evaluation: Evaluation | VanishedEvaluation, settings: DecidingSettings): AlertDecision {
  const { asOf, reason } = evaluation;
  if (state.decidedThrough !== null && asOf < state.decidedThrough) return { decision: 'superseded', transitions: [] };
  if (!('labels' in evaluation)) return decideClear(state, asOf, evaluation.reason, settings);
  const outcome = outcomeOf(evaluation.reason);
  if (outcome === 'no-data' || outcome === 'error' || !isMeasured(evaluation)) {
    const gap = outcome === 'error' ? 'error' : 'no-data';
    const isNews = state.isOpen && state.gap !== gap;
    return { decision: gap, transitions: isNews ? [{ type: 'no-data', asOf, state: gap, reason }] : [] };
  }
  switch (outcome) {
    case 'breach':
      return state.isOpen ? decideStanding(state, evaluation, true) : decideBreach(state, evaluation, settings);
    case 'hold':
      return state.isOpen ? decideStanding(state, evaluation, false) : standDown(state, asOf, reason);
    case 'clear':
      return decideClear(state, asOf, evaluation.reason, settings);
  }
}

/** Closed and breached: it counts, and fires when enough have. */
function decideBreach(state: AlertState, evaluation: MeasuredEvaluation, settings: DecidingSettings): AlertDecision {
  const { asOf } = evaluation;
  const periods = [...countedBefore(state, asOf), asOf];
  if (periods.length < settings.forPeriods) {
    return { decision: 'pending', transitions: sameDates(periods, state.periods) ? [] : [{ type: 'pending', asOf, periods }] };
  }
  const told = toldSize(evaluation);
  return { decision: 'fire', transitions: [{ type: 'fired', asOf, periods, told, worsenStep: stepOf(told, settings) }] };
}

/** Closed and not breached: what was pending is over. */
function standDown(state: AlertState, asOf: string, reason: string): AlertDecision {
  if (state.periods.length === 0) return { decision: 'stay-quiet', transitions: [] };
  const periodsBefore = countedBefore(state, asOf);
  return { decision: 'stood-down', transitions: [{ type: 'stood-down', asOf, periodsBefore, reason }] };
}

/** Open, and breached or between the thresholds: it stands, perhaps worse. */
function decideStanding(state: AlertState, evaluation: MeasuredEvaluation, isBreach: boolean): AlertDecision {
  const { asOf, reason } = evaluation;
  const transitions: AlertTransition[] = [];
  if (state.gap !== null) transitions.push({ type: 'measured', asOf, reason });
  const isBack = state.periods.length > 0;
  if (isBack) transitions.push({ type: 'refired', asOf, periodsBefore: countedBefore(state, asOf), reason });
  const told = toldSize(evaluation);
  if (isBreach && state.told !== null && isWorse(state.told, told, state.worsenStep)) {
    transitions.push({ type: 'worsened', asOf, toldBefore: state.told, told });
    return { decision: 'worsened', transitions };
  }
  if (isBack) return { decision: 'back', transitions };
  return { decision: isBreach ? 'already-firing' : 'stay-firing', transitions };
}

/** Below the exit, immaterial or gone: an open alert recovers, and resolves when enough periods were. */
function decideClear(
  state: AlertState,
  asOf: string,
  reason: MeasuredEvaluation['reason'] | VanishedEvaluation['reason'],
  { recoverPeriods }: DecidingSettings,
): AlertDecision {
  if (!state.isOpen) return standDown(state, asOf, reason);
  const transitions: AlertTransition[] = state.gap === null || isVanished(reason) ? [] : [{ type: 'measured', asOf, reason }];
  const periods = [...countedBefore(state, asOf), asOf];
  if (periods.length >= recoverPeriods) {
    const resolution = reason === 'immaterial' || isVanished(reason) ? reason : 'below-exit';
    return { decision: 'resolve', transitions: [...transitions, { type: 'resolved', asOf, reason: resolution }] };
  }
  if (!sameDates(periods, state.periods)) transitions.push({ type: 'recovering', asOf, periods, reason });
  return { decision: 'recovering', transitions };
}

function isVanished(reason: string): reason is VanishedEvaluation['reason'] {
  return reason === 'nothing-left' || reason === 'cleared';
}

/** What a rule measures itself by: the change where something is compared, the figure where not. Signed. */
function toldSize({ movement }: MeasuredEvaluation): Ratio {
  return movement.change ?? movement.after;
}

function stepOf(told: Ratio, { worsenBy, enter }: DecidingSettings): Ratio | null {
  const step = Ratio.parse(worsenBy).times((enter ?? told).absolute());
  return step.isZero() ? null : step;
}

/** Further the way it was told, or as far the other way: a book that fell where it had risen is another piece of news. */
function isWorse(told: Ratio, now: Ratio, step: Ratio | null): boolean {
  if (step === null) return false;
  if (!told.isZero() && !now.isZero() && told.isNegative() !== now.isNegative()) return true;
  const further = told.isNegative() ? told.minus(now) : now.minus(told);
  return further.compare(step) >= 0;
}

function countedBefore(state: AlertState, asOf: string): readonly string[] {
  return state.decidedThrough === asOf ? state.periodsBefore : state.periods;
}

function without(periods: readonly string[], asOf: string): readonly string[] {
  return periods.filter((period) => period !== asOf);
}

function sameDates(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((date, index) => date === right[index]);
}
