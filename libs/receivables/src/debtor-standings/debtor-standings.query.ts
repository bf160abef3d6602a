import type { Position } from '@app/event-store';
import { Query } from '@nestjs/cqrs';

/** What a debtor owes one entity in one currency; minor units. Prepayments and input tax are no claims on anybody and stay out. */
export interface StandingBalance {
  readonly entityId: string;
  readonly currency: string;
  readonly outstanding: bigint;
  /** The part of it whose due date has passed. */
  readonly overdue: bigint;
  /** The earliest due date of the overdue part; null when nothing is overdue. */
  readonly oldestDueOn: string | null;
}

export interface DebtorStanding {
  readonly debtorId: string;
  readonly segment: string;
  readonly creditImpaired: boolean;
  readonly creditLimit: { readonly minor: bigint; readonly currency: string } | null;
  readonly balances: readonly StandingBalance[];
}

export interface StandingsRequest {
  readonly asOf: string;
  readonly position: Position;
  /** Only these; left out = every debtor of the book. */
  readonly debtorIds?: readonly string[] | undefined;
  /** So many debtors after this id, in the order of their ids; left out = all of them. */
  readonly page?: { readonly after: string; readonly limit: number } | undefined;
  /** Only debtors with something overdue. */
  readonly overdueOnly?: boolean | undefined;
}

/** How debtors stand at (asOf, position): limit and segment in force, balances across entities. In the order of their ids. */
export class ReadDebtorStandingsQuery extends Query<DebtorStanding[]> {
  constructor(
    readonly tenantId: number,
    readonly request: StandingsRequest,
  ) {
    super();
  }
}
