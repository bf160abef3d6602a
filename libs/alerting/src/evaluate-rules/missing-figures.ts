import type { AlertLabels, Evaluation, MeasuredEvaluation } from '@app/credit-domain';
import { isMeasured, Ratio, standing } from '@app/credit-domain';

const MISSING = 'missing';

/** Whether the labels are of an alert about figures that cannot be had. */
export function isMissingAlert(labels: AlertLabels): boolean {
  return labels[MISSING] !== undefined;
}

/** What a rule that alerts on missing figures says of a period: one breach for each thing it could not measure, in words of its own. */
export function missingFigures(evaluations: readonly Evaluation[]): MeasuredEvaluation[] {
  return evaluations.flatMap((evaluation): MeasuredEvaluation[] => {
    if (isMeasured(evaluation)) return [];
    const { labels, asOf, baseAsOf, reason } = evaluation;
    return [
      {
        labels: { ...labels, [MISSING]: 'figures' },
        asOf,
        baseAsOf,
        reason: 'at-or-above-enter',
        movement: standing(Ratio.ONE, 'count'),
        subject: 'Periods without figures',
        cause: `The rule could not be measured at ${asOf}: ${reason.replaceAll('-', ' ')}`,
        inputs: { reason },
        bridges: [],
        part: null,
      },
    ];
  });
}
