import type { AlertSeverity, ToldAlert } from '@app/credit-domain';
import { ALERT_SEVERITIES } from '@app/credit-domain';
import type { Episode } from '../episodes/episode';
import { evaluationOf } from '../episodes/figures';

/** An episode as a message speaks of it. */
export function toldAlert(episode: Episode): ToldAlert {
  const { alertId, ruleName, severity, resolution } = episode;
  const { subject, cause, movement, asOf, baseAsOf, bridges } = evaluationOf(episode, episode.figures);
  return { alertId, name: ruleName, severity, resolved: resolution, subject, cause, movement, asOf, baseAsOf, bridges };
}

/** The one the message is about first: of the rule that opened the group, then the gravest, then the largest. */
export function headFirst(episodes: readonly Episode[], ruleId: string): Episode[] {
  return [...episodes].sort(
    (left, right) =>
      Number(right.ruleId === ruleId) - Number(left.ruleId === ruleId) ||
      ALERT_SEVERITIES.indexOf(right.severity) - ALERT_SEVERITIES.indexOf(left.severity) ||
      sizeOf(right) - sizeOf(left) ||
      (left.alertId < right.alertId ? -1 : 1),
  );
}

export function gravest(episodes: readonly Episode[]): AlertSeverity {
  const rank = Math.max(0, ...episodes.map(({ severity }) => ALERT_SEVERITIES.indexOf(severity)));
  return ALERT_SEVERITIES[rank] ?? 'info';
}

/** For the order of a list only, never for a decision. */
function sizeOf({ figures }: Episode): number {
  return Math.abs(Number(figures.change ?? figures.after));
}
