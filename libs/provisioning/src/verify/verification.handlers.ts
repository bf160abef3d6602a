import { VersionConflict, type EventStore, type Position, type StoredEvent, type Tx } from '@app/event-store';
import { CLOCK, EVENT_STORE, eventContext, intentState, Intents, Refusal, type Clock, type RequestContext } from '@app/platform';
import { Inject } from '@nestjs/common';
import { CommandHandler, QueryBus, QueryHandler, type ICommandHandler, type IQueryHandler } from '@nestjs/cqrs';
import { newEvent } from '../event-data';
import type { RunVerificationCompletedData } from '../events/verification';
import type { CompletedRun } from '../provision-runs/provision-run.fold';
import {
  GetVerificationQuery,
  ProveProvisionRunCommand,
  RequestVerificationCommand,
  type ProvedRun,
  type RunProof,
  type VerificationView,
} from './request-verification.command';
import { completedRun, RunVerifier } from './run-verifier';
import { foldVerification, VERIFICATION_CATEGORY, type VerificationState } from './verification.fold';
import { VerifyProvisionRunQuery, type ProvisionRunVerification } from './verify-run.query';

export const VERIFICATION_JOB = 'verify-provision-run';
export const VERIFICATION_LIMITS = {
  /** Events that are hashed and read again well within the time a request may take; a longer log is verified in the background. */
  eventsAtOnce: 300_000,
  /** How long a verification in the background answers who asks again: long enough to be fetched, too short to be taken for a later one. */
  answersForMs: 600_000,
};

@QueryHandler(VerifyProvisionRunQuery)
export class VerifyProvisionRunHandler implements IQueryHandler<VerifyProvisionRunQuery> {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(QueryBus) private readonly queries: QueryBus,
  ) {}

  async execute({ tenantId, runId, source }: VerifyProvisionRunQuery): Promise<ProvisionRunVerification> {
    if (source === 'log') await this.requireShortLog(tenantId, runId);
    return new RunVerifier(this.store, this.queries).verify(tenantId, runId, { source });
  }

  private async requireShortLog(tenantId: number, runId: string): Promise<void> {
    const { position } = (await completedRun(this.store, tenantId, runId)).request;
    const events = await this.store.database.read(tenantId, (tx) =>
      tx.query('SELECT 1 AS one FROM es.event WHERE tenant_id = $1 AND position <= $2 OFFSET $3 LIMIT 1', [
        tenantId,
        position,
        VERIFICATION_LIMITS.eventsAtOnce,
      ]),
    );
    if (events.length === 0) return;
    throw new Refusal(
      'verification-too-large',
      `The run rests on more than ${String(VERIFICATION_LIMITS.eventsAtOnce)} events: verify it in the background with POST on this path, or with source=read-models.`,
    );
  }
}

/** Records in a transaction that a verification is asked for, and leaves the job; answers the position of the request. */
async function requestVerification(
  { store, intents }: { readonly store: EventStore; readonly intents: Intents },
  tx: Tx,
  asked: { readonly context: RequestContext; readonly verificationId: string; readonly run: CompletedRun },
): Promise<Position> {
  const { context, verificationId: key, run } = asked;
  const { asOf, runId } = run.request;
  const requested = newEvent('RunVerificationRequested', asOf, { verificationId: key, runId });
  const [appended] = await store.append(tx, eventContext(context), [
    { category: VERIFICATION_CATEGORY, key, expectedVersion: 0, events: [requested] },
  ]);
  await intents.request(tx, context.tenantId, { kind: VERIFICATION_JOB, key, payload: { runId } });
  return appended?.lastPosition ?? 0n;
}

@CommandHandler(RequestVerificationCommand)
export class RequestVerificationHandler implements ICommandHandler<RequestVerificationCommand> {
  constructor(
    @Inject(EVENT_STORE) readonly store: EventStore,
    @Inject(Intents) readonly intents: Intents,
  ) {}

  async execute({ context, runId }: RequestVerificationCommand): Promise<{ id: string }> {
    const { tenantId } = context;
    const run = await completedRun(this.store, tenantId, runId);
    const id = context.newId();
    try {
      await this.store.settle(
        await this.store.database.transaction(tenantId, (tx) => requestVerification(this, tx, { context, verificationId: id, run })),
      );
    } catch (error) {
      // The id is derived from the Idempotency-Key: the first attempt of this very request has asked for it.
      if (!(error instanceof VersionConflict)) throw error;
    }
    return { id };
  }
}

@CommandHandler(ProveProvisionRunCommand)
export class ProveProvisionRunHandler implements ICommandHandler<ProveProvisionRunCommand> {
  constructor(
    @Inject(EVENT_STORE) readonly store: EventStore,
    @Inject(Intents) readonly intents: Intents,
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async execute({ context, runId }: ProveProvisionRunCommand): Promise<RunProof> {
    try {
      const found = await this.queries.execute(new VerifyProvisionRunQuery(context.tenantId, runId));
      return { proved: { ...found, verifiedAt: this.clock.now().toISOString(), verificationId: null } };
    } catch (error) {
      if (!(error instanceof Refusal && error.code === 'verification-too-large')) throw error;
      return this.inTheBackground(context, runId);
    }
  }

  private async inTheBackground(context: RequestContext, runId: string): Promise<RunProof> {
    const { tenantId } = context;
    const run = await completedRun(this.store, tenantId, runId);
    const verificationId = context.newId();
    const { proof, position } = await this.store.database.transaction(tenantId, async (tx) => {
      // Of several who ask at once the first starts it and the others find it under way.
      await tx.execute('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`${VERIFICATION_CATEGORY}/${String(tenantId)}/${runId}`]);
      const last = await this.lastOf(tx, runId);
      if (last !== null) return { proof: last, position: null };
      const requested = await requestVerification(this, tx, { context, verificationId, run });
      return { proof: null, position: requested };
    });
    if (position !== null) await this.store.settle(position);
    if (proof?.result == null) return { proved: null, verificationId: proof?.verificationId ?? verificationId };
    return { proved: provedRun(run, proof, proof.result) };
  }

  /** The verification of the run that is under way, or the last one while it still answers. */
  private async lastOf(tx: Tx, runId: string): Promise<VerificationState | null> {
    const streams = new Map<string, StoredEvent[]>();
    for (const event of await this.store.readCategory(tx, VERIFICATION_CATEGORY)) {
      streams.set(event.key, [...(streams.get(event.key) ?? []), event]);
    }
    const since = new Date(this.clock.now().getTime() - VERIFICATION_LIMITS.answersForMs).toISOString();
    const answering = [...streams.values()].flatMap((events) => {
      const state = foldVerification(events);
      if (state?.runId !== runId || state.status === 'failed') return [];
      return state.finishedAt === null || state.finishedAt > since ? [state] : [];
    });
    return answering.findLast(({ status }) => status === 'completed') ?? answering.at(-1) ?? null;
  }
}

function provedRun(run: CompletedRun, state: VerificationState, result: RunVerificationCompletedData): ProvedRun {
  const { runId, asOf, position } = run.request;
  const { verificationId, runId: _, alteredAt, ...found } = result;
  return {
    ...{ id: runId, asOf, position: BigInt(position), ...found, verificationId, verifiedAt: state.finishedAt ?? state.requestedAt },
    engineChanged: result.engineVersion !== result.recordedEngineVersion,
    alteredAt: alteredAt === null ? null : { ...alteredAt, position: BigInt(alteredAt.position) },
  };
}

@QueryHandler(GetVerificationQuery)
export class GetVerificationHandler implements IQueryHandler<GetVerificationQuery> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  execute({ tenantId, verificationId }: GetVerificationQuery): Promise<VerificationView> {
    return this.store.database.read(tenantId, async (tx) => {
      const state = foldVerification(await this.store.readStream(tx, VERIFICATION_CATEGORY, verificationId));
      if (state === null) throw new Refusal('verification-not-found', `There is no verification '${verificationId}'.`);
      const job = state.status === 'queued' ? await intentState(tx, { tenantId, kind: VERIFICATION_JOB, key: verificationId }) : null;
      return { ...state, running: job === 'running' };
    });
  }
}
