import type { Evaluation, UnmeasuredEvaluation } from '../evaluation';
import type { AlertLabels } from '../rule-definition';

/** What a rule says about a day. */
export interface SignalOutcome {
  readonly evaluations: readonly Evaluation[];
  /** Whether the rule could be measured at all: an open alert that is no longer spoken of then has nothing left. */
  readonly isMeasurable: boolean;
}

/** What there is to know before a rule is evaluated on a day. */
export interface SignalDay {
  /** The business date of the tenant. */
  readonly asOf: string;
  /** Labels of the rule's open alerts: they are spoken of as long as anything is known of them, so that their end says why. */
  readonly open: readonly AlertLabels[];
}

/** The values of one label over the open alerts. */
export function openValues({ open }: SignalDay, label: string): Set<string> {
  return new Set(open.flatMap((labels) => labels[label] ?? []));
}

/** Nothing can be said for a reason, and no alert ends by it. */
export function unmeasurable(asOf: string, labels: AlertLabels, reason: UnmeasuredEvaluation['reason']): SignalOutcome {
  return { evaluations: [{ labels, asOf, baseAsOf: null, reason }], isMeasurable: false };
}
