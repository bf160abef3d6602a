import type { PresentedTable, Tie } from '@app/credit-domain';
import type { Position } from '@app/event-store';
import { Query } from '@nestjs/cqrs';

export interface DisclosureRequest {
  readonly runId: string;
  /** whole units of the run's currency a printed figure stands for: 1000 prints thousands. */
  readonly unit: number;
  /** an earlier run shown beside it; null = none. */
  readonly comparativeRunId: string | null;
}

export interface DisclosedRun {
  readonly id: string;
  readonly asOf: string;
  readonly knownAt: string;
  readonly position: Position;
  readonly hash: string;
  /** kinds with credit risk and exposure that the run leaves out: the note is not whole while there are some. */
  readonly kindsLeftOut: readonly string[];
}

/** The note to the accounts of one run. Amounts are minor units of `currency`, rounded figures are in `unit`. */
export interface Disclosure {
  readonly run: DisclosedRun;
  readonly comparative: DisclosedRun | null;
  readonly currency: string;
  readonly unit: number;
  readonly tables: readonly PresentedTable[];
  /** figures that two tables of the run show, with their exact difference. */
  readonly ties: readonly Tie[];
}

/**
 * Refused `provision-run-not-found`, `provision-run-not-completed`, `comparative-not-earlier`, `comparative-currency-differs`,
 * `disclosure-run-too-old`, `fx-rate-missing`.
 */
export class GetDisclosureQuery extends Query<Disclosure> {
  constructor(
    readonly tenantId: number,
    readonly request: DisclosureRequest,
  ) {
    super();
  }
}
