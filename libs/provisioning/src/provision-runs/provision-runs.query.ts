import { Query } from '@nestjs/cqrs';
import type { ProvisionRunState, RunLifecycle } from './provision-run.fold';

/** A run as it is shown: one a worker is computing just now is `running`. */
export type ProvisionRunView = ProvisionRunState & { readonly running: boolean };

/** One run with everything it holds. Refused `provision-run-not-found`. */
export class GetProvisionRunQuery extends Query<ProvisionRunView> {
  constructor(
    readonly tenantId: number,
    readonly runId: string,
  ) {
    super();
  }
}

/** A run without its lines. */
export interface ProvisionRunSummary {
  readonly id: string;
  readonly status: 'queued' | 'running' | 'completed' | 'failed';
  /** null until it is completed. */
  readonly lifecycle: RunLifecycle | null;
  readonly asOf: string;
  readonly knownAt: string;
  readonly position: bigint;
  readonly requestedAt: string;
  readonly requestedBy: string;
  readonly currency: string | null;
  readonly total: { readonly gross: bigint; readonly allowance: bigint } | null;
  readonly hash: string | null;
  readonly problemCode: string | null;
  /** where the next page goes on. */
  readonly cursor: string;
}

/** Runs, the latest request first; `before` is the cursor of the last one seen. */
export class ListProvisionRunsQuery extends Query<ProvisionRunSummary[]> {
  constructor(
    readonly tenantId: number,
    readonly page: { readonly limit: number; readonly before?: string | undefined },
  ) {
    super();
  }
}
