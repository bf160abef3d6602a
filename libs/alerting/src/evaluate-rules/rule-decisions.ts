import { Inject, Injectable } from '@nestjs/common';
import type { AlertLabels, AlertSeverity, Evaluation, ResolutionReason, RuleSettings, VanishedEvaluation } from '@app/credit-domain';
import { decideAlert, initialAlertState, isMeasured, labelsKey, Ratio, SETTINGS_BEFORE } from '@app/credit-domain';
import type { EventContext, Tx } from '@app/event-store';
import { CLOCK, type Clock } from '@app/platform';
import type { AppendPlan } from '../append-plan';
import type { EpisodeSession } from '../episodes/episode-session';
import { Episodes } from '../episodes/episodes';
import { resultOf, type EvaluationResult } from './evaluation-table';
import { isMissingAlert, missingFigures } from './missing-figures';
import { writeClosing, writeTransition, type TransitionSubject } from './write-transition';

/** What decides: a rule of the tenant, or a check of the system's own. Settings left out are those of rules from before there were any. */
export interface DecidingRule extends Partial<RuleSettings> {
  readonly id: string;
  readonly version: number;
  readonly name: string;
  readonly severity: AlertSeverity;
  readonly channels: readonly string[];
  /** `enter` is what a worse figure is measured by, where there is one. */
  readonly definition: { readonly type: string; readonly enter?: string };
}

/** The period the evaluations are of. */
export interface EvaluatedPeriod {
  readonly asOf: string;
  /** Whether the rule could be measured at all: then an open alert which is no longer spoken of has nothing left. Default: some evaluation was. */
  readonly isMeasurable: boolean;
}

/** The one way from evaluations to alerts: for rules on closes, for rules on the day's figures and for the system's own checks alike. */
@Injectable()
export class RuleDecisions {
  constructor(
    private readonly episodes: Episodes,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Applies all evaluations of a rule on one period to its episodes, and writes the transitions into the plan; whom they are told to is decided
   * once the plan is complete, together with what other rules decided in it. Inside `AlertingLog.decide`: one decision of a tenant at a time.
   * The same period with the same figures decides nothing a second time. Answers what became of each evaluation.
   */
  async decide(
    tx: Tx,
    plan: AppendPlan,
    context: EventContext,
    rule: DecidingRule,
    evaluations: readonly Evaluation[],
    period?: EvaluatedPeriod,
  ): Promise<EvaluationResult[]> {
    const session = await this.episodes.session(tx, plan, context);
    await session.ofRule(tx, rule.id);
    const asked = rule.noData === 'alert' ? [...evaluations, ...missingFigures(evaluations)] : evaluations;
    const results: EvaluationResult[] = [];
    for (const evaluation of asked) results.push(await this.#decideOne(tx, plan, session, rule, evaluation));
    const asOf = period?.asOf ?? evaluations[0]?.asOf;
    const isMeasurable = period?.isMeasurable ?? evaluations.some(isMeasured);
    if (asOf !== undefined && isMeasurable) await this.#vanish(tx, plan, session, rule, asOf, asked);
    return results;
  }

  /** Ends every alert of a rule that is about to become another, or none: nobody is left with an alert that no rule stands behind. */
  async closeAll(
    tx: Tx,
    plan: AppendPlan,
    context: EventContext,
    ruleId: string,
    reason: Extract<ResolutionReason, 'rule-changed' | 'rule-retired'>,
  ): Promise<void> {
    const session = await this.episodes.session(tx, plan, context);
    for (const episode of await session.ofRule(tx, ruleId)) writeClosing(plan, session, episode, reason, this.clock.now());
  }

  async #decideOne(
    tx: Tx,
    plan: AppendPlan,
    session: EpisodeSession,
    rule: DecidingRule,
    evaluation: Evaluation,
  ): Promise<EvaluationResult> {
    const { settings } = countingOf(rule, evaluation.labels);
    const state = session.latest(rule.id, evaluation.labels)?.state ?? initialAlertState;
    const decision = decideAlert(state, evaluation, settings);
    const subject: TransitionSubject = { rule, evaluation, labels: evaluation.labels };
    for (const transition of decision.transitions) await writeTransition(tx, plan, session, subject, transition, this.clock.now());
    return resultOf(evaluation, decision.decision);
  }

  /** Alerts that no evaluation of a measurable period speaks of: nothing is left there, or what was missing is there again. */
  async #vanish(
    tx: Tx,
    plan: AppendPlan,
    session: EpisodeSession,
    rule: DecidingRule,
    asOf: string,
    evaluations: readonly Evaluation[],
  ): Promise<void> {
    const spoken = new Set(evaluations.map(({ labels }) => labelsKey(labels)));
    for (const { labels, state } of await session.ofRule(tx, rule.id)) {
      const isLive = state.isOpen || state.periods.length > 0;
      if (!isLive || spoken.has(labelsKey(labels))) continue;
      const vanished: VanishedEvaluation = { asOf, reason: isMissingAlert(labels) ? 'cleared' : 'nothing-left' };
      const { transitions } = decideAlert(state, vanished, countingOf(rule, labels).settings);
      for (const transition of transitions) {
        await writeTransition(tx, plan, session, { rule, evaluation: null, labels }, transition, this.clock.now());
      }
    }
  }
}

/** What counts for an alert of a rule. Figures that are there again need no second period to be believed. */
function countingOf(rule: DecidingRule, labels: AlertLabels): { settings: Parameters<typeof decideAlert>[2] } {
  const { forPeriods, recoverPeriods, worsenBy } = { ...SETTINGS_BEFORE, ...definedOf(rule) };
  const { enter } = rule.definition;
  const isMissing = isMissingAlert(labels);
  return {
    settings: {
      forPeriods,
      recoverPeriods: isMissing ? 1 : recoverPeriods,
      worsenBy,
      enter: enter === undefined || isMissing ? null : Ratio.parse(enter),
    },
  };
}

function definedOf({ forPeriods, recoverPeriods, worsenBy }: DecidingRule): Partial<RuleSettings> {
  return {
    ...(forPeriods !== undefined && { forPeriods }),
    ...(recoverPeriods !== undefined && { recoverPeriods }),
    ...(worsenBy !== undefined && { worsenBy }),
  };
}
