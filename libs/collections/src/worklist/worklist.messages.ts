import { Command, Query } from '@nestjs/cqrs';
import type { CreditExposure, ScorePartName, Worsening } from '@app/credit-domain';
import type { Position } from '@app/event-store';
import type { RequestContext } from '@app/platform';
import type { WORK_OUTCOMES } from '../events/worklist';
import type { PutOff } from './work-facts';
import type { WorklistPolicy } from './worklist-policy.fold';

export type WorkOutcome = (typeof WORK_OUTCOMES)[number];

export interface WorklistRequest {
  readonly asOf: string;
  readonly knownAt?: string | undefined;
  /** Pins what is known, so that pages of one list never shift. */
  readonly position?: Position | undefined;
  /** The list of one controller; `nobody` = debtors in nobody's hands; left out = everybody's. */
  readonly controller?: string | undefined;
  /** Also debtors that are put off. */
  readonly withPutOff?: boolean | undefined;
  readonly debtorIds?: readonly string[] | undefined;
  readonly page?:
    { readonly after: { readonly tenths: number; readonly debtorId: string } | undefined; readonly limit: number } | undefined;
}

export interface ScoredPart {
  readonly part: ScorePartName;
  readonly tenths: number;
  readonly why: string;
  /** The events it is made of; where it is made of balances, `opens` leads to them. */
  readonly positions: readonly Position[];
  readonly opens: string | null;
}

export interface WorkItem {
  readonly debtorId: string;
  readonly segment: string;
  readonly controllerId: string | null;
  readonly assignedBy: 'person' | 'rule' | null;
  readonly tenths: number;
  readonly parts: readonly ScoredPart[];
  /** In the currency of the list; null when a rate is missing. */
  readonly overdue: bigint | null;
  readonly overdueBy: readonly { readonly minor: bigint; readonly currency: string }[];
  readonly oldestDueOn: string | null;
  readonly daysPastDue: number;
  readonly credit: CreditExposure;
  readonly nextContactOn: string | null;
  /** Null unless it was asked for debtors that are put off too. */
  readonly putOff: PutOff | null;
  /** Why it is on the list though it was put off. */
  readonly backEarly: Worsening | null;
}

export interface Worklist {
  readonly asOf: string;
  readonly knownAt: string;
  readonly position: Position;
  readonly currency: string;
  /** The overdue amount that is worth half of the points. */
  readonly halfAmount: bigint;
  readonly items: readonly WorkItem[];
  readonly hasMore: boolean;
}

/** Overdue debtors in the order in which they are worth chasing, at (asOf, knownAt). Computed for each reading: nothing is kept that could age. */
export class ReadWorklistQuery extends Query<Worklist> {
  constructor(
    readonly tenantId: number,
    readonly request: WorklistRequest,
  ) {
    super();
  }
}

export class GetWorklistPolicyQuery extends Query<WorklistPolicy> {
  constructor(readonly tenantId: number) {
    super();
  }
}

/** @throws Refusal `controller-unknown` */
export class StateWorklistPolicyCommand extends Command<{ readonly streamVersion: number }> {
  constructor(
    readonly context: RequestContext,
    readonly policy: Pick<WorklistPolicy, 'assignments' | 'segmentTenths'>,
    readonly expectedVersion: number | undefined,
  ) {
    super();
  }
}

/** Null gives the debtor back to the rules. @throws Refusal `debtor-not-found`, `controller-unknown` */
export class AssignDebtorCommand extends Command<void> {
  constructor(
    readonly context: RequestContext,
    readonly debtorId: string,
    readonly controllerId: string | null,
  ) {
    super();
  }
}

/** @throws Refusal `debtor-not-found`, `snooze-in-the-past` */
export class SnoozeDebtorCommand extends Command<{ readonly id: string }> {
  constructor(
    readonly context: RequestContext,
    readonly debtorId: string,
    readonly until: string,
  ) {
    super();
  }
}

/** Without a day the debtor is back tomorrow. @throws Refusal `debtor-not-found`, `snooze-in-the-past` */
export class FinishWorkCommand extends Command<{ readonly id: string }> {
  constructor(
    readonly context: RequestContext,
    readonly debtorId: string,
    readonly done: { readonly outcome: WorkOutcome; readonly until: string | undefined },
  ) {
    super();
  }
}
