import { Command, Query } from '@nestjs/cqrs';
import type { NotDunnedReason } from '@app/credit-domain';
import type { Position } from '@app/event-store';
import type { RequestContext } from '@app/platform';
import type { DebtorPlan } from './plan-dunning';

/**
 * Asks for a run: every overdue item of the book is looked at as of the day, and letters are issued in the background.
 * @throws Refusal `date-in-future`, `dunning-run-before-last`
 */
export class MakeDunningRunCommand extends Command<{ readonly id: string }> {
  constructor(
    readonly context: RequestContext,
    readonly asOf: string,
  ) {
    super();
  }
}

export interface DunningRunView {
  readonly runId: string;
  readonly asOf: string;
  readonly status: 'queued' | 'running' | 'completed' | 'failed';
  readonly principalId: string;
  readonly knownTo: Position | null;
  readonly letters: number;
  /** How many items are in no letter, by reason. */
  readonly notDunned: Readonly<Partial<Record<NotDunnedReason, number>>>;
  readonly requestedAt: Date;
}

/** Null when there is none. */
export class GetDunningRunQuery extends Query<DunningRunView | null> {
  constructor(
    readonly tenantId: number,
    readonly runId: string,
  ) {
    super();
  }
}

/** The latest first. */
export class ListDunningRunsQuery extends Query<readonly DunningRunView[]> {
  constructor(
    readonly tenantId: number,
    readonly limit: number,
  ) {
    super();
  }
}

export interface DunningPreview {
  readonly asOf: string;
  readonly position: Position;
  readonly debtors: readonly DebtorPlan[];
  readonly next: string | null;
}

/** What a run on the day would send to whom, and why not: some debtors at a time. Nothing is written. @throws Refusal as the run */
export class PreviewDunningRunQuery extends Query<DunningPreview> {
  constructor(
    readonly tenantId: number,
    readonly request: { readonly asOf: string; readonly after: string; readonly debtors: number; readonly position?: Position | undefined },
  ) {
    super();
  }
}
