import type { EventStore, Position, StreamAppend } from '@app/event-store';
import { ProjectionBehind, waitForProcessor } from '@app/event-store';
import { EVENT_STORE, type Job, type JobHandler, type JobOutcome } from '@app/platform';
import { Inject, Injectable } from '@nestjs/common';
import { EXPOSURE_PROCESSOR } from '../exposure/project-exposure.processor';
import { CheckpointRequests } from '../exposure/take-checkpoints.job';
import { PROJECTION_WAIT_MS } from '../import-file/import-limits';
import { derecogniseReceivables, disposedOn } from './dispose-entity';
import { DISPOSAL_JOB } from './dispose-entity.handler';
import type { DisposalState } from './disposal.fold';
import { DISPOSAL_CATEGORY, readDisposal } from './disposal.fold';

/** Derecognises what an entity that leaves the group was owed. After a crash it goes over the book again and finds what is left to do. */
@Injectable()
export class DisposeEntityJob implements JobHandler {
  readonly kind = DISPOSAL_JOB;
  readonly queue = 'import';
  readonly attemptsMax = 8;
  readonly leaseSeconds = 60;

  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(CheckpointRequests) private readonly checkpoints: CheckpointRequests,
  ) {}

  async run(job: Job): Promise<JobOutcome> {
    const { tenantId, key } = job;
    const disposal = await this.store.database.read(tenantId, (tx) => readDisposal(this.store, tx, key));
    if (disposal === null) return { outcome: 'dead', reason: `There is no disposal ${key}.` };
    if (disposal.status !== 'queued') return { outcome: 'done' };
    const proceed = async (): Promise<void> => {
      if (job.signal.aborted) throw new Error('the worker is stopping');
      await job.extendLease();
    };
    const context = { tenantId, principalId: disposal.requestedBy, correlationId: disposal.correlationId };
    const { remaining, lastPosition } = await derecogniseReceivables({ store: this.store, context, disposal, proceed });
    if (lastPosition !== null) await this.becomeVisible(tenantId, lastPosition, proceed);
    await this.end(tenantId, disposal, async (tx) => {
      await this.checkpoints.afterImport(tx, tenantId);
      const { disposalId, entityId } = disposal;
      const data = { disposalId, entityId, ...(await disposedOn(tx, tenantId, disposal, remaining)) };
      return {
        type: 'EntityDisposalCompleted',
        effectiveOn: disposal.on,
        data: { ...data, amounts: data.amounts.map((each) => ({ ...each })) },
      };
    });
    return { outcome: 'done' };
  }

  /** Whoever polls must not wait for ever; the log of the worker has the cause. */
  async abandon({ tenantId, key }: Job, reason: string): Promise<void> {
    const disposal = await this.store.database.read(tenantId, (tx) => readDisposal(this.store, tx, key));
    if (disposal?.status !== 'queued') return;
    const data = { disposalId: disposal.disposalId, entityId: disposal.entityId, reason };
    await this.end(tenantId, disposal, () => Promise.resolve({ type: 'EntityDisposalFailed', effectiveOn: disposal.on, data }));
  }

  /** Every later figure includes what was recorded. */
  private async becomeVisible(tenantId: number, position: Position, proceed: () => Promise<void>): Promise<void> {
    await this.store.settle(position);
    for (;;) {
      await proceed();
      try {
        await waitForProcessor(this.store.database, EXPOSURE_PROCESSOR, tenantId, position, PROJECTION_WAIT_MS);
        return;
      } catch (error) {
        if (!(error instanceof ProjectionBehind)) throw error;
      }
    }
  }

  private async end(
    tenantId: number,
    { disposalId, version, requestedBy, correlationId }: DisposalState,
    outcome: (tx: Parameters<EventStore['append']>[0]) => Promise<StreamAppend['events'][number]>,
  ): Promise<void> {
    const position = await this.store.database.transaction(tenantId, async (tx) => {
      const [appended] = await this.store.append(tx, { tenantId, principalId: requestedBy, correlationId }, [
        { category: DISPOSAL_CATEGORY, key: disposalId, expectedVersion: version, events: [await outcome(tx)] },
      ]);
      return appended?.lastPosition ?? 0n;
    });
    await this.store.settle(position);
  }
}
