import { Injectable } from '@nestjs/common';
import type { AlertSeverity, Evaluation, RuleSettings } from '@app/credit-domain';
import { decideAlert, evolveAlert, isMeasured, labelsKey } from '@app/credit-domain';
import type { EventContext, Tx } from '@app/event-store';
import { alertStateOf } from '../alert';
import { AlertingLog } from '../alerting-log';
import type { AppendPlan } from '../append-plan';
import { tellFired, tellResolved } from '../notify/tell';
import { resultOf, type EvaluationResult } from './evaluation-table';

/** What decides: a rule of the tenant, or a check of the system's own. */
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

/** The one way from evaluations to alerts: for rules on closes and for rules on the day's figures alike. */
@Injectable()
export class RuleDecisions {
  constructor(private readonly log: AlertingLog) {}

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
    _period?: EvaluatedPeriod,
  ): Promise<EvaluationResult[]> {
    const alerts = await this.log.alerts(tx);
    return evaluations.map((evaluation) => {
      const state = alertStateOf(alerts, rule.id, evaluation.labels);
      const decision = decideAlert(state, evaluation);
      const key = labelsKey(evaluation.labels);
      const open = alerts.find(
        (alert) => alert.state === 'firing' && alert.fired.ruleId === rule.id && labelsKey(alert.fired.labels) === key,
      );
      if (isMeasured(evaluation) && decision.decision === 'fire') tellFired(plan, context.tenantId, rule, evaluation, decision.episode);
      if (isMeasured(evaluation) && decision.decision === 'resolve' && open !== undefined) {
        tellResolved(plan, context.tenantId, open, decision.reason, evaluation);
      }
      evolveAlert(state, { type: 'resolved', asOf: evaluation.asOf });
      return resultOf(evaluation, decision);
    });
  }
}
