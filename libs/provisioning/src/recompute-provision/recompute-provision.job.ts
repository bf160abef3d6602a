import type { EventStore } from '@app/event-store';
import { EVENT_STORE, type Job, type JobHandler, type JobOutcome, retryIn } from '@app/platform';
import { Inject, Injectable } from '@nestjs/common';
import { CloseComputer } from '../closes/compute-close';
import { latestClose, RECOMPUTE_JOB } from './recompute-provision.processor';

const RETRY_AFTER_MS = 200;

/** Computes the latest close again and records its figures only where one changed. */
@Injectable()
export class RecomputeProvisionJob implements JobHandler {
  readonly kind = RECOMPUTE_JOB;
  readonly queue = 'recompute';
  readonly attemptsMax = 12;
  readonly leaseSeconds = 120;

  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(CloseComputer) private readonly closes: CloseComputer,
  ) {}

  async run({ tenantId }: Job): Promise<JobOutcome> {
    const asOf = await this.store.database.read(tenantId, (tx) => latestClose(tx, tenantId));
    if (asOf === null) return { outcome: 'done' };
    const { close, position } = await this.closes.read(tenantId, asOf);
    if (close === null) return { outcome: 'done' };
    // A close that is still waited for is computed here as well: its own job may have read the book before this fact.
    const outcome = await this.closes.compute(tenantId, close, position);
    if (outcome !== 'superseded') return { outcome: 'done' };
    return retryIn(RETRY_AFTER_MS, 'the close moved on meanwhile');
  }
}
