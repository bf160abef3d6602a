import type { StoredEvent } from '@app/event-store';
import { dataOf } from '../event-data';
import type { ProblemData, ProvisionRunCompletedData, ProvisionRunRequestedData } from '../events';

export const PROVISION_RUN_CATEGORY = 'provision-run';

interface Requested {
  readonly request: ProvisionRunRequestedData;
  readonly requestedBy: string;
  readonly requestedAt: string;
  readonly correlationId: string;
  readonly requestPosition: bigint;
  readonly version: number;
}

/** A run as far as it has come. */
export type ProvisionRunState =
  | (Requested & { readonly status: 'queued' })
  | (Requested & { readonly status: 'completed'; readonly completedAt: string; readonly result: ProvisionRunCompletedData })
  | (Requested & { readonly status: 'failed'; readonly failedAt: string; readonly problem: ProblemData });

/** Null when the stream has no events. */
export function foldProvisionRun(events: readonly StoredEvent[]): ProvisionRunState | null {
  return events.reduce<ProvisionRunState | null>(evolve, null);
}

function evolve(state: ProvisionRunState | null, event: StoredEvent): ProvisionRunState | null {
  const { version } = event;
  const recordedAt = event.recordedAt.toISOString();
  if (event.type === 'ProvisionRunRequested') {
    return {
      status: 'queued',
      request: dataOf('ProvisionRunRequested', event),
      requestedBy: event.principalId,
      requestedAt: recordedAt,
      correlationId: event.correlationId,
      requestPosition: event.position,
      version,
    };
  }
  if (state === null) return null;
  const { request, requestedBy, requestedAt, correlationId, requestPosition } = state;
  const requested = { request, requestedBy, requestedAt, correlationId, requestPosition, version };
  switch (event.type) {
    case 'ProvisionRunCompleted':
      return { ...requested, status: 'completed', completedAt: recordedAt, result: dataOf('ProvisionRunCompleted', event) };
    case 'ProvisionRunFailed':
      return { ...requested, status: 'failed', failedAt: recordedAt, problem: dataOf('ProvisionRunFailed', event).problem };
    default:
      return state;
  }
}
