import { Query } from '@nestjs/cqrs';
import type { Position } from '@app/event-store';

/** A receivable whose contract an approved payment plan modified while it was more than 30 days past due (IFRS 7.35A(a), 35J(a)). */
export interface Modification {
  readonly planId: string;
  readonly debtorId: string;
  readonly agreedOn: string;
  readonly position: Position;
  readonly receivableId: string;
  /** What was owed on it before, minor units. */
  readonly outstanding: bigint;
  readonly currency: string;
  readonly daysPastDue: number;
}

/** Modifications agreed in a period, both days included, plan by plan in the order they were recorded. */
export class ListModificationsQuery extends Query<{
  readonly knownAt: string;
  readonly items: readonly Modification[];
  /** The last plan of the page; null when there is no further one. */
  readonly next: Position | null;
}> {
  constructor(
    readonly tenantId: number,
    readonly request: {
      readonly from: string;
      readonly to: string;
      readonly knownAt?: string | undefined;
      readonly after?: Position | undefined;
      /** Plans of a page. */
      readonly limit: number;
    },
  ) {
    super();
  }
}
