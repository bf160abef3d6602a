import { Injectable } from '@nestjs/common';
import type { AlertSeverity, MeasuredEvaluation } from '@app/credit-domain';
import { Ratio, standing } from '@app/credit-domain';
import type { EventContext, Tx } from '@app/event-store';
import type { AppendPlan } from '../append-plan';
import { RuleDecisions, type DecidingRule } from '../evaluate-rules/rule-decisions';
import { systemRuleIdOf } from '../ids';

/** Something that is wrong with the system itself and has to be told like an alert, e.g. a channel that fails. */
export interface SystemAlert {
  /** What finds it, e.g. `channel-failing`: the type of the check. */
  readonly source: string;
  /** Tells one from another, e.g. `{channelId}`. */
  readonly labels: Readonly<Record<string, string>>;
  readonly severity: AlertSeverity;
  /** What the check is called, e.g. `Channel failing`. */
  readonly name: string;
  /** What it is about, e.g. `Channel finance`. */
  readonly subject: string;
  /** One sentence: what is wrong. */
  readonly cause: string;
  /** Channels that are told; the one that fails is not among them. */
  readonly channels: readonly string[];
}

/** Raises and resolves alerts of the system's own checks, through the same episodes and the same pipeline as every other. */
@Injectable()
export class SystemAlerts {
  constructor(private readonly decisions: RuleDecisions) {}

  /** Inside `AlertingLog.decide`. Raising what is raised already changes nothing. `asOf`: the business date. */
  async raise(tx: Tx, plan: AppendPlan, context: EventContext, alert: SystemAlert, asOf: string): Promise<void> {
    const evaluation = systemEvaluation(alert, asOf, 'at-or-above-enter');
    await this.decisions.decide(tx, plan, context, systemRule(context.tenantId, alert), [evaluation], { asOf, isMeasurable: false });
  }

  /** Inside `AlertingLog.decide`. Resolving what is not raised changes nothing. */
  async resolve(tx: Tx, plan: AppendPlan, context: EventContext, alert: SystemAlert, asOf: string): Promise<void> {
    const evaluation = systemEvaluation(alert, asOf, 'below-exit');
    await this.decisions.decide(tx, plan, context, systemRule(context.tenantId, alert), [evaluation], { asOf, isMeasurable: false });
  }
}

function systemRule(tenantId: number, { source, name, severity, channels }: SystemAlert): DecidingRule {
  return {
    id: systemRuleIdOf(tenantId, source),
    version: 1,
    name,
    severity,
    channels,
    definition: { type: source },
    forPeriods: 1,
    recoverPeriods: 1,
  };
}

function systemEvaluation({ labels, subject, cause }: SystemAlert, asOf: string, reason: MeasuredEvaluation['reason']): MeasuredEvaluation {
  const movement = standing(reason === 'below-exit' ? Ratio.ZERO : Ratio.ONE, 'count');
  return { labels, asOf, baseAsOf: null, reason, movement, subject, cause, inputs: {}, bridges: [], part: null };
}
