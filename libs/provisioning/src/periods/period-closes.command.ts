import type { RequestContext } from '@app/platform';
import { Command } from '@nestjs/cqrs';

export interface PeriodCloseProposal {
  /** last day of the period. */
  readonly through: string;
  /** undefined = every entity. */
  readonly entityId?: string | undefined;
  /** the approved or posted run whose figures are signed with the period. */
  readonly runId?: string | undefined;
}

/**
 * Proposes to close a period; it stays open until another principal approves. Refused `close-in-future`, `period-already-closed`,
 * `provision-run-not-found`, `run-not-approved`, `period-run-mismatch`.
 */
export class ProposePeriodCloseCommand extends Command<{ id: string; status: 'proposed'; contentHash: string }> {
  constructor(
    readonly context: RequestContext,
    readonly proposal: PeriodCloseProposal,
  ) {
    super();
  }
}

/**
 * Approves what was proposed last of a close: the close itself, or its reopening. Refused `period-close-not-found`, `four-eyes`,
 * `content-changed`, and for a close `period-already-closed`, `run-not-approved`.
 */
export class ApprovePeriodCloseCommand extends Command<{ id: string; status: 'closed' | 'reopened' }> {
  constructor(
    readonly context: RequestContext,
    readonly closeId: string,
    readonly contentHash: string | undefined,
  ) {
    super();
  }
}

/** Proposes to reopen a closed period. Refused `period-close-not-found`, `period-close-not-closed`, `period-reopen-order`. */
export class ProposePeriodReopenCommand extends Command<{ id: string; status: 'reopening'; contentHash: string }> {
  constructor(
    readonly context: RequestContext,
    readonly closeId: string,
    readonly reason: string,
  ) {
    super();
  }
}
