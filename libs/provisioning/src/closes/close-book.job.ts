import { type Job, type JobHandler, type JobOutcome, retryIn } from '@app/platform';
import { Inject, Injectable } from '@nestjs/common';
import { newEvent, positionNumber } from '../event-data';
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

  constructor(@Inject(CloseComputer) private readonly closes: CloseComputer) {}

  async run({ tenantId, key: asOf }: Job): Promise<JobOutcome> {
    const { close, position } = await this.closes.read(tenantId, asOf);
    if (close === null) return { outcome: 'dead', reason: `There is no close of ${asOf}.` };
    if (!close.pending) return { outcome: 'done' };
    const outcome = await this.closes.compute(tenantId, close, position);
    if (outcome !== 'superseded') return { outcome: 'done' };
    return retryIn(RETRY_AFTER_MS, 'the close moved on meanwhile');
  }

  /** Whoever polls must not wait for ever for a close that is given up; its cause stays in the log of the worker. */
  async abandon({ tenantId, key: asOf }: Job): Promise<void> {
    const { close, position } = await this.closes.read(tenantId, asOf);
    if (close?.pending !== true) return;
    const problem = { code: 'close-not-computable', detail: 'The close could not be computed and was given up.', errors: [] };
    await this.closes.record(tenantId, close, [
      newEvent('CloseFailed', asOf, { closeId: close.closeId, asOf, position: positionNumber(position), problem }),
    ]);
  }
}
