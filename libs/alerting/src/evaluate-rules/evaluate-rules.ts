import { Injectable } from '@nestjs/common';
import type { AlertState, CloseFigures, Evaluation } from '@app/credit-domain';
import { closesToDecide, decideAlert, evaluateRule, evolveAlert, isMeasured, labelsKey } from '@app/credit-domain';
import type { EventContext, Tx } from '@app/event-store';
import type { Alert } from '../alert';
import { alertStateOf } from '../alert';
import type { AlertRule } from '../alert-rule';
import { AlertingLog } from '../alerting-log';
import type { AppendPlan } from '../append-plan';
import type { OpenAlert } from '../notify/tell';
import { tellFired, tellResolved } from '../notify/tell';
import type { RecordedClose } from './close-figures';
import { foldCloses } from './close-figures';
import type { EvaluationResult } from './evaluation-table';
import { evaluatedDates, resultOf, saveEvaluation } from './evaluation-table';

/** What is told about one rule and one set of labels, while an evaluation goes from close to close. */
interface Thread {
  state: AlertState;
  open: OpenAlert | null;
}

/** Evaluates every active rule of a book on the closes it has to decide, and writes what follows: alerts, their ends, and the messages. */
@Injectable()
export class EvaluateRules {
  constructor(private readonly log: AlertingLog) {}

  async evaluate(context: EventContext): Promise<void> {
    await this.log.decide(context, async (tx, plan) => {
      const rules = (await this.log.rules(tx)).filter(({ status }) => status === 'active');
      if (rules.length === 0) return;
      const closes = foldCloses(await this.log.closes(tx));
      const alerts = await this.log.alerts(tx);
      for (const rule of rules) await evaluateOne(tx, plan, context.tenantId, { rule, closes, alerts });
    });
  }
}

async function evaluateOne(
  tx: Tx,
  plan: AppendPlan,
  tenantId: number,
  { rule, closes, alerts }: { rule: AlertRule; closes: readonly RecordedClose[]; alerts: readonly Alert[] },
): Promise<void> {
  const decided = await evaluatedDates(tx, tenantId, rule.id, rule.version);
  const figures = closes.map((close) => close.figures);
  const threads = new Map<string, Thread>();
  for (const asOf of closesToDecide(closes, { recordedAt: rule.recordedAt, decided })) {
    const close = figures.find((candidate) => candidate.asOf === asOf);
    if (close === undefined) continue;
    const results = evaluationsOf(rule, close, figures).map((evaluation) => {
      const key = labelsKey(evaluation.labels);
      const thread = threads.get(key) ?? threadOf(alerts, rule, evaluation);
      threads.set(key, thread);
      return decideOne(plan, tenantId, rule, evaluation, thread);
    });
    await saveEvaluation(tx, { tenantId, ruleId: rule.id, ruleVersion: rule.version, asOf }, results);
  }
}

function evaluationsOf(rule: AlertRule, close: CloseFigures, figures: readonly CloseFigures[]): Evaluation[] {
  return evaluateRule(rule.definition, close, figures);
}

function threadOf(alerts: readonly Alert[], rule: AlertRule, { labels }: Evaluation): Thread {
  const key = labelsKey(labels);
  const open = alerts.find(({ state, fired }) => state === 'firing' && fired.ruleId === rule.id && labelsKey(fired.labels) === key);
  return { state: alertStateOf(alerts, rule.id, labels), open: open ?? null };
}

function decideOne(plan: AppendPlan, tenantId: number, rule: AlertRule, evaluation: Evaluation, thread: Thread): EvaluationResult {
  const decision = decideAlert(thread.state, evaluation);
  if (isMeasured(evaluation) && decision.decision === 'fire') {
    thread.open = tellFired(plan, tenantId, rule, evaluation, decision.episode);
    thread.state = evolveAlert(thread.state, { type: 'fired', asOf: evaluation.asOf, ruleVersion: rule.version });
  }
  if (isMeasured(evaluation) && decision.decision === 'resolve' && thread.open !== null) {
    tellResolved(plan, tenantId, thread.open, decision.reason, evaluation);
    thread.open = null;
    thread.state = evolveAlert(thread.state, { type: 'resolved', asOf: evaluation.asOf });
  }
  return resultOf(evaluation, decision);
}
