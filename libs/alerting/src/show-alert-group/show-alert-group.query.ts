import { Query } from '@nestjs/cqrs';
import type { Delivery } from '../delivery';
import type { Episode } from '../episodes/episode';
import type { GroupDecisionRecord } from './group-decisions';

export interface ShownAlertGroup {
  readonly groupId: string;
  /** The rule that opened it: its policy counts. */
  readonly ruleId: string;
  readonly asOf: string;
  /** So many are shown, the gravest first; `memberCount` is how many there are. */
  readonly members: readonly Episode[];
  readonly memberCount: number;
  readonly openCount: number;
  readonly decisions: readonly GroupDecisionRecord[];
  readonly deliveries: readonly Delivery[];
}

/** Alerts that are told together, and every decision on who was told when and why; null when there is no such group. */
export class GetAlertGroupQuery extends Query<ShownAlertGroup | null> {
  constructor(
    readonly tenantId: number,
    readonly groupId: string,
  ) {
    super();
  }
}
