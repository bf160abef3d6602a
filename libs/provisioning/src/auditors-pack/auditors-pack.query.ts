import type { ControlDifference } from '@app/receivables';
import { Query } from '@nestjs/cqrs';
import type { PolicyCollection } from '../policy/policy-types';
import type { CompletedRun } from '../provision-runs/provision-run.fold';
import type { ProvisionRunVerification } from '../verify/verify-run.query';
import type { OpenItem } from './open-items';

export interface SampleRequest {
  /** the same seed gives the same sample of the same run. */
  readonly seed: string;
  readonly size: number;
}

/** A policy the figures rest on: who proposed and who approved it, and when. */
export interface SignedInput {
  readonly collection: PolicyCollection;
  readonly id: string;
  readonly effectiveOn: string;
  readonly contentHash: string;
  readonly proposedBy: string;
  readonly proposedAt: string;
  readonly approvedBy: string;
  readonly approvedAt: string;
}

export interface AuditorsPack {
  readonly run: CompletedRun;
  /** until when facts after the run were taken in. */
  readonly knownNow: { readonly knownAt: string; readonly position: bigint };
  /** null when the log is too long for one request: verify it in the background. */
  readonly verification: ProvisionRunVerification | null;
  readonly inputs: readonly SignedInput[];
  readonly controlTotals: readonly ControlDifference[];
  readonly openItems: {
    readonly count: number;
    /** their presentation gross; the run's own total when everything ties. */
    readonly presentationGross: bigint;
    /** the first ones; all are in the CSV. */
    readonly first: readonly OpenItem[];
  };
  readonly sample: SampleRequest & {
    /** minor units of the run's currency. */
    readonly population: bigint;
    readonly interval: bigint;
    readonly firstUnit: bigint;
    readonly items: readonly (OpenItem & { readonly hits: number; readonly unit: bigint })[];
  };
}

/**
 * What an auditor re-performs a run with. Refused `provision-run-not-found`, `provision-run-not-completed`, and `run-not-reproducible` when
 * the figures of the run cannot be derived from the log any more.
 */
export class GetAuditorsPackQuery extends Query<AuditorsPack> {
  constructor(
    readonly tenantId: number,
    readonly runId: string,
    readonly sample: SampleRequest,
  ) {
    super();
  }
}

/** All open items of a run with their part of the allowance and the cash received since, page by page. Refused as the pack. */
export class ListOpenItemsQuery extends Query<{ readonly run: CompletedRun; readonly pages: AsyncGenerator<OpenItem[]> }> {
  constructor(
    readonly tenantId: number,
    readonly runId: string,
  ) {
    super();
  }
}
