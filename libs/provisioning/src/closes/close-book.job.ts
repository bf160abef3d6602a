import type { EventStore } from '@app/event-store';
import { CLOCK, EVENT_STORE, type Clock, type Job, type JobHandler, type JobOutcome } from '@app/platform';
import { Inject, Injectable } from '@nestjs/common';
import { newEvent } from '../event-data';
import { CLOSE_CATEGORY } from './close.fold';
import { CloseComputer } from './compute-close';
import { CLOSE_JOB } from './request-close.handler';

const RETRY_AFTER_MS = 200;

/** Takes the snapshot and the provision of an asked-for close. */
@Injectable()
export class CloseBookJob implements JobHandler {
  readonly kind = CLOSE_JOB;
  readonly queue = 'recompute';
  readonly attemptsMax = 8;
  readonly leaseSeconds = 120;

  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CloseComputer) private readonly closes: CloseComputer,
  ) {}

  async run(job: Job): Promise<JobOutcome> {
    const { tenantId, key: asOf } = job;
    const { close, position } = await this.closes.read(tenantId, asOf);
    if (close === null) return { outcome: 'dead', reason: `There is no close of ${asOf}.` };
    if (!close.pending) return { outcome: 'done' };
    try {
      const outcome = await this.closes.compute(tenantId, close, position);
      if (outcome !== 'superseded') return { outcome: 'done' };
      return { outcome: 'retry', notBefore: new Date(this.clock.now().getTime() + RETRY_AFTER_MS), reason: 'the close moved on meanwhile' };
    } catch (error) {
      // An outage is tried again; the caller who polls must not wait for ever for one that lasts.
      if (job.attempt < this.attemptsMax) throw error;
      const problem = {
        code: 'close-not-computable',
        detail: 'The close could not be computed; its cause is in the log of the worker.',
        errors: [],
      };
      const { requestedBy: principalId, correlationId, closeId } = close;
      const event = newEvent('CloseFailed', asOf, { closeId, asOf, position: Number(position), problem });
      await this.store.appendSingle(
        { tenantId, principalId, correlationId },
        { category: CLOSE_CATEGORY, key: asOf, expectedVersion: close.version, events: [event] },
      );
      return { outcome: 'dead', reason: 'the close could not be computed' };
    }
  }
}
