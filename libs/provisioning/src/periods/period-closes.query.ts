import { Query } from '@nestjs/cqrs';
import type { ClosedThrough, PeriodClose } from './period-close.fold';

export interface PeriodCloseList {
  readonly knownAt: string;
  readonly position: bigint;
  /** up to which day each entity is closed; entities not named follow the one without a name. */
  readonly closedThrough: readonly ClosedThrough[];
  /** the latest period first. */
  readonly items: readonly PeriodClose[];
}

/** Period closes as known at any moment. */
export class ListPeriodClosesQuery extends Query<PeriodCloseList> {
  constructor(
    readonly tenantId: number,
    readonly request: { readonly knownAt?: string | undefined },
  ) {
    super();
  }
}
