import type { EventStore, Tx } from '@app/event-store';
import { EVENT_STORE, Intents, intentState, Refusal } from '@app/platform';
import { NO_CURRENCY } from '@app/receivables';
import { Inject } from '@nestjs/common';
import { CommandHandler, QueryHandler, type ICommandHandler, type IQueryHandler } from '@nestjs/cqrs';
import { provisionRunPostedData } from '../events/posting';
import { assertPeriodOpen } from '../periods/period-guard';
import { foldProvisionRun, PROVISION_RUN_CATEGORY, type CompletedRun } from '../provision-runs/provision-run.fold';
import {
  GetRunJournalQuery,
  ListRunJournalLinesQuery,
  PostProvisionRunCommand,
  type JournalLineView,
  type RunJournalView,
} from './post-run.command';
import { POST_RUN_JOB, type PostingPayload } from './post-run.job';
import { postedBefore, postedRuns } from './posted-runs';
import { RunJournal } from './run-journal';

/** A draft beside a run is made unasked only for a log that is read in a moment. */
const DRAFT_EVENTS_MAX = 20_000;

@CommandHandler(PostProvisionRunCommand)
export class PostProvisionRunHandler implements ICommandHandler<PostProvisionRunCommand> {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(Intents) private readonly intents: Intents,
  ) {}

  execute({ context, runId }: PostProvisionRunCommand): Promise<{ id: string; status: 'queued' | 'posted'; againstRunId: string | null }> {
    const { tenantId, principalId, correlationId } = context;
    return this.store.database.transaction(tenantId, async (tx) => {
      const run = await completed(this.store, tx, runId);
      if (run.posting !== null) {
        return { id: runId, status: 'posted' as const, againstRunId: provisionRunPostedData.parse(run.posting.data).againstRunId };
      }
      if (run.lifecycle !== 'approved') {
        throw new Refusal('run-not-approved', `Provision run '${runId}' is ${run.lifecycle}; only an approved run can be posted.`);
      }
      await assertPeriodOpen(this.store, tx, { effectiveOn: run.request.asOf, entityId: null });
      const before = postedBefore(await postedRuns(tx, tenantId), run);
      if (before !== null && before.currency !== NO_CURRENCY && before.currency !== run.result.currency) throw otherCurrency(before, run);
      const payload: PostingPayload = { principalId, correlationId };
      await this.intents.request(tx, tenantId, { kind: POST_RUN_JOB, key: runId, payload });
      return { id: runId, status: 'queued' as const, againstRunId: before?.runId ?? null };
    });
  }
}

@QueryHandler(GetRunJournalQuery)
export class GetRunJournalHandler implements IQueryHandler<GetRunJournalQuery> {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(RunJournal) private readonly journals: RunJournal,
  ) {}

  async execute({ tenantId, runId }: GetRunJournalQuery): Promise<RunJournalView> {
    const { run, state } = await this.store.database.read(tenantId, async (tx) => ({
      run: await completed(this.store, tx, runId),
      state: await intentState(tx, { tenantId, kind: POST_RUN_JOB, key: runId }),
    }));
    const { asOf, knownAt, position } = run.request;
    const shown = { runId, asOf, knownAt, position: BigInt(position) };
    const posted = postedView(run);
    if (posted !== null) return { ...shown, status: 'posted', ...posted };
    const { againstRunId, currency, movement, journal } = await this.journals.draft(tenantId, run);
    const status = state === 'waiting' || state === 'running' ? 'posting' : 'draft';
    const { lines, impairmentLoss, recoveries } = journal;
    return { ...shown, status, againstRunId, currency, ...movement, impairmentLoss, recoveries, lines };
  }
}

@QueryHandler(ListRunJournalLinesQuery)
export class ListRunJournalLinesHandler implements IQueryHandler<ListRunJournalLinesQuery> {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(RunJournal) private readonly journals: RunJournal,
  ) {}

  async execute({ tenantId, runId }: ListRunJournalLinesQuery): Promise<{ currency: string; lines: readonly JournalLineView[] } | null> {
    const { run, isSmall } = await this.store.database.read(tenantId, async (tx) => {
      const found = await completed(this.store, tx, runId);
      const { position } = found.request;
      const beyond = await tx.query('SELECT 1 AS one FROM es.event WHERE tenant_id = $1 AND position <= $2 OFFSET $3 LIMIT 1', [
        ...[tenantId, position, DRAFT_EVENTS_MAX],
      ]);
      return { run: found, isSmall: beyond.length === 0 };
    });
    const posted = postedView(run);
    if (posted !== null) return posted;
    if (!isSmall || run.lifecycle === 'superseded') return null;
    try {
      const { currency, journal } = await this.journals.draft(tenantId, run);
      return { currency, lines: journal.lines };
    } catch {
      // Whoever reads a run did not ask for a draft: what keeps it from being made is told where it is asked for.
      return null;
    }
  }
}

async function completed(store: EventStore, tx: Tx, runId: string): Promise<CompletedRun> {
  const run = foldProvisionRun(await store.readStream(tx, PROVISION_RUN_CATEGORY, runId));
  if (run === null) throw new Refusal('provision-run-not-found', `There is no provision run '${runId}'.`);
  if (run.status === 'completed') return run;
  throw new Refusal('provision-run-not-completed', `Provision run '${runId}' is ${run.status}; only a completed run has a journal.`);
}

function postedView({ posting }: CompletedRun): Omit<RunJournalView, 'runId' | 'asOf' | 'knownAt' | 'position' | 'status'> | null {
  if (posting === null) return null;
  const { againstRunId, currency, opening, legs, closing, impairmentLoss, recoveries, journal } = provisionRunPostedData.parse(
    posting.data,
  );
  return {
    ...{ againstRunId, currency },
    opening: BigInt(opening),
    closing: BigInt(closing),
    impairmentLoss: BigInt(impairmentLoss),
    recoveries: BigInt(recoveries),
    legs: legs.map(({ amount, collective, individual, staged, ...leg }) => ({
      ...leg,
      ...{ amount: BigInt(amount), collective: BigInt(collective), individual: BigInt(individual), staged: BigInt(staged) },
    })),
    lines: journal.map((line) => ({ ...line, debit: BigInt(line.debit), credit: BigInt(line.credit) })),
  };
}

function otherCurrency(before: { readonly runId: string; readonly currency: string }, run: CompletedRun): Refusal {
  return new Refusal(
    'bridge-currency-differs',
    `Run '${before.runId}' was posted in ${before.currency}, this one is presented in ${run.result.currency}.`,
  );
}
