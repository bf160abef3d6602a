import type { EventStore, StoredEvent, Tx } from '@app/event-store';
import type { EntityDisposalCompletedData } from '../events';
import { entityDisposalCompletedData, entityDisposalFailedData, entityDisposalRequestedData } from '../events';

export const DISPOSAL_CATEGORY = 'entity-disposal';

/** An entity leaving the group, and what became of what it was owed. */
export interface DisposalState {
  readonly disposalId: string;
  readonly entityId: string;
  readonly on: string;
  readonly reason: string;
  readonly version: number;
  readonly status: 'queued' | 'completed' | 'failed';
  readonly requestedBy: string;
  readonly correlationId: string;
  readonly requestedAt: string;
  readonly endedAt: string | null;
  /** minor units by currency; null until it completed. */
  readonly outcome: Pick<EntityDisposalCompletedData, 'receivables' | 'amounts'> | null;
  readonly failure: string | null;
}

/** Folds the events of one disposal; null when there are none. */
export function foldDisposal(events: readonly StoredEvent[]): DisposalState | null {
  return events.reduce<DisposalState | null>(evolve, null);
}

export async function readDisposal(store: EventStore, tx: Tx, disposalId: string): Promise<DisposalState | null> {
  return foldDisposal(await store.readStream(tx, DISPOSAL_CATEGORY, disposalId));
}

function evolve(state: DisposalState | null, event: StoredEvent): DisposalState | null {
  const at = event.recordedAt.toISOString();
  if (event.type === 'EntityDisposalRequested') {
    return {
      ...entityDisposalRequestedData.parse(event.data),
      ...{ version: event.version, status: 'queued', requestedBy: event.principalId, correlationId: event.correlationId, requestedAt: at },
      ...{ endedAt: null, outcome: null, failure: null },
    };
  }
  if (state === null) return null;
  if (event.type === 'EntityDisposalCompleted') {
    const { receivables, amounts } = entityDisposalCompletedData.parse(event.data);
    return { ...state, version: event.version, status: 'completed', endedAt: at, outcome: { receivables, amounts } };
  }
  if (event.type === 'EntityDisposalFailed') {
    const { reason } = entityDisposalFailedData.parse(event.data);
    return { ...state, version: event.version, status: 'failed', endedAt: at, failure: reason };
  }
  return state;
}
