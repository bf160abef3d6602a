import type { AlertState } from '@app/credit-domain';
import { evolveAlert, initialAlertState, labelsKey } from '@app/credit-domain';
import type { Position, StoredEvent } from '@app/event-store';
import type { AlertFiredData, AlertResolvedData } from './events';

export interface AlertTransitionRecord {
  readonly type: 'fired' | 'resolved' | 'acknowledged';
  readonly at: Date;
  readonly asOf: string | null;
  /** Why, and for an acknowledgement its note. */
  readonly reason: string | null;
  readonly principalId: string;
}

/** One episode: from a firing to its resolution; folded from its stream. */
export interface Alert {
  readonly id: string;
  readonly streamVersion: number;
  readonly position: Position;
  readonly state: 'firing' | 'resolved';
  readonly fired: AlertFiredData;
  readonly firedAt: Date;
  readonly resolved: AlertResolvedData | null;
  readonly resolvedAt: Date | null;
  readonly acknowledged: { readonly by: string; readonly at: Date; readonly note: string | null } | null;
  readonly transitions: readonly AlertTransitionRecord[];
}

/** All alerts of a category read, in the order they fired. */
export function foldAlerts(events: readonly StoredEvent[]): Alert[] {
  const alerts = new Map<string, Alert>();
  for (const event of events) alerts.set(event.key, evolve(alerts.get(event.key), event));
  return [...alerts.values()];
}

function evolve(alert: Alert | undefined, event: StoredEvent): Alert {
  const at = event.recordedAt;
  const { principalId, version: streamVersion } = event;
  if (event.type === 'AlertFired') {
    const fired = event.data as AlertFiredData;
    return {
      id: event.key,
      streamVersion,
      position: event.position,
      state: 'firing',
      fired,
      firedAt: at,
      resolved: null,
      resolvedAt: null,
      acknowledged: null,
      transitions: [{ type: 'fired', at, asOf: fired.asOf, reason: null, principalId }],
    };
  }
  if (alert === undefined) throw new Error(`The stream of alert ${event.key} begins with ${event.type}.`);
  if (event.type === 'AlertResolved') {
    const resolved = event.data as AlertResolvedData;
    const transition: AlertTransitionRecord = { type: 'resolved', at, asOf: resolved.asOf, reason: resolved.reason, principalId };
    return { ...alert, streamVersion, state: 'resolved', resolved, resolvedAt: at, transitions: [...alert.transitions, transition] };
  }
  if (event.type === 'AlertAcknowledged') {
    const note = typeof event.data['note'] === 'string' ? event.data['note'] : null;
    const transition: AlertTransitionRecord = { type: 'acknowledged', at, asOf: null, reason: note, principalId };
    return { ...alert, streamVersion, acknowledged: { by: principalId, at, note }, transitions: [...alert.transitions, transition] };
  }
  return { ...alert, streamVersion };
}

/** What has been told about one rule and one set of labels, over all its episodes. */
export function alertStateOf(alerts: readonly Alert[], ruleId: string, labels: Readonly<Record<string, string>>): AlertState {
  const key = labelsKey(labels);
  return alerts
    .filter(({ fired }) => fired.ruleId === ruleId && labelsKey(fired.labels) === key)
    .reduce<AlertState>((state, { fired, resolved }) => {
      const open = evolveAlert(state, { type: 'fired', asOf: fired.asOf, ruleVersion: fired.ruleVersion });
      return resolved === null ? open : evolveAlert(open, { type: 'resolved', asOf: resolved.asOf });
    }, initialAlertState);
}
