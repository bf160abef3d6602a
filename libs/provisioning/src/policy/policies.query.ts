import { Query } from '@nestjs/cqrs';
import type { PolicyState } from './approvable';
import type { PolicyCollection, PolicyContent } from './policy-types';

/** A policy, and whether it holds at the asked (asOf, knownAt). */
export type PolicyView<Content> = PolicyState<Content> & { readonly inForce: boolean };

export interface PolicyList<Content> {
  readonly asOf: string;
  readonly knownAt: string;
  readonly position: bigint;
  /** latest effective date first. */
  readonly items: readonly PolicyView<Content>[];
}

/** The policies of a collection proposed by knownAt. asOf decides which of them is in force. */
export class ListPoliciesQuery<Collection extends PolicyCollection> extends Query<PolicyList<PolicyContent<Collection>>> {
  constructor(
    readonly tenantId: number,
    readonly collection: Collection,
    readonly request: { readonly asOf: string; readonly knownAt?: string | undefined },
  ) {
    super();
  }
}

/** A proposal nobody has decided on yet, of whatever kind. */
export interface WaitingProposal {
  readonly collection: PolicyCollection;
  readonly noun: string;
  readonly id: string;
  readonly effectiveOn: string;
  readonly contentHash: string;
  readonly proposedBy: string;
  readonly proposedAt: string;
  /** what approving it would change. */
  readonly change: string;
  /** id of the approved policy it contradicts; it cannot be approved like this. */
  readonly overlapsWith: string | null;
}

/** Every proposal that waits for an approver at knownAt, the oldest first. */
export class ListApprovalsQuery extends Query<{
  readonly knownAt: string;
  readonly position: bigint;
  readonly items: readonly WaitingProposal[];
}> {
  constructor(
    readonly tenantId: number,
    readonly request: { readonly knownAt?: string | undefined },
  ) {
    super();
  }
}
