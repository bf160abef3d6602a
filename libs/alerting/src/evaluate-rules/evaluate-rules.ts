import { Injectable } from '@nestjs/common';
import type { CloseFigures, CloseRuleDefinition, Evaluation } from '@app/credit-domain';
import { closesToDecide, evaluateRule, isMixRule, isSignal, scopeLabels } from '@app/credit-domain';
import type { EventContext, Tx } from '@app/event-store';
import { Logger } from '@app/platform';
import type { AlertRule } from '../alert-rule';
import { AlertingLog } from '../alerting-log';
import type { AppendPlan } from '../append-plan';
import type { RecordedClose } from './close-figures';
import { foldCloses } from './close-figures';
import { evaluatedDates, saveEvaluation } from './evaluation-table';
import { RuleDecisions } from './rule-decisions';
import { SealedRuns } from './sealed-runs';

/** A rule on the figures of a close. */
type CloseRule = AlertRule & { readonly definition: CloseRuleDefinition };

/** Evaluates every active rule of a book on the closes it has to decide, and writes what follows: alerts, their ends, and the messages. */
@Injectable()
export class EvaluateRules {
  constructor(
    private readonly log: AlertingLog,
    private readonly decisions: RuleDecisions,
    private readonly sealedRuns: SealedRuns,
    private readonly logger: Logger,
  ) {}

  async evaluate(context: EventContext): Promise<void> {
    await this.log.decide(context, async (tx, plan) => {
      const rules = (await this.log.rules(tx)).filter(isActiveCloseRule);
      if (rules.length === 0) return;
      const closes = foldCloses(await this.log.closes(tx));
      const sealedRuns = await this.sealedRuns.read(
        tx,
        context.tenantId,
        rules.map(({ definition }) => definition),
      );
      for (const rule of rules.sort(mixFirst)) await this.#evaluateOne(tx, plan, context, { rule, closes, sealedRuns });
    });
  }

  async #evaluateOne(
    tx: Tx,
    plan: AppendPlan,
    context: EventContext,
    { rule, closes, sealedRuns }: { rule: CloseRule; closes: readonly RecordedClose[]; sealedRuns: readonly CloseFigures[] },
  ): Promise<void> {
    const { tenantId } = context;
    const decided = await evaluatedDates(tx, tenantId, rule.id, rule.version);
    const figures = closes.map((close) => close.figures);
    for (const asOf of closesToDecide(closes, { recordedAt: rule.recordedAt, decided })) {
      const close = figures.find((candidate) => candidate.asOf === asOf);
      if (close === undefined) continue;
      const results = await this.decisions.decide(tx, plan, context, rule, this.#evaluationsOf(rule, close, { figures, sealedRuns }));
      await saveEvaluation(tx, { tenantId, ruleId: rule.id, ruleVersion: rule.version, asOf }, results);
    }
  }

  /** A rule that breaks down over some figures says so, and keeps no other from being evaluated. */
  #evaluationsOf(
    rule: CloseRule,
    close: CloseFigures,
    { figures, sealedRuns }: { figures: readonly CloseFigures[]; sealedRuns: readonly CloseFigures[] },
  ): Evaluation[] {
    try {
      return evaluateRule(rule.definition, close, figures, sealedRuns);
    } catch (error) {
      this.logger.error(`Alert rule ${rule.id} broke down over the close of ${close.asOf}.`, error, 'EvaluateRules');
      return [{ labels: scopeLabels(rule.definition), asOf: close.asOf, baseAsOf: null, reason: 'evaluation-failed' }];
    }
  }
}

function isActiveCloseRule(rule: AlertRule): rule is CloseRule {
  return rule.status === 'active' && !isSignal(rule.definition);
}

/** Ageing before coverage: what the mix explains joins the group of the mix, which has to be there. */
function mixFirst(left: CloseRule, right: CloseRule): number {
  return Number(isMixRule(right.definition.type)) - Number(isMixRule(left.definition.type));
}
