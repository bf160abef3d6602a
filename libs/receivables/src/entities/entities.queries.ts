import { Query } from '@nestjs/cqrs';
import type { DisposalState } from './disposal.fold';

export interface EntityView {
  readonly entityId: string;
  readonly name: string;
  readonly functionalCurrency: string | null;
  readonly joinedOn: string | null;
  readonly leftOn: string | null;
  /** whether it is in the group on the as-of date. */
  readonly active: boolean;
  /** named by receivables, or built in, and never registered. */
  readonly implicit: boolean;
}

/** The legal entities as known at a moment, the built-in one first, then by id. */
export class ListEntitiesQuery extends Query<{
  readonly asOf: string;
  readonly knownAt: string;
  readonly position: bigint;
  readonly items: readonly EntityView[];
}> {
  constructor(
    readonly tenantId: number,
    readonly at: { readonly asOf: string; readonly knownAt: string | undefined },
  ) {
    super();
  }
}

/** A disposal and how far it is. Refused `disposal-not-found`. */
export class GetDisposalQuery extends Query<DisposalState> {
  constructor(
    readonly tenantId: number,
    readonly entityId: string,
    readonly disposalId: string,
  ) {
    super();
  }
}
