import { VersionConflict, type EventStore, type JsonObject } from '@app/event-store';
import { EVENT_STORE, Refusal, type Job, type JobHandler, type JobOutcome } from '@app/platform';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { newEvent, type DataOf } from '../event-data';
import { assertPeriodOpen } from '../periods/period-guard';
import { foldProvisionRun, PROVISION_RUN_CATEGORY, type CompletedRun } from '../provision-runs/provision-run.fold';
import { postedBefore, postedRuns } from './posted-runs';
import { RunJournal, type DraftJournal } from './run-journal';

export const POST_RUN_JOB = 'post-provision-run';
/** First key of the advisory lock under which runs are posted one after the other; the second is the tenant. */
const POSTING_LOCK = 731_060;

const payloadSchema = z.object({ principalId: z.string(), correlationId: z.string() });

/** Books an approved run against the one posted before it, as one event on the run's stream. Running it twice changes nothing. */
@Injectable()
export class PostRunJob implements JobHandler {
  readonly kind = POST_RUN_JOB;
  readonly queue = 'recompute';
  readonly attemptsMax = 5;
  readonly leaseSeconds = 300;
  readonly serialBy = 'tenant';

  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(RunJournal) private readonly journals: RunJournal,
  ) {}

  async run({ tenantId, key: runId, payload }: Job): Promise<JobOutcome> {
    const events = await this.store.database.read(tenantId, (tx) => this.store.readStream(tx, PROVISION_RUN_CATEGORY, runId));
    const run = foldProvisionRun(events);
    if (run?.status !== 'completed') return { outcome: 'dead', reason: `There is no completed provision run '${runId}'.` };
    if (run.lifecycle === 'posted') return { outcome: 'done' };
    if (run.lifecycle !== 'approved') return { outcome: 'dead', reason: `Provision run '${runId}' is ${run.lifecycle} and not approved.` };
    try {
      const draft = await this.journals.draft(tenantId, run);
      await this.record(tenantId, run, draft, payloadSchema.parse(payload));
      return { outcome: 'done' };
    } catch (error) {
      // Decided since it was asked for: the period was closed, or a later run was posted.
      if (error instanceof Refusal) return { outcome: 'dead', reason: `${error.code}: ${error.detail}` };
      throw error;
    }
  }

  private async record(tenantId: number, run: CompletedRun, draft: DraftJournal, by: z.output<typeof payloadSchema>): Promise<void> {
    const { runId, asOf } = run.request;
    const { principalId, correlationId } = by;
    const event = newEvent('ProvisionRunPosted', asOf, postedData(run, draft, principalId));
    try {
      const position = await this.store.database.transaction(tenantId, async (tx) => {
        await tx.query('SELECT pg_advisory_xact_lock($1, $2)', [POSTING_LOCK, tenantId]);
        await assertPeriodOpen(this.store, tx, { effectiveOn: asOf, entityId: null });
        const before = postedBefore(await postedRuns(tx, tenantId), run);
        if ((before?.runId ?? null) !== draft.againstRunId) throw new Error('Another run was posted meanwhile; the journal is made again.');
        const [appended] = await this.store.append(
          tx,
          { tenantId, principalId, correlationId, causationPosition: run.approval?.position ?? run.requestPosition },
          [{ category: PROVISION_RUN_CATEGORY, key: runId, expectedVersion: run.version, events: [event] }],
        );
        return appended?.lastPosition ?? 0n;
      });
      await this.store.settle(position);
    } catch (error) {
      // It was posted or superseded meanwhile; the job looks again.
      if (!(error instanceof VersionConflict)) throw error;
      throw new Error(`Provision run '${runId}' moved on while it was posted.`, { cause: error });
    }
  }
}

function postedData(
  run: CompletedRun,
  { againstRunId, currency, movement, journal }: DraftJournal,
  postedBy: string,
): DataOf<'ProvisionRunPosted'> {
  return {
    ...{ runId: run.request.runId, asOf: run.request.asOf, againstRunId, currency, postedBy },
    opening: movement.opening.toString(),
    legs: movement.legs.map(({ cause, amount, collective, individual, staged, receivables }) => ({
      ...{ cause, receivables },
      ...inText({ amount, collective, individual, staged }),
    })),
    closing: movement.closing.toString(),
    impairmentLoss: journal.impairmentLoss.toString(),
    recoveries: journal.recoveries.toString(),
    journal: journal.lines.map(({ debit, credit, ...line }) => ({ ...line, ...inText({ debit, credit }) })),
  };
}

function inText<Name extends string>(amounts: Readonly<Record<Name, bigint>>): Record<Name, string> {
  const entries = Object.entries<bigint>(amounts).map(([name, amount]) => [name, amount.toString()]);
  return Object.fromEntries(entries) as Record<Name, string>;
}

export type PostingPayload = z.output<typeof payloadSchema> & JsonObject;
