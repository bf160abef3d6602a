import { Query } from '@nestjs/cqrs';
import type { ChasingState, KeepRate } from '@app/credit-domain';
import type { Position } from '@app/event-store';
import type { DisputeRecord, PlanRecord, PromiseRecord, PromiseState, planStateOf } from './debtor-case';
import type { Note } from './notes';

/** What is read, and as known when. */
export interface CaseMoment {
  /** left out = today. */
  readonly asOf?: string | undefined;
  readonly knownAt?: string | undefined;
}

export interface ReadAt {
  readonly asOf: string;
  readonly knownAt: string;
  readonly position: Position;
}

export interface PromiseView extends Omit<PromiseRecord, 'personal' | 'moves' | 'withdrawn'> {
  readonly state: PromiseState;
  readonly note: Note | null;
  readonly moves: readonly (Omit<PromiseRecord['moves'][number], 'personal'> & { readonly reason: Note | null })[];
  readonly withdrawn: { readonly on: string; readonly position: Position; readonly reason: Note | null } | null;
}

export interface DisputeView extends Omit<DisputeRecord, 'personal' | 'resolved'> {
  readonly note: Note | null;
  readonly resolved: (Omit<NonNullable<DisputeRecord['resolved']>, 'personal'> & { readonly note: Note | null }) | null;
}

export interface PlanView extends Omit<PlanRecord, 'personal' | 'cancelled'> {
  readonly state: ReturnType<typeof planStateOf>;
  readonly reason: Note | null;
  readonly cancelled: { readonly on: string; readonly position: Position; readonly reason: Note | null } | null;
}

export interface DebtorCaseView extends ReadAt {
  readonly debtorId: string;
  /** Newest first, all three. */
  readonly promises: readonly PromiseView[];
  readonly disputes: readonly DisputeView[];
  readonly plans: readonly PlanView[];
  readonly chasing: ChasingState;
}

/** What was agreed with a debtor and what it contests. Refused `debtor-not-found`. */
export class ReadDebtorCaseQuery extends Query<DebtorCaseView> {
  constructor(
    readonly tenantId: number,
    readonly debtorId: string,
    readonly at: CaseMoment,
  ) {
    super();
  }
}

/** The debtor that a promise, dispute or plan is about; null when there is none of that id. */
export class FindCaseDebtorQuery extends Query<string | null> {
  constructor(
    readonly tenantId: number,
    readonly caseId: string,
  ) {
    super();
  }
}

/** A debtor's collections in short. */
export interface CaseSummary {
  readonly openPromises: readonly {
    readonly promiseId: string;
    readonly amount: bigint;
    readonly currency: string;
    readonly dueOn: string;
  }[];
  /** Judged broken or part-kept, and not kept by facts learned later; the latest first. */
  readonly brokenPromises: readonly {
    readonly promiseId: string;
    readonly amount: bigint;
    readonly paid: bigint;
    readonly currency: string;
    readonly dueOn: string;
    readonly position: Position;
  }[];
  readonly openDisputes: readonly {
    readonly disputeId: string;
    readonly amount: bigint;
    readonly currency: string;
    readonly position: Position;
  }[];
  readonly runningPlans: readonly string[];
  readonly keepRate: KeepRate;
  readonly chasing: ChasingState;
  /** null = nobody said. */
  readonly nextContactOn: string | null;
}

/** Collections in short of many debtors at once; who is missing has neither case nor activity. A fixed number of statements. */
export class ReadCaseSummariesQuery extends Query<ReadonlyMap<string, CaseSummary>> {
  constructor(
    readonly tenantId: number,
    readonly request: {
      readonly asOf: string;
      readonly position?: Position | undefined;
      readonly knownAt?: string | undefined;
      readonly debtorIds: readonly string[];
    },
  ) {
    super();
  }
}
