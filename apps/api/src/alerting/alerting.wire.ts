import type { Alert, AlertWithDeliveries, Delivery, EvaluatedRule, RuleContent } from '@app/alerting';
import type { RuleDefinition } from '@app/credit-domain';
import { isSignal, isAlwaysCritical } from '@app/credit-domain';
import type { z } from 'zod';
import type { alertDetail, alertRule, alertSummary, delivery, ruleBody, ruleDefinition } from './alerting.schemas';
import { policyOnTheWire } from './notification-policy.wire';
import { decisionOnTheWire } from './group-decision.wire';
import { closeRuleOf, shownCloseRule } from './close-rules.wire';
import { sentSignal, signalDefinitionOf } from './signal-rules.wire';

/** From what a client sends to what the feature takes, and back. */
export function ruleContent(body: z.output<typeof ruleBody>): RuleContent {
  return {
    name: body.name,
    severity: isAlwaysCritical(body.definition) ? 'critical' : body.severity,
    channels: body.channels,
    definition: definitionOf(body.definition),
    ...(body.forPeriods !== undefined && { forPeriods: body.forPeriods }),
    ...(body.recoverPeriods !== undefined && { recoverPeriods: body.recoverPeriods }),
    ...(body.noData !== undefined && { noData: body.noData }),
    ...(body.worsenBy !== undefined && { worsenBy: body.worsenBy }),
    notification: body.notification ?? null,
  };
}

function definitionOf(sent: z.output<typeof ruleDefinition>): RuleDefinition {
  return isSignal(sent) ? signalDefinitionOf(sent) : closeRuleOf(sent);
}

function sentDefinition(definition: RuleDefinition): z.input<typeof ruleDefinition> {
  return isSignal(definition) ? sentSignal(definition) : shownCloseRule(definition);
}

export function ruleOnTheWire(rule: EvaluatedRule): z.input<typeof alertRule> {
  return {
    id: rule.id,
    version: rule.version,
    status: rule.status,
    name: rule.name,
    severity: rule.severity,
    channels: [...rule.channels],
    definition: sentDefinition(rule.definition),
    forPeriods: rule.forPeriods,
    recoverPeriods: rule.recoverPeriods,
    noData: rule.noData,
    worsenBy: rule.worsenBy,
    notification: rule.notification === null ? null : policyOnTheWire(rule.notification),
    definedAt: rule.definedAt.toISOString(),
    evaluation: rule.evaluation === null ? null : { asOf: rule.evaluation.asOf, results: [...rule.evaluation.results] },
  };
}

export function deliveryOnTheWire({ id, request, requestedAt, outcome }: Delivery): z.input<typeof delivery> {
  return {
    id,
    channelId: request.channelId,
    alertId: request.alertId,
    reason: request.reason,
    title: request.message.title,
    state: outcome.state,
    attempts: outcome.state === 'pending' ? null : outcome.data.attempts,
    providerId: outcome.state === 'succeeded' ? outcome.data.providerId : null,
    failure: outcome.state === 'failed' ? { cause: outcome.data.cause, reason: outcome.data.reason } : null,
    fallbackOf: request.fallbackOf,
    fallbackDeliveryId: outcome.state === 'failed' ? outcome.data.fallbackDeliveryId : null,
    requestedAt: requestedAt.toISOString(),
    finishedAt: outcome.state === 'pending' ? null : outcome.at.toISOString(),
  };
}

export function alertOnTheWire(alert: Alert): z.input<typeof alertSummary> {
  const { fired, latest, acknowledged } = alert;
  return {
    id: alert.id,
    state: alert.state,
    gap: alert.gap,
    groupId: fired.groupId,
    latest: latest === null ? null : latestOf(latest),
    ruleId: fired.ruleId,
    ruleVersion: fired.ruleVersion,
    ruleName: fired.ruleName,
    severity: fired.severity,
    episode: fired.episode,
    labels: fired.labels,
    asOf: fired.asOf,
    baseAsOf: fired.baseAsOf,
    unit: fired.unit,
    subject: fired.subject,
    before: fired.before,
    after: fired.after,
    change: fired.change,
    cause: fired.cause,
    firedAt: alert.firedAt.toISOString(),
    resolvedAt: alert.resolvedAt?.toISOString() ?? null,
    resolution: alert.resolved?.reason ?? null,
    acknowledged: acknowledged === null ? null : { ...acknowledged, at: acknowledged.at.toISOString() },
  };
}

function latestOf({ asOf, figures }: NonNullable<Alert['latest']>): NonNullable<z.input<typeof alertSummary>['latest']> {
  const { baseAsOf, before, after, change, cause } = figures;
  return { asOf, baseAsOf, before, after, change, cause };
}

export function alertDetailOnTheWire({ alert, deliveries, decisions, explanation }: AlertWithDeliveries): z.input<typeof alertDetail> {
  return {
    ...alertOnTheWire(alert),
    inputs: alert.fired.inputs,
    transitions: alert.transitions.map((transition) => ({ ...transition, at: transition.at.toISOString() })),
    deliveries: deliveries.map(deliveryOnTheWire),
    decisions: decisions.map(decisionOnTheWire),
    explanation: {
      bridges: explanation.bridges.map((bridge) => ({ ...bridge, legs: [...bridge.legs] })),
      debtors: [...explanation.debtors],
      view: explanation.view,
    },
  };
}
