import { Inject, Injectable } from '@nestjs/common';
import type { EventStore, JsonObject, Tx } from '@app/event-store';
import type { Job, JobHandler, JobOutcome } from '@app/platform';
import { CLOCK, EVENT_STORE, Intents } from '@app/platform';
import type { Clock } from '@app/platform';
import { EXPOSURE_PROCESSOR } from './project-exposure.processor';
import { CHECKPOINT_POLICY, takeCheckpoints } from './take-checkpoints';

export const CHECKPOINT_JOB_KIND = 'checkpoint';

/** Facts often come in bursts; one taking of checkpoints serves the whole burst. */
const CHECKPOINT_DELAY_MS = 1_000;

/** Leaves the intent to take checkpoints once readings would have to add too many entries to one. */
@Injectable()
export class CheckpointRequests {
  constructor(
    private readonly intents: Intents,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Called in the transaction that wrote the entries, with how many no checkpoint covers. An import that runs asks itself when it ends. */
  readonly afterEntries = async (tx: Tx, tenantId: number, uncovered: bigint): Promise<void> => {
    if (uncovered < BigInt(CHECKPOINT_POLICY.spacing) || (await isImportRunning(tx, tenantId))) return;
    await this.request(tx, tenantId, 'latest', {});
  };

  /** Called in the transaction that ends an import, whose facts are projected by then: the checkpoints are to stand right at its end. */
  async afterImport(tx: Tx, tenantId: number): Promise<void> {
    const [state] = await tx.query<{ uncovered: bigint; position: bigint }>(
      `SELECT s.entries - s.entries_at_checkpoint AS uncovered, c.position
       FROM rc.exposure_state s JOIN es.checkpoint c ON c.tenant_id = s.tenant_id AND c.name = $2
       WHERE s.tenant_id = $1`,
      [tenantId, EXPOSURE_PROCESSOR],
    );
    if (state === undefined || state.uncovered < BigInt(CHECKPOINT_POLICY.spacing)) return;
    await this.request(tx, tenantId, String(state.position), { upTo: String(state.position) });
  }

  private async request(tx: Tx, tenantId: number, key: string, payload: JsonObject): Promise<void> {
    const notBefore = new Date(this.clock.now().getTime() + CHECKPOINT_DELAY_MS);
    await this.intents.request(tx, tenantId, { kind: CHECKPOINT_JOB_KIND, key, payload, notBefore });
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
    const { upTo } = job.payload;
    await takeCheckpoints(this.store.database, job.tenantId, CHECKPOINT_POLICY, typeof upTo === 'string' ? BigInt(upTo) : undefined);
    return { outcome: 'done' };
  }
}
