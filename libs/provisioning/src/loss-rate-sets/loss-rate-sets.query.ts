import { Query } from '@nestjs/cqrs';
import type { LossRateSetState } from '../policy/loss-rate-set.fold';

/** A set and whether it is the one in force for its kind at the asked (asOf, knownAt). */
export type LossRateSetView = LossRateSetState & { readonly inForce: boolean };

export interface LossRateSetList {
  readonly asOf: string;
  readonly knownAt: string;
  readonly position: bigint;
  /** latest effective date first. */
  readonly items: readonly LossRateSetView[];
}

/** The loss-rate sets proposed by knownAt. asOf decides which of them is in force. */
export class ListLossRateSetsQuery extends Query<LossRateSetList> {
  constructor(
    readonly tenantId: number,
    readonly request: { readonly asOf: string; readonly knownAt?: string | undefined; readonly kind?: string | undefined },
  ) {
    super();
  }
}
