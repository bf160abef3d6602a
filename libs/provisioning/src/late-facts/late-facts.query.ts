import type { LateFact } from '@app/receivables';
import { Query } from '@nestjs/cqrs';

export interface LateFactsPage {
  /** how far the log was known when the first page was read; pass it on with `after`. */
  readonly upTo?: bigint | undefined;
  readonly after?: bigint | undefined;
  readonly limit: number;
}

interface ComparedFigures {
  readonly gross: bigint;
  readonly allowance: bigint;
  /** less the figures of the run. */
  readonly grossDifference: bigint;
  readonly allowanceDifference: bigint;
}

/** The run computed again with everything known now, in minor units of `currency`. */
export interface WouldHaveBeen {
  readonly currency: string;
  readonly totals: readonly ({ readonly kind: string } & ComparedFigures)[];
  readonly total: ComparedFigures;
  /** another set of rates, assessments, stages, scenarios, overlays, covers or exchange rates is in force now; false = facts alone made the difference. */
  readonly inputsChanged: boolean;
  /** another version of the rules computed the run. */
  readonly engineChanged: boolean;
}

export interface LateFactsAnswer {
  readonly runId: string | null;
  readonly asOf: string;
  /** the facts were recorded after this position ... */
  readonly after: bigint;
  /** ... and at or before this one. */
  readonly upTo: bigint;
  readonly knownAt: string;
  readonly items: readonly LateFact[];
  /** on the first page alone; null on others, without a run, or when it cannot be computed. */
  readonly wouldHaveBeen: WouldHaveBeen | null;
  readonly problemCode: string | null;
}

/** What came too late for a completed run, and what its figures would have been. Refused `provision-run-not-found`, `provision-run-not-completed`. */
export class LateFactsOfRunQuery extends Query<LateFactsAnswer> {
  constructor(
    readonly tenantId: number,
    readonly runId: string,
    readonly page: LateFactsPage,
  ) {
    super();
  }
}

/** The same for a closed period and the run signed with it. Refused `period-close-not-found`, `period-close-not-closed`. */
export class LateFactsOfPeriodQuery extends Query<LateFactsAnswer> {
  constructor(
    readonly tenantId: number,
    readonly closeId: string,
    readonly page: LateFactsPage,
  ) {
    super();
  }
}
