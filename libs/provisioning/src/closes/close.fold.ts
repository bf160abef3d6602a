import type { StoredEvent } from '@app/event-store';
import { dataOf } from '../event-data';
import type { AgeingSnapshotTakenData, ProblemData, ProvisionRecomputedData } from '../events';

export const CLOSE_CATEGORY = 'close';

/** A close and its latest figures. It is one stream an as-of date; asking again and recomputing add to it. */
export interface CloseState {
  readonly closeId: string;
  readonly asOf: string;
  readonly version: number;
  readonly requestedBy: string;
  readonly requestedAt: string;
  readonly correlationId: string;
  readonly requestPosition: bigint;
  /** true while the latest request has no outcome. */
  readonly pending: boolean;
  /** position the latest outcome was computed at; null before the first. */
  readonly position: number | null;
  readonly computedAt: string | null;
  readonly snapshot: AgeingSnapshotTakenData | null;
  readonly provision: ProvisionRecomputedData | null;
  /** why the latest outcome has no provision. */
  readonly provisionProblem: ProblemData | null;
  /** why the latest attempt gave no figures at all. */
  readonly failure: ProblemData | null;
}

const UNCOMPUTED = { position: null, computedAt: null, snapshot: null, provision: null, provisionProblem: null, failure: null };

/** Null when nobody asked for the close. */
export function foldClose(events: readonly StoredEvent[]): CloseState | null {
  return events.reduce<CloseState | null>(evolve, null);
}

function evolve(state: CloseState | null, event: StoredEvent): CloseState | null {
  if (event.type === 'CloseRequested') {
    const { closeId, asOf } = dataOf('CloseRequested', event);
    return {
      ...(state ?? UNCOMPUTED),
      ...{ closeId, asOf, version: event.version, pending: true },
      requestedBy: event.principalId,
      requestedAt: event.recordedAt.toISOString(),
      correlationId: event.correlationId,
      requestPosition: event.position,
    };
  }
  return state === null ? null : { ...state, ...outcomeOf(event), version: event.version };
}

function outcomeOf(event: StoredEvent): Partial<CloseState> {
  const computedAt = event.recordedAt.toISOString();
  switch (event.type) {
    case 'AgeingSnapshotTaken':
      return { snapshot: dataOf('AgeingSnapshotTaken', event) };
    case 'ProvisionRecomputed':
      return { provision: dataOf('ProvisionRecomputed', event) };
    case 'CloseCompleted': {
      const { position, problem } = dataOf('CloseCompleted', event);
      return { pending: false, failure: null, position, computedAt, provisionProblem: problem };
    }
    case 'CloseFailed': {
      const { position, problem } = dataOf('CloseFailed', event);
      return { pending: false, failure: problem, position, computedAt };
    }
    default:
      return {};
  }
}
