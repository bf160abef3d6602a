import { VersionConflict, type EventStore } from '@app/event-store';
import { EVENT_STORE, type Job, type JobHandler, type JobOutcome } from '@app/platform';
import { Inject, Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { newEvent, positionNumber } from '../event-data';
import { RunVerifier } from './run-verifier';
import { foldVerification, VERIFICATION_CATEGORY, type VerificationState } from './verification.fold';
import { VERIFICATION_JOB } from './verification.handlers';

/** Well within the lease. */
const EXTEND_EVERY_MS = 20_000;

/** Verifies a run in the background and records what was found. Running it twice changes nothing. */
@Injectable()
export class VerifyRunJob implements JobHandler {
  readonly kind = VERIFICATION_JOB;
  readonly queue = 'recompute';
  readonly attemptsMax = 3;
  /** The recomputation behind the last page extends nothing, and a long book takes a while. */
  readonly leaseSeconds = 300;

  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(QueryBus) private readonly queries: QueryBus,
  ) {}

  async run(job: Job): Promise<JobOutcome> {
    const { tenantId, key } = job;
    const state = await this.read(tenantId, key);
    if (state === null) return { outcome: 'dead', reason: `There is no verification '${key}'.` };
    if (state.status !== 'queued') return { outcome: 'done' };
    let extendedAt = Date.now();
    const found = await new RunVerifier(this.store, this.queries).verify(tenantId, state.runId, {
      source: 'log',
      onProgress: async () => {
        job.signal.throwIfAborted();
        if (Date.now() - extendedAt < EXTEND_EVERY_MS) return;
        extendedAt = Date.now();
        await job.extendLease();
      },
    });
    const { asOf, position: _position, id: runId, engineChanged: _changed, alteredAt, ...result } = found;
    const place = alteredAt === null ? null : { ...alteredAt, position: positionNumber(alteredAt.position) };
    const data = { verificationId: key, runId, ...result, alteredAt: place };
    await this.record(tenantId, state, newEvent('RunVerificationCompleted', asOf, data));
    return { outcome: 'done' };
  }

  /** Whoever polls must not wait for ever; the cause stays in the log of the worker. */
  async abandon({ tenantId, key }: Job): Promise<void> {
    const state = await this.read(tenantId, key);
    if (state?.status !== 'queued') return;
    const data = { verificationId: key, runId: state.runId, reason: 'The verification could not be finished and was given up.' };
    await this.record(tenantId, state, newEvent('RunVerificationFailed', state.requestedAt.slice(0, 10), data));
  }

  private async read(tenantId: number, key: string): Promise<VerificationState | null> {
    return foldVerification(await this.store.database.read(tenantId, (tx) => this.store.readStream(tx, VERIFICATION_CATEGORY, key)));
  }

  private async record(tenantId: number, state: VerificationState, event: ReturnType<typeof newEvent>): Promise<void> {
    const { requestedBy: principalId, correlationId, requestPosition: causationPosition } = state;
    try {
      const appended = await this.store.appendSingle(
        { tenantId, principalId, correlationId, causationPosition },
        { category: VERIFICATION_CATEGORY, key: state.verificationId, expectedVersion: state.version, events: [event] },
      );
      await this.store.settle(appended.lastPosition);
    } catch (error) {
      // Another worker finished the same verification.
      if (!(error instanceof VersionConflict)) throw error;
    }
  }
}
