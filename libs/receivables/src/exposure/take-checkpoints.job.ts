import { Inject, Injectable } from '@nestjs/common';
import type { EventStore, Tx } from '@app/event-store';
import type { Job, JobHandler, JobOutcome } from '@app/platform';
import { CLOCK, EVENT_STORE, Intents } from '@app/platform';
import type { Clock } from '@app/platform';
import { CHECKPOINT_POLICY, takeCheckpoints } from './take-checkpoints';

export const CHECKPOINT_JOB_KIND = 'checkpoint';

/** Facts often come in bursts; one taking of checkpoints serves the whole burst. */
const CHECKPOINT_DELAY_MS = 1_500;

/** Leaves the intent to take checkpoints once readings would have to add too many entries to one. */
@Injectable()
export class CheckpointRequests {
  constructor(
    private readonly intents: Intents,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Called in the transaction that wrote the entries. A running import asks again when it ends; see `isImportRunning`. */
  readonly request = async (tx: Tx, tenantId: number, uncovered: bigint): Promise<void> => {
    if (uncovered < BigInt(CHECKPOINT_POLICY.spacing) || (await isImportRunning(tx, tenantId))) return;
    await this.requestNow(tx, tenantId);
  };

  async requestNow(tx: Tx, tenantId: number): Promise<void> {
    await this.intents.request(tx, tenantId, {
      kind: CHECKPOINT_JOB_KIND,
      key: 'exposure',
      payload: {},
      notBefore: new Date(this.clock.now().getTime() + CHECKPOINT_DELAY_MS),
    });
  }
}

/** While an import runs every page would fold the whole book again for nothing. */
async function isImportRunning(tx: Tx, tenantId: number): Promise<boolean> {
  const rows = await tx.query<{ running: number }>(
    `SELECT 1 AS running FROM rc.import WHERE tenant_id = $1 AND status = 'running' LIMIT 1`,
    [tenantId],
  );
  return rows.length > 0;
}

/** Takes checkpoints of one tenant. Running it twice takes none the second time. */
@Injectable()
export class TakeCheckpointsJob implements JobHandler {
  readonly kind = CHECKPOINT_JOB_KIND;
  readonly queue = 'recompute';
  readonly attemptsMax = 5;
  readonly leaseSeconds = 600;

  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  async run(job: Job): Promise<JobOutcome> {
    await takeCheckpoints(this.store.database, job.tenantId);
    return { outcome: 'done' };
  }
}
