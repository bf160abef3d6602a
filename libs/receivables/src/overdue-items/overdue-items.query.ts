import type { Position } from '@app/event-store';
import { Query } from '@nestjs/cqrs';

/** A receivable with a balance whose own due date has passed; minor units. What is payable on demand is never past due by itself. */
export interface OverdueReceivable {
  readonly receivableId: string;
  readonly debtorId: string;
  readonly segment: string;
  readonly entityId: string;
  readonly kind: string;
  readonly currency: string;
  readonly outstanding: bigint;
  readonly dueOn: string;
  readonly documentNo: string;
}

export interface OverdueRequest {
  readonly asOf: string;
  readonly position: Position;
  /** The next so many debtors after this id, whether they owe or not: a debtor's items are never parted. */
  readonly page: { readonly after: string; readonly debtors: number };
}

export interface OverduePage {
  /** By debtor, then by receivable. */
  readonly items: readonly OverdueReceivable[];
  /** The last debtor looked at, to go on after; null when that was the last one of the book. */
  readonly next: string | null;
}

/** The overdue items of the book at (asOf, position), some debtors at a time. */
export class ReadOverdueItemsQuery extends Query<OverduePage> {
  constructor(
    readonly tenantId: number,
    readonly request: OverdueRequest,
  ) {
    super();
  }
}
