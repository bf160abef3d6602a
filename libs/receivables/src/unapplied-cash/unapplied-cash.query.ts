import type { Position } from '@app/event-store';
import { Query } from '@nestjs/cqrs';

/** Money received on account of debtors on one day, less what was sent back: movements that name no receivable. */
export interface UnappliedCash {
  readonly entityId: string;
  readonly currency: string;
  readonly effectiveOn: string;
  /** minor units; negative when more was sent back. */
  readonly amount: bigint;
}

/** Unapplied cash dated after `from` up to and including `to`. Its later allocation is no cash again and is not in it. */
export class ReadUnappliedCashQuery extends Query<UnappliedCash[]> {
  constructor(
    readonly tenantId: number,
    readonly request: { readonly from: string; readonly to: string; readonly position: Position },
  ) {
    super();
  }
}
