import { Query } from '@nestjs/cqrs';
import type { BookPart } from '@app/credit-domain';
import type { Position, Tx } from '@app/event-store';

export interface LargestDebtorsRequest {
  readonly tenantId: number;
  readonly asOf: string;
  readonly position: Position;
  readonly part: BookPart;
  /** Minor units of this currency, at the rates in force at the as-of date. */
  readonly currency: string;
  readonly limit: number;
  /** An earlier date to say what the same debtors had in the same part; null for none. */
  readonly baseAsOf: string | null;
}

export interface LargestDebtor {
  readonly debtorId: string;
  /** Gross in the part; credit balances are in none. */
  readonly amount: bigint;
  /** The same at the earlier date, at that date's rates; null when none was asked for or no rate is known there. */
  readonly before: bigint | null;
}

/**
 * The debtors with the most gross in a part of the book, largest first, equal ones by id. Reads in the transaction of the asker, so that what is
 * decided and what is told about it rest on the same book, and never waits: null while the projection has not reached the position.
 * Refused `ageing-scheme-unknown`, `fx-rate-missing`.
 */
export class ListLargestDebtorsQuery extends Query<readonly LargestDebtor[] | null> {
  constructor(
    readonly tx: Tx,
    readonly request: LargestDebtorsRequest,
  ) {
    super();
  }
}
