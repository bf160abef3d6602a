import type { Position, StoredEvent } from '@app/event-store';
import type { AlertFiguresData, AlertFiredData, AlertPendingData, AlertResolvedData } from './events';

export const ALERT_STATES = ['pending', 'firing', 'recovering', 'resolved', 'stood-down'] as const;
export type ShownAlertState = (typeof ALERT_STATES)[number];

export const TRANSITION_TYPES = [
  'pending',
  'stood-down',
  'fired',
  'worsened',
  'recovering',
  'refired',
  'no-data',
  'measured',
  'resolved',
  'acknowledged',
] as const;

export interface AlertTransitionRecord {
  readonly type: (typeof TRANSITION_TYPES)[number];
  readonly at: Date;
  readonly asOf: string | null;
  /** Why, and for an acknowledgement its note. */
  readonly reason: string | null;
  readonly principalId: string;
}

/** One episode: from its first pending period to its end; folded from its stream. */
export interface Alert {
  readonly id: string;
  readonly streamVersion: number;
  readonly position: Position;
  readonly state: ShownAlertState;
  /** Set while the figures of an alert cannot be had; it stands as it was. */
  readonly gap: 'no-data' | 'error' | null;
  /** What it fired by; of one that only ever was pending, what it was pending by. */
  readonly fired: AlertFiredData;
  readonly firedAt: Date;
  /** What it was last told by, where it grew worse or ended by figures. */
  readonly latest: { readonly asOf: string; readonly figures: AlertFiguresData } | null;
  readonly resolved: AlertResolvedData | null;
  readonly resolvedAt: Date | null;
  readonly acknowledged: {
    readonly by: string;
    readonly at: Date;
    readonly note: string | null;
    readonly owner: string;
    readonly expiresAt: string | null;
  } | null;
  readonly transitions: readonly AlertTransitionRecord[];
}

/** All alerts of a category read, in the order they began. */
export function foldAlerts(events: readonly StoredEvent[]): Alert[] {
  const alerts = new Map<string, Alert>();
  for (const event of events) alerts.set(event.key, evolve(alerts.get(event.key), event));
  return [...alerts.values()];
}

const TRANSITIONS: Readonly<Record<string, AlertTransitionRecord['type']>> = {
  AlertPending: 'pending',
  AlertStoodDown: 'stood-down',
  AlertFired: 'fired',
  AlertWorsened: 'worsened',
  AlertRecovering: 'recovering',
  AlertRefired: 'refired',
  AlertNoData: 'no-data',
  AlertMeasured: 'measured',
  AlertResolved: 'resolved',
  AlertAcknowledged: 'acknowledged',
};

/** The state a transition leads to; one that is not here changes none. */
const STATES: Readonly<Partial<Record<AlertTransitionRecord['type'], ShownAlertState>>> = {
  pending: 'pending',
  'stood-down': 'stood-down',
  fired: 'firing',
  recovering: 'recovering',
  refired: 'firing',
  resolved: 'resolved',
};

function evolve(known: Alert | undefined, event: StoredEvent): Alert {
  const type = TRANSITIONS[event.type];
  const alert = known ?? beginning(event);
  if (type === undefined) return { ...alert, streamVersion: event.version };
  const moved: Alert = {
    ...alert,
    streamVersion: event.version,
    state: STATES[type] ?? alert.state,
    transitions: [...alert.transitions, transitionOf(type, event)],
  };
  const { data, effectiveOn, recordedAt: at } = event;
  switch (type) {
    case 'fired':
      return { ...moved, fired: firingOf(data as unknown as RecordedFiring), firedAt: at };
    case 'worsened':
      return {
        ...moved,
        acknowledged: null,
        latest: { asOf: effectiveOn, figures: data['figures'] as unknown as AlertFiguresData },
      };
    case 'no-data':
      return { ...moved, gap: data['state'] === 'error' ? 'error' : 'no-data' };
    case 'measured':
      return { ...moved, gap: null };
    case 'resolved': {
      const resolved = data as unknown as AlertResolvedData;
      const latest = resolved.figures === null ? moved.latest : { asOf: resolved.asOf, figures: resolved.figures };
      return { ...moved, resolved, resolvedAt: at, gap: null, latest };
    }
    case 'acknowledged':
      return { ...moved, acknowledged: acknowledgementOf(event) };
    default:
      return moved;
  }
}

function beginning(event: StoredEvent): Alert {
  if (event.type !== 'AlertFired' && event.type !== 'AlertPending') {
    throw new Error(`The stream of alert ${event.key} begins with ${event.type}.`);
  }
  const begun = event.data as unknown as AlertPendingData;
  return {
    id: event.key,
    streamVersion: event.version,
    position: event.position,
    state: 'pending',
    gap: null,
    fired: { ...begun, groupId: null, worsenStep: null, channels: [], notified: [] },
    firedAt: event.recordedAt,
    latest: null,
    resolved: null,
    resolvedAt: null,
    acknowledged: null,
    transitions: [],
  };
}

/** Events from before alerts were grouped name no group. */
type RecordedFiring = Omit<AlertFiredData, 'groupId'> & Partial<Pick<AlertFiredData, 'groupId'>>;

function firingOf(recorded: RecordedFiring): AlertFiredData {
  return { ...recorded, groupId: recorded.groupId ?? null };
}

function transitionOf(type: AlertTransitionRecord['type'], { data, recordedAt, principalId }: StoredEvent): AlertTransitionRecord {
  const reason = type === 'acknowledged' ? data['note'] : data['reason'];
  const { asOf } = data;
  return {
    type,
    at: recordedAt,
    asOf: typeof asOf === 'string' ? asOf : null,
    reason: typeof reason === 'string' ? reason : null,
    principalId,
  };
}

function acknowledgementOf({ data, recordedAt, principalId }: StoredEvent): Alert['acknowledged'] {
  const { note, owner, expiresAt } = data;
  return {
    by: principalId,
    at: recordedAt,
    note: typeof note === 'string' ? note : null,
    owner: typeof owner === 'string' ? owner : principalId,
    expiresAt: typeof expiresAt === 'string' ? expiresAt : null,
  };
}
