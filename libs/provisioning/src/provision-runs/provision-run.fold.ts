import type { JsonObject, Position, StoredEvent } from '@app/event-store';
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

/** `superseded`: another run of the same date, kinds and scheme was approved after it, before it was posted. */
export type RunLifecycle = 'computed' | 'approved' | 'posted' | 'superseded';

export interface RunSignature {
  readonly by: string;
  readonly at: string;
  readonly position: Position;
}

export type CompletedRun = Requested & {
  readonly status: 'completed';
  readonly completedAt: string;
  readonly result: ProvisionRunCompletedData;
  readonly lifecycle: RunLifecycle;
  readonly approval: (RunSignature & { readonly hash: string }) | null;
  /** `data` is that of the event `ProvisionRunPosted`. */
  readonly posting: (RunSignature & { readonly data: JsonObject }) | null;
  readonly supersededBy: string | null;
};

/** A run as far as it has come. */
export type ProvisionRunState =
  | (Requested & { readonly status: 'queued' })
  | CompletedRun
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
    case 'ProvisionRunCompleted': {
      const signatures = { lifecycle: 'computed' as const, approval: null, posting: null, supersededBy: null };
      return { ...requested, status: 'completed', completedAt: recordedAt, result: dataOf('ProvisionRunCompleted', event), ...signatures };
    }
    case 'ProvisionRunFailed':
      return { ...requested, status: 'failed', failedAt: recordedAt, problem: dataOf('ProvisionRunFailed', event).problem };
    default:
      return state.status === 'completed' ? signed({ ...state, version }, event, recordedAt) : state;
  }
}

/** What people did with a computed run. */
function signed(run: CompletedRun, event: StoredEvent, at: string): CompletedRun {
  const signature = { by: event.principalId, at, position: event.position };
  switch (event.type) {
    case 'ProvisionRunApproved':
      return { ...run, lifecycle: 'approved', approval: { ...signature, hash: dataOf('ProvisionRunApproved', event).hash } };
    case 'ProvisionRunPosted':
      return { ...run, lifecycle: 'posted', posting: { ...signature, data: event.data } };
    case 'ProvisionRunSuperseded':
      return { ...run, lifecycle: 'superseded', supersededBy: dataOf('ProvisionRunSuperseded', event).byRunId };
    default:
      return run;
  }
}
