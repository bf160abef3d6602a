import type { AlertMessage, AlertSeverity, MeasuredEvaluation, NotifyReason, ResolutionReason } from '@app/credit-domain';
import { firedMessage, resolvedMessage } from '@app/credit-domain';
import type { JsonObject } from '@app/event-store';
import type { Alert } from '../alert';
import type { DecidingRule } from '../evaluate-rules/rule-decisions';
import type { AppendPlan } from '../append-plan';
import { newEvent } from '../event-data';
import { ALERT, DELIVERY, type AlertFiredData } from '../events';
import { alertIdOf, deliveryIdOf } from '../ids';

/** What an alert needs to be closed: of one read from the log, or of one fired in this decision. */
export type OpenAlert = Pick<Alert, 'id' | 'streamVersion' | 'fired'>;

/** Writes down that an alert fired and whom it is told to. */
export function tellFired(
  plan: AppendPlan,
  tenantId: number,
  rule: DecidingRule,
  evaluation: MeasuredEvaluation,
  episode: number,
): OpenAlert {
  const identity = { tenantId, ruleId: rule.id, ruleVersion: rule.version, labels: evaluation.labels, episode };
  const alertId = alertIdOf(identity);
  const { movement } = evaluation;
  const fired = {
    ruleType: rule.definition.type,
    periods: [evaluation.asOf],
    bridges: [],
    part: null,
    groupId: null,
    worsenStep: null,
    channels: [...rule.channels],
    alertId,
    ruleId: rule.id,
    ruleVersion: rule.version,
    ruleName: rule.name,
    severity: rule.severity,
    episode,
    labels: { ...evaluation.labels },
    asOf: evaluation.asOf,
    baseAsOf: evaluation.baseAsOf,
    unit: movement.unit,
    before: movement.before?.toDecimal() ?? null,
    after: movement.after.toDecimal(),
    change: movement.change?.toDecimal() ?? null,
    subject: evaluation.subject,
    cause: evaluation.cause,
    inputs: evaluation.inputs as JsonObject,
    notified: [...new Set(rule.channels)].map((channelId) => ({ channelId, deliveryId: deliveryIdOf(identity, channelId, 'fired') })),
  } satisfies AlertFiredData;
  plan.add(ALERT, alertId, 0, newEvent('AlertFired', evaluation.asOf, fired));
  const message = firedMessage(rule, evaluation);
  for (const told of fired.notified) {
    requestDelivery(plan, { ...told, alertId, reason: 'fired', severity: rule.severity, inReplyTo: null, message }, evaluation.asOf);
  }
  return { id: alertId, streamVersion: 1, fired };
}

/** Writes down that an alert ended, and tells everybody who was told that it began. */
export function tellResolved(
  plan: AppendPlan,
  tenantId: number,
  alert: OpenAlert,
  reason: ResolutionReason,
  evaluation: MeasuredEvaluation | null,
): void {
  const { fired } = alert;
  const identity = { tenantId, ruleId: fired.ruleId, ruleVersion: fired.ruleVersion, labels: fired.labels, episode: fired.episode };
  const asOf = evaluation?.asOf ?? fired.asOf;
  const notified = fired.notified.map(({ channelId }) => ({ channelId, deliveryId: deliveryIdOf(identity, channelId, 'resolved') }));
  const figures =
    evaluation === null
      ? null
      : {
          baseAsOf: evaluation.baseAsOf,
          before: evaluation.movement.before?.toDecimal() ?? null,
          after: evaluation.movement.after.toDecimal(),
          change: evaluation.movement.change?.toDecimal() ?? null,
          cause: evaluation.cause,
          inputs: evaluation.inputs as JsonObject,
        };
  plan.add(ALERT, alert.id, alert.streamVersion, newEvent('AlertResolved', asOf, { alertId: alert.id, reason, asOf, figures, notified }));
  const message = resolvedMessage({ name: fired.ruleName, severity: fired.severity }, fired, reason, evaluation);
  notified.forEach((told, index) => {
    const inReplyTo = fired.notified[index]?.deliveryId ?? null;
    requestDelivery(plan, { ...told, alertId: alert.id, reason: 'resolved', severity: fired.severity, inReplyTo, message }, asOf);
  });
}

/** A message and the intent to deliver it. Its stream must not exist: the same message can never be asked for twice. */
export function requestDelivery(
  plan: AppendPlan,
  request: {
    readonly deliveryId: string;
    readonly channelId: string;
    readonly alertId: string | null;
    readonly reason: NotifyReason;
    readonly severity: AlertSeverity;
    readonly inReplyTo: string | null;
    readonly message: AlertMessage;
  },
  effectiveOn: string,
): void {
  const { message } = request;
  const data = {
    ...request,
    message: {
      ...message,
      facts: [...message.facts],
      bridges: message.bridges.map((bridge) => ({ ...bridge, legs: [...bridge.legs] })),
      debtors: [...message.debtors],
      members: [...message.members],
    },
  };
  plan.add(DELIVERY, request.deliveryId, 0, newEvent('DeliveryRequested', effectiveOn, data));
  plan.addDelivery(request.deliveryId);
}
