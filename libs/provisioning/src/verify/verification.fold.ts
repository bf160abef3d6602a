import type { StoredEvent } from '@app/event-store';
import { dataOf } from '../event-data';
import type { RunVerificationCompletedData } from '../events/verification';

export const VERIFICATION_CATEGORY = 'run-verification';

/** A verification that runs in the background, as far as it has come. */
export interface VerificationState {
  readonly verificationId: string;
  readonly runId: string;
  readonly status: 'queued' | 'completed' | 'failed';
  readonly requestedBy: string;
  readonly requestedAt: string;
  readonly finishedAt: string | null;
  readonly correlationId: string;
  readonly requestPosition: bigint;
  readonly version: number;
  readonly result: RunVerificationCompletedData | null;
  /** why it was given up. */
  readonly reason: string | null;
}

/** Null when the stream has no events. */
export function foldVerification(events: readonly StoredEvent[]): VerificationState | null {
  return events.reduce<VerificationState | null>(evolve, null);
}

function evolve(state: VerificationState | null, event: StoredEvent): VerificationState | null {
  const at = event.recordedAt.toISOString();
  if (event.type === 'RunVerificationRequested') {
    return {
      ...dataOf('RunVerificationRequested', event),
      ...{ status: 'queued', requestedBy: event.principalId, requestedAt: at, finishedAt: null, correlationId: event.correlationId },
      ...{ requestPosition: event.position, version: event.version, result: null, reason: null },
    };
  }
  if (state === null) return null;
  const { version } = event;
  switch (event.type) {
    case 'RunVerificationCompleted':
      return { ...state, version, status: 'completed', finishedAt: at, result: dataOf('RunVerificationCompleted', event) };
    case 'RunVerificationFailed':
      return { ...state, version, status: 'failed', finishedAt: at, reason: dataOf('RunVerificationFailed', event).reason };
    default:
      return state;
  }
}
