import type { BridgeLeg, Journal } from '@app/credit-domain';
import type { RequestContext } from '@app/platform';
import { Command, Query } from '@nestjs/cqrs';

/**
 * Asks for an approved run to be posted: its movement since the run posted before is booked leg by leg, and recorded with the run. A posted
 * run answers as posted. Refused `provision-run-not-found`, `run-not-approved`, `period-closed`, `later-run-posted`, `posted-kinds-differ`,
 * `bridge-currency-differs`.
 */
export class PostProvisionRunCommand extends Command<{ id: string; status: 'queued' | 'posted'; againstRunId: string | null }> {
  constructor(
    readonly context: RequestContext,
    readonly runId: string,
  ) {
    super();
  }
}

export interface RunJournalView {
  readonly runId: string;
  readonly asOf: string;
  readonly knownAt: string;
  readonly position: bigint;
  /** `draft`: what posting it now would book. `posting`: being posted. */
  readonly status: 'posted' | 'posting' | 'draft';
  readonly againstRunId: string | null;
  readonly currency: string;
  readonly opening: bigint;
  readonly legs: readonly BridgeLeg<string>[];
  readonly closing: bigint;
  readonly impairmentLoss: bigint;
  readonly recoveries: bigint;
  readonly lines: readonly JournalLineView[];
}

export type JournalLineView = Omit<Journal['lines'][number], 'cause'> & { readonly cause: string };

/** The journal of a completed run: as posted, else as a draft. Refused as posting is, but for the approval. */
export class GetRunJournalQuery extends Query<RunJournalView> {
  constructor(
    readonly tenantId: number,
    readonly runId: string,
  ) {
    super();
  }
}

/** The lines alone, for whoever shows a run: posted ones, drafts of a small book, else none. */
export class ListRunJournalLinesQuery extends Query<{ readonly currency: string; readonly lines: readonly JournalLineView[] } | null> {
  constructor(
    readonly tenantId: number,
    readonly runId: string,
  ) {
    super();
  }
}
