import type { Explanation } from '@app/credit-domain';
import { Query } from '@nestjs/cqrs';
import type { Position } from '@app/event-store';
import type { Alert, ShownAlertState } from '../alert';
import type { Delivery } from '../delivery';
import type { GroupDecisionRecord } from '../show-alert-group/group-decisions';

/** Where a list goes on: read at one position, so that pages never shift while alerts fire. */
export interface ListFrom {
  readonly position: Position;
  readonly before: Position;
}

export interface ListPage<Item> {
  /** The position of the log the page was read at. */
  readonly position: Position;
  /** Newest first; one more than asked for when there are more. */
  readonly items: readonly Item[];
}

export interface AlertFilter {
  readonly state?: ShownAlertState | undefined;
  readonly ruleId?: string | undefined;
}

export class ListAlertsQuery extends Query<ListPage<Alert>> {
  constructor(
    readonly tenantId: number,
    readonly filter: AlertFilter,
    readonly from: ListFrom | undefined,
    readonly limit: number,
  ) {
    super();
  }
}

export interface AlertWithDeliveries {
  readonly alert: Alert;
  readonly deliveries: readonly Delivery[];
  /** What was decided for its group, on which channel and why. */
  readonly decisions: readonly GroupDecisionRecord[];
  /** Why it moved, as its messages say it. */
  readonly explanation: Explanation;
}

/** One alert with what became of its messages; null when there is none. */
export class GetAlertQuery extends Query<AlertWithDeliveries | null> {
  constructor(
    readonly tenantId: number,
    readonly alertId: string,
  ) {
    super();
  }
}
