import type { AlertLabels, AlertTransition, Evaluation, GroupingAlert, MeasuredEvaluation, ResolutionReason } from '@app/credit-domain';
import { groupKey, groupOfMix, isMeasured, isMovedByMix } from '@app/credit-domain';
import type { NewEvent, Tx } from '@app/event-store';
import type { AppendPlan } from '../append-plan';
import { newEvent } from '../event-data';
import type { Episode } from '../episodes/episode';
import type { EpisodeSession } from '../episodes/episode-session';
import { figuresOf } from '../episodes/figures';
import { ALERT, type AlertFiguresData } from '../events';
import { alertIdOf, groupIdOf } from '../ids';
import type { DecidingRule } from './rule-decisions';

/** What a transition is of. `evaluation` null: the period no longer speaks of the labels. */
export interface TransitionSubject {
  readonly rule: DecidingRule;
  readonly evaluation: Evaluation | null;
  readonly labels: AlertLabels;
}

/** Writes one transition as the event it is, with its inputs and the rule's version. */
export async function writeTransition(
  tx: Tx,
  plan: AppendPlan,
  session: EpisodeSession,
  subject: TransitionSubject,
  transition: AlertTransition,
  now: Date,
): Promise<void> {
  const current = session.latest(subject.rule.id, subject.labels);
  const append = (alertId: string, event: NewEvent): void => {
    session.append(plan, ALERT, alertId, event, now);
  };
  if (transition.type === 'pending' || transition.type === 'fired') {
    const { alertId, episode } = episodeOf(session.tenantId, subject, current);
    const begun = beginningOf(subject, { alertId, episode, periods: transition.periods });
    if (transition.type === 'pending') {
      append(alertId, newEvent('AlertPending', transition.asOf, begun));
      return;
    }
    const groupId = await groupFor(tx, session, subject, transition.asOf);
    const { channels } = subject.rule;
    const fired = {
      ...begun,
      groupId,
      worsenStep: transition.worsenStep?.toDecimal() ?? null,
      channels: [...new Set(channels)],
      notified: [],
    };
    append(alertId, newEvent('AlertFired', transition.asOf, fired));
    return;
  }
  if (current === undefined) throw new Error(`A ${transition.type} alert of rule ${subject.rule.id} has no episode.`);
  append(current.alertId, eventOf(current.alertId, subject, transition));
}

/** Ends what is live of an episode because its rule is no more: pending ones stand down, open ones are resolved and told as such. */
export function writeClosing(
  plan: AppendPlan,
  session: EpisodeSession,
  { alertId, state, asOf: lastAsOf }: Episode,
  reason: Extract<ResolutionReason, 'rule-changed' | 'rule-retired'>,
  now: Date,
): void {
  const asOf = state.decidedThrough ?? lastAsOf;
  if (state.isOpen) {
    const event = newEvent('AlertResolved', asOf, { alertId, reason, asOf, figures: null, notified: [] });
    session.append(plan, ALERT, alertId, event, now);
  } else if (state.periods.length > 0) {
    session.append(plan, ALERT, alertId, newEvent('AlertStoodDown', asOf, { alertId, asOf, reason, periodsBefore: [] }), now);
  }
}

type LaterTransition = Exclude<AlertTransition, { readonly type: 'pending' | 'fired' }>;

function eventOf(alertId: string, { evaluation }: TransitionSubject, transition: LaterTransition): NewEvent {
  const { asOf } = transition;
  const figures = evaluation !== null && isMeasured(evaluation) ? figuresOf(evaluation) : null;
  switch (transition.type) {
    case 'stood-down':
      return newEvent('AlertStoodDown', asOf, {
        alertId,
        asOf,
        reason: transition.reason,
        periodsBefore: [...transition.periodsBefore],
      });
    case 'recovering':
      return newEvent('AlertRecovering', asOf, { alertId, asOf, reason: transition.reason, periods: [...transition.periods], figures });
    case 'refired':
      return newEvent('AlertRefired', asOf, {
        alertId,
        asOf,
        reason: transition.reason,
        periodsBefore: [...transition.periodsBefore],
        figures,
      });
    case 'worsened':
      return newEvent('AlertWorsened', asOf, { alertId, asOf, toldBefore: transition.toldBefore.toDecimal(), figures: required(figures) });
    case 'no-data':
      return newEvent('AlertNoData', asOf, { alertId, asOf, state: transition.state, reason: transition.reason });
    case 'measured':
      return newEvent('AlertMeasured', asOf, { alertId, asOf, reason: transition.reason });
    case 'resolved':
      return newEvent('AlertResolved', asOf, { alertId, reason: transition.reason, asOf, figures, notified: [] });
  }
}

function required(figures: AlertFiguresData | null): AlertFiguresData {
  if (figures === null) throw new Error('An alert that grew worse has figures.');
  return figures;
}

/** A pending episode goes on; anything else begins the next one. */
function episodeOf(
  tenantId: number,
  { rule, labels }: TransitionSubject,
  current: Episode | undefined,
): { alertId: string; episode: number } {
  const episodes = current?.state.episodes ?? 0;
  if (current?.status === 'pending') return { alertId: current.alertId, episode: episodes };
  const episode = episodes + 1;
  return { alertId: alertIdOf({ tenantId, ruleId: rule.id, labels, episode }), episode };
}

function beginningOf(
  { rule, evaluation, labels }: TransitionSubject,
  { alertId, episode, periods }: { readonly alertId: string; readonly episode: number; readonly periods: readonly string[] },
): Omit<Parameters<typeof newEvent<'AlertPending'>>[2], never> {
  const measured = measuredOf(evaluation);
  return {
    alertId,
    ruleId: rule.id,
    ruleVersion: rule.version,
    ruleName: rule.name,
    ruleType: rule.definition.type,
    severity: rule.severity,
    episode,
    labels: { ...labels },
    asOf: measured.asOf,
    unit: measured.movement.unit,
    subject: measured.subject,
    periods: [...periods],
    ...figuresOf(measured),
  };
}

function measuredOf(evaluation: Evaluation | null): MeasuredEvaluation {
  if (evaluation === null || !isMeasured(evaluation)) throw new Error('Only figures make an alert pending or fire.');
  return evaluation;
}

/** The group an alert is told in: that of the ageing shift which explains it, else that of its rule and period. Read before it is joined. */
async function groupFor(tx: Tx, session: EpisodeSession, { rule, evaluation, labels }: TransitionSubject, asOf: string): Promise<string> {
  const { inputs } = measuredOf(evaluation);
  const alert = { ruleId: rule.id, ruleVersion: rule.version, ruleType: rule.definition.type, labels, asOf, inputs };
  const groupId = (await mixGroupFor(tx, session, alert)) ?? groupIdOf(session.tenantId, groupKey(alert));
  await session.readGroups(tx, { ids: [groupId] });
  return groupId;
}

async function mixGroupFor(tx: Tx, session: EpisodeSession, alert: GroupingAlert): Promise<string | null> {
  if (!isMovedByMix(alert)) return null;
  const open = (await session.inhibitors(tx)).flatMap(({ groupId, ruleType, labels, asOf }) =>
    groupId === null ? [] : [{ groupId, ruleType, labels, asOf }],
  );
  return groupOfMix(alert, open);
}
