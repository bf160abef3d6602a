import { Inject, Injectable } from '@nestjs/common';
import { type EventContext, type EventStore, type Tx, VersionConflict } from '@app/event-store';
import { EVENT_STORE, type Job, type JobHandler, type JobOutcome, retryIn } from '@app/platform';
import { newEvent } from '../event-data';
import { dailyRunIdOf, MACHINE_PRINCIPAL, positionNumber } from '../ids';
import { DUNNING_RUN, lettersToAppend } from './letters-to-append';
import { DunningPlanner, type DunningPlan } from './plan-dunning';
import { lastRunOn, requestRun, type RunRow, runById, saveProgress } from './run-table';

export const RUN_DUNNING = 'run-dunning';
const DEBTORS_PER_PAGE = 500;
/** After so long a job makes room for the others of its queue: a tenant with a big book keeps nobody waiting. */
const WORK_MS_MAX = 2_000;
const CONFLICTS_MAX = 5;

/**
 * Works a run off, some hundred debtors in a transaction: their letters and how far the run has come. Running it twice goes on where it was; a
 * letter is written under the version of its debtor's stream, so nobody is written to twice whatever runs beside it.
 */
@Injectable()
export class RunDunningJob implements JobHandler {
  readonly kind = RUN_DUNNING;
  readonly queue = 'recompute' as const;
  readonly attemptsMax = 10;
  readonly leaseSeconds = 60;
  readonly serialBy = 'tenant' as const;

  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    private readonly planner: DunningPlanner,
  ) {}

  async run(job: Job): Promise<JobOutcome> {
    const began = performance.now();
    let run = await this.#find(job);
    while (run !== undefined && (run.status === 'queued' || run.status === 'running')) {
      if (performance.now() - began > WORK_MS_MAX) return retryIn(0, 'more-debtors');
      run = await this.#advance(job.tenantId, run);
      await job.extendLease();
    }
    return { outcome: 'done' };
  }

  async abandon({ tenantId, payload, key }: Job): Promise<void> {
    const { slot } = payload;
    const runId = typeof slot === 'string' ? dailyRunIdOf(tenantId, slot) : key;
    await this.store.database.transaction(tenantId, async (tx) => {
      const run = await runById(tx, tenantId, runId);
      if (run !== undefined) await saveProgress(tx, tenantId, { ...run, status: 'failed' });
    });
  }

  /** The run that was asked for, or the one of the day: the schedule names a date. A day that a later run has left behind needs none. */
  #find({ tenantId, payload, key }: Job): Promise<RunRow | undefined> {
    const { slot } = payload;
    return this.store.database.transaction(tenantId, async (tx) => {
      if (typeof slot !== 'string') return runById(tx, tenantId, key);
      const runId = dailyRunIdOf(tenantId, slot);
      const known = await runById(tx, tenantId, runId);
      if (known !== undefined) return known;
      const last = await lastRunOn(tx, tenantId);
      if ((last !== null && last > slot) || !(await this.planner.hasPolicies(tx))) return undefined;
      await requestRun(tx, tenantId, { runId, asOf: slot, principalId: MACHINE_PRINCIPAL, correlationId: runId });
      return runById(tx, tenantId, runId);
    });
  }

  /** One page of debtors. Whoever wrote to one of them meanwhile makes it be planned again, on what is known then. */
  async #advance(tenantId: number, run: RunRow): Promise<RunRow> {
    for (let conflicts = 0; ; conflicts += 1) {
      const position = run.known_to ?? (await this.#settled(tenantId));
      const request = { asOf: run.as_of, position, after: run.after_debtor, debtors: DEBTORS_PER_PAGE };
      const plan = await this.planner.plan(tenantId, request);
      try {
        return await this.#record(tenantId, { ...run, known_to: position }, plan);
      } catch (error) {
        if (!(error instanceof VersionConflict) || conflicts >= CONFLICTS_MAX) throw error;
      }
    }
  }

  async #record(tenantId: number, run: RunRow & { known_to: bigint }, plan: DunningPlan): Promise<RunRow> {
    const context: EventContext = { tenantId, principalId: run.principal_id, correlationId: run.correlation_id };
    const letters = plan.debtors.reduce((sum, { decision }) => sum + decision.letters.length, run.letters);
    const notDunned = { ...run.not_dunned };
    for (const { decision } of plan.debtors) {
      for (const { reason } of decision.notDunned) notDunned[reason] = (notDunned[reason] ?? 0) + 1;
    }
    const isLast = plan.next === null;
    const after: RunRow = {
      ...run,
      ...{ letters, not_dunned: notDunned, after_debtor: plan.next ?? run.after_debtor, status: isLast ? 'completed' : 'running' },
    };
    const appends = lettersToAppend(tenantId, run, plan);
    if (isLast) {
      const policies = plan.policies.map(({ policyId, version }) => ({ policyId, version }));
      const data = {
        runId: run.run_id,
        knownTo: positionNumber(run.known_to),
        policies,
        letters,
        notDunned,
        requestedAt: run.requested_at.toISOString(),
      };
      appends.push({ category: DUNNING_RUN, key: run.run_id, expectedVersion: 0, events: [newEvent('DunningRunMade', run.as_of, data)] });
    }
    const last = await this.store.database.transaction(tenantId, async (tx: Tx) => {
      const appended = appends.length === 0 ? [] : await this.store.append(tx, context, appends);
      await saveProgress(tx, tenantId, after);
      return appended.reduce((highest, { lastPosition }) => (lastPosition > highest ? lastPosition : highest), 0n);
    });
    if (last > 0n) await this.store.settle(last);
    return after;
  }

  async #settled(tenantId: number): Promise<bigint> {
    return (await this.store.database.read(tenantId, (tx) => this.store.latestSettled(tx))).position;
  }
}
