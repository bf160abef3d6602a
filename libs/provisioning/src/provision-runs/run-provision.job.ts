import { VersionConflict, type EventStore } from '@app/event-store';
import { EVENT_STORE, type Job, type JobHandler, type JobOutcome } from '@app/platform';
import { Inject, Injectable } from '@nestjs/common';
import { ProvisionCalculator } from '../calculate/provision-calculator';
import { newEvent } from '../event-data';
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

  async run({ tenantId, key: runId }: Job): Promise<JobOutcome> {
    const run = await this.read(tenantId, runId);
    if (run === null) return { outcome: 'dead', reason: `There is no provision run '${runId}'.` };
    if (run.status !== 'queued') return { outcome: 'done' };
    const { asOf, knownAt, position, kinds, scheme, currency } = run.request;
    const computed = await this.calculator.provision({ tenantId, asOf, position: BigInt(position) }, { kinds, scheme, currency });
    if (computed.ok) {
      const { output, hash } = computed.value;
      await this.record(tenantId, run, newEvent('ProvisionRunCompleted', asOf, { runId, asOf, knownAt, position, ...output, hash }));
    } else {
      await this.record(tenantId, run, newEvent('ProvisionRunFailed', asOf, { runId, asOf, position, problem: computed.problem }));
    }
    return { outcome: 'done' };
  }

  /** Whoever polls must not wait for ever for a run that is given up; its cause stays in the log of the worker. */
  async abandon({ tenantId, key: runId }: Job): Promise<void> {
    const run = await this.read(tenantId, runId);
    if (run?.status !== 'queued') return;
    const { asOf, position } = run.request;
    const problem = { code: 'run-not-computable', detail: 'The run could not be computed and was given up.', errors: [] };
    await this.record(tenantId, run, newEvent('ProvisionRunFailed', asOf, { runId, asOf, position, problem }));
  }

  private async read(tenantId: number, runId: string): Promise<ProvisionRunState | null> {
    return foldProvisionRun(await this.store.database.read(tenantId, (tx) => this.store.readStream(tx, PROVISION_RUN_CATEGORY, runId)));
  }

  private async record(tenantId: number, run: ProvisionRunState, event: ReturnType<typeof newEvent>): Promise<void> {
    const { requestedBy: principalId, correlationId, requestPosition: causationPosition } = run;
    try {
      const appended = await this.store.appendSingle(
        { tenantId, principalId, correlationId, causationPosition },
        { category: PROVISION_RUN_CATEGORY, key: run.request.runId, expectedVersion: run.version, events: [event] },
      );
      await this.store.settle(appended.lastPosition);
    } catch (error) {
      // Another worker finished the same run from the same inputs.
      if (!(error instanceof VersionConflict)) throw error;
    }
  }
}
