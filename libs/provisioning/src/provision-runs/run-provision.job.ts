import { VersionConflict, type EventStore } from '@app/event-store';
import { EVENT_STORE, type Job, type JobHandler, type JobOutcome } from '@app/platform';
import { Inject, Injectable } from '@nestjs/common';
import { ProvisionCalculator } from '../calculate/provision-calculator';
import { newEvent } from '../event-data';
import type { ProblemData } from '../events';
import { foldProvisionRun, PROVISION_RUN_CATEGORY, type ProvisionRunState } from './provision-run.fold';
import { PROVISION_RUN_JOB } from './request-run.handler';

/** Computes an asked-for run at its pinned position and records the outcome as one event. Running it twice changes nothing. */
@Injectable()
export class RunProvisionJob implements JobHandler {
  readonly kind = PROVISION_RUN_JOB;
  readonly queue = 'recompute';
  readonly attemptsMax = 8;
  readonly leaseSeconds = 120;

  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(ProvisionCalculator) private readonly calculator: ProvisionCalculator,
  ) {}

  async run(job: Job): Promise<JobOutcome> {
    const { tenantId, key: runId } = job;
    const run = foldProvisionRun(
      await this.store.database.read(tenantId, (tx) => this.store.readStream(tx, PROVISION_RUN_CATEGORY, runId)),
    );
    if (run === null) return { outcome: 'dead', reason: `There is no provision run '${runId}'.` };
    if (run.status !== 'queued') return { outcome: 'done' };
    const event = await this.outcomeOf(job, run);
    const context = { tenantId, principalId: run.requestedBy, correlationId: run.correlationId, causationPosition: run.requestPosition };
    try {
      const appended = await this.store.appendSingle(context, {
        category: PROVISION_RUN_CATEGORY,
        key: runId,
        expectedVersion: run.version,
        events: [event],
      });
      await this.store.settle(appended.lastPosition);
    } catch (error) {
      // Another worker finished the same run from the same inputs.
      if (!(error instanceof VersionConflict)) throw error;
    }
    return { outcome: 'done' };
  }

  private async outcomeOf(job: Job, run: ProvisionRunState): Promise<ReturnType<typeof newEvent>> {
    const { runId, asOf, knownAt, position, kinds, scheme, currency } = run.request;
    const failed = (problem: ProblemData) => newEvent('ProvisionRunFailed', asOf, { runId, asOf, position, problem });
    try {
      const at = { tenantId: job.tenantId, asOf, position: BigInt(position) };
      const computed = await this.calculator.provision(at, { kinds, scheme, currency });
      if (!computed.ok) return failed(computed.problem);
      const { output, hash } = computed.value;
      return newEvent('ProvisionRunCompleted', asOf, { runId, asOf, knownAt, position, ...output, hash });
    } catch (error) {
      // An outage is tried again; the caller who polls must not wait for ever for one that lasts.
      if (job.attempt < this.attemptsMax) throw error;
      const detail = 'The run could not be computed; its cause is in the log of the worker under the id of the run.';
      return failed({ code: 'run-not-computable', detail, errors: [] });
    }
  }
}
