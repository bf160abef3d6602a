import type { CashMovement, PlannedItem } from '@app/credit-domain';
import type { Position } from '@app/event-store';
import { Query } from '@nestjs/cqrs';

/**
 * What a debtor owes by everything recorded, facts of later dates included: the named receivables, or all of its open ones when none is named.
 * Refused `debtor-not-found`, `receivable-unknown`, `debtor-mismatch`, at `receivableIds[n]`.
 */
export class ReadOwedItemsQuery extends Query<PlannedItem[]> {
  constructor(
    readonly tenantId: number,
    readonly request: { readonly debtorId: string; readonly receivableIds: readonly string[] | null },
  ) {
    super();
  }
}

/** Movements from a day on, and whatever changed the account credit before it: an allocation draws on the past. */
export interface CashRequest {
  readonly position: Position;
  readonly debtors: readonly { readonly debtorId: string; readonly from: string }[];
}

/** The movements that the claims on debtors are judged by, as known at a position; by debtor, in no order. */
export class ReadDebtorCashQuery extends Query<ReadonlyMap<string, readonly CashMovement[]>> {
  constructor(
    readonly tenantId: number,
    readonly request: CashRequest,
  ) {
    super();
  }
}

/** The streams of the log that hold the book of a debtor: its own and those of its receivables. Refused `debtor-not-found`. */
export class ReadDebtorStreamsQuery extends Query<{ readonly streamIds: readonly bigint[] }> {
  constructor(
    readonly tenantId: number,
    readonly debtorId: string,
  ) {
    super();
  }
}
