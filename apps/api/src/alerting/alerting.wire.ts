import type { Alert, AlertWithDeliveries, ChannelTarget, Delivery, EvaluatedRule, RuleContent, ShownChannel } from '@app/alerting';
import type { AgeLimit, RuleDefinition } from '@app/credit-domain';
import type { z } from 'zod';
import type { alertDetail, alertRule, alertSummary, channel, channelBody, delivery, ruleBody, ruleDefinition } from './alerting.schemas';

/** From what a client sends to what the feature takes, and back. */
export function ruleContent(body: z.output<typeof ruleBody>): RuleContent {
  return { name: body.name, severity: body.severity, channels: body.channels, definition: definitionOf(body.definition) };
}

function definitionOf(sent: z.output<typeof ruleDefinition>): RuleDefinition {
  const shift = {
    base: sent.base,
    enter: sent.enter,
    exit: sent.exit ?? sent.enter,
    kinds: sent.kinds ?? null,
    segment: sent.segment ?? null,
  };
  switch (sent.type) {
    case 'ageing-share-shift':
      return { type: sent.type, scheme: sent.scheme, olderThan: limitOf(sent.olderThan), assessed: sent.assessed, ...shift };
    case 'coverage-shift':
      return { type: sent.type, assessed: sent.assessed, ...shift };
    case 'loss-rate-shift':
      return { type: sent.type, bucket: sent.bucket ?? null, materiality: sent.materiality, ...shift };
  }
}

type SentLimit = { months: number } | { years: number } | { days: number };

function limitOf(sent: SentLimit): AgeLimit {
  if ('months' in sent) return { unit: 'months', count: sent.months };
  return 'years' in sent ? { unit: 'years', count: sent.years } : { unit: 'days', count: sent.days };
}

function sentLimit({ unit, count }: AgeLimit): SentLimit {
  if (unit === 'months') return { months: count };
  return unit === 'years' ? { years: count } : { days: count };
}

function sentDefinition(definition: RuleDefinition): z.input<typeof ruleDefinition> {
  const { base, enter, exit, kinds, segment } = definition;
  const shift = {
    base,
    enter,
    exit,
    ...(kinds !== null && { kinds: kinds as NonNullable<z.input<typeof ruleDefinition>['kinds']> }),
    ...(segment !== null && { segment }),
  };
  switch (definition.type) {
    case 'ageing-share-shift':
      return {
        type: definition.type,
        scheme: definition.scheme,
        olderThan: sentLimit(definition.olderThan),
        assessed: definition.assessed,
        ...shift,
      };
    case 'coverage-shift':
      return { type: definition.type, assessed: definition.assessed, ...shift };
    case 'loss-rate-shift':
      return {
        type: definition.type,
        materiality: definition.materiality,
        ...(definition.bucket !== null && { bucket: definition.bucket }),
        ...shift,
      };
  }
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
    definedAt: rule.definedAt.toISOString(),
    evaluation: rule.evaluation === null ? null : { asOf: rule.evaluation.asOf, results: [...rule.evaluation.results] },
  };
}

const SMTPS_PORT = 465;

/** Null for a type of channel that is known but not there yet. */
export function channelTarget(body: z.output<typeof channelBody>): ChannelTarget | null {
  switch (body.type) {
    case 'slack':
      return { type: 'slack', webhookUrl: body.webhookUrl };
    case 'email': {
      const { host, port, secure, user, password } = body.smtp;
      return {
        type: 'email',
        to: body.to,
        from: body.from ?? null,
        smtp: { host, port, secure: secure ?? port === SMTPS_PORT, user: user ?? null, password: password ?? null },
      };
    }
    case 'webhook':
      return null;
  }
}

export function channelOnTheWire({ id, name, registeredAt, target }: ShownChannel): z.input<typeof channel> {
  const common = { id, name, type: target.type, registeredAt: registeredAt.toISOString() };
  if (target.type === 'slack') return { ...common, host: target.host };
  return { ...common, to: [...target.to], from: target.from, smtp: target.smtp };
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
  const { fired, acknowledged } = alert;
  return {
    id: alert.id,
    state: alert.state,
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

export function alertDetailOnTheWire({ alert, deliveries }: AlertWithDeliveries): z.input<typeof alertDetail> {
  return {
    ...alertOnTheWire(alert),
    inputs: alert.fired.inputs,
    transitions: alert.transitions.map((transition) => ({ ...transition, at: transition.at.toISOString() })),
    deliveries: deliveries.map(deliveryOnTheWire),
  };
}
