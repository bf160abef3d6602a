import type { RecordedSilence, ShownAlertGroup } from '@app/alerting';
import type { z } from 'zod';
import { deliveryOnTheWire } from './alerting.wire';
import type { alertGroup } from './alert-groups.schemas';
import { decisionOnTheWire } from './group-decision.wire';
import type { silence } from './notification.schemas';

export function silenceOnTheWire(recorded: RecordedSilence, now: Date): z.input<typeof silence> {
  const { silenceId, startsAt, endsAt, matchers, reason, createdBy, createdAt, lifted, ended } = recorded;
  const status = endsAt <= now.getTime() ? 'ended' : startsAt > now.getTime() ? 'scheduled' : 'active';
  return {
    id: silenceId,
    status,
    matchers: [...matchers],
    startsAt: new Date(startsAt).toISOString(),
    endsAt: new Date(endsAt).toISOString(),
    reason,
    createdBy,
    createdAt: createdAt.toISOString(),
    lifted: [...lifted],
    ended,
  };
}

export function alertGroupOnTheWire(group: ShownAlertGroup): z.input<typeof alertGroup> {
  return {
    id: group.groupId,
    ruleId: group.ruleId,
    asOf: group.asOf,
    memberCount: group.memberCount,
    openCount: group.openCount,
    members: group.members.map(({ alertId, status, ruleId, ruleName, severity, labels, asOf, figures, told }) => ({
      id: alertId,
      state: status,
      ruleId,
      ruleName,
      severity,
      labels,
      asOf,
      cause: figures.cause,
      toldOn: [...told],
    })),
    decisions: group.decisions.map(decisionOnTheWire),
    deliveries: group.deliveries.map(deliveryOnTheWire),
  };
}
