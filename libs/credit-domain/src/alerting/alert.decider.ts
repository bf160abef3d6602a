import type { Evaluation } from './evaluation';
import { isMeasured, outcomeOf } from './evaluation';

/** Why an open alert was closed. `rule-changed` and `rule-retired` say nothing about the book. */
export const RESOLUTION_REASONS = ['below-exit', 'immaterial', 'nothing-left', 'cleared', 'rule-changed', 'rule-retired'] as const;
export type ResolutionReason = (typeof RESOLUTION_REASONS)[number];

/**
 * Everything told so far about one rule and one set of labels. An episode runs from a firing to its resolution; there is at most one open.
 * `decidedThrough` is the as-of date of the last transition: closes before it are history and never decide anything again.
 */
export type AlertState =
  | { readonly status: 'quiet'; readonly episodes: number; readonly decidedThrough: string | null }
  | { readonly status: 'firing'; readonly episodes: number; readonly decidedThrough: string; readonly ruleVersion: number };

export const initialAlertState: AlertState = { status: 'quiet', episodes: 0, decidedThrough: null };

export type AlertTransition =
  { readonly type: 'fired'; readonly asOf: string; readonly ruleVersion: number } | { readonly type: 'resolved'; readonly asOf: string };

export function evolveAlert(state: AlertState, transition: AlertTransition): AlertState {
  if (transition.type === 'fired') {
    return { status: 'firing', episodes: state.episodes + 1, decidedThrough: transition.asOf, ruleVersion: transition.ruleVersion };
  }
  return { status: 'quiet', episodes: state.episodes, decidedThrough: transition.asOf };
}

/** What an evaluation does to an episode, and why. In order of precedence. */
export type AlertDecision =
  /** A later close has decided already. */
  | { readonly decision: 'superseded' }
  /** Nothing can be said about the close: an open alert stays open, none fires. */
  | { readonly decision: 'no-data' }
  | { readonly decision: 'fire'; readonly episode: number }
  | { readonly decision: 'already-firing' }
  | { readonly decision: 'resolve'; readonly reason: ResolutionReason }
  | { readonly decision: 'stay-firing' }
  | { readonly decision: 'stay-quiet' };

/** Decides one evaluation. The same close with the same figures decides nothing a second time. */
export function decideAlert(state: AlertState, evaluation: Evaluation): AlertDecision {
  if (state.decidedThrough !== null && evaluation.asOf < state.decidedThrough) return { decision: 'superseded' };
  if (!isMeasured(evaluation)) return { decision: 'no-data' };
  const isFiring = state.status === 'firing';
  switch (outcomeOf(evaluation.reason)) {
    case 'no-data':
      return { decision: 'no-data' };
    case 'breach':
      return isFiring ? { decision: 'already-firing' } : { decision: 'fire', episode: state.episodes + 1 };
    case 'clear':
      return isFiring
        ? { decision: 'resolve', reason: evaluation.reason === 'immaterial' ? 'immaterial' : 'below-exit' }
        : { decision: 'stay-quiet' };
    case 'hold':
      return isFiring ? { decision: 'stay-firing' } : { decision: 'stay-quiet' };
  }
}
