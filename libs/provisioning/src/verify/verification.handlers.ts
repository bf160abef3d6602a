import { VersionConflict, type EventStore } from '@app/event-store';
import { EVENT_STORE, eventContext, intentState, Intents, Refusal } from '@app/platform';
import { Inject } from '@nestjs/common';
import { CommandHandler, QueryBus, QueryHandler, type ICommandHandler, type IQueryHandler } from '@nestjs/cqrs';
import { newEvent } from '../event-data';
import { GetVerificationQuery, RequestVerificationCommand, type VerificationView } from './request-verification.command';
import { completedRun, RunVerifier } from './run-verifier';
import { foldVerification, VERIFICATION_CATEGORY } from './verification.fold';
import { VerifyProvisionRunQuery, type ProvisionRunVerification } from './verify-run.query';

export const VERIFICATION_JOB = 'verify-provision-run';
/** Events that are hashed and read again well within the time a request may take; a longer log is verified in the background. */
const EVENTS_AT_ONCE_MAX = 300_000;

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
        EVENTS_AT_ONCE_MAX,
      ]),
    );
    if (events.length === 0) return;
    throw new Refusal(
      'verification-too-large',
      `The run rests on more than ${String(EVENTS_AT_ONCE_MAX)} events: verify it in the background with POST on this path, or with source=read-models.`,
    );
  }
}

@CommandHandler(RequestVerificationCommand)
export class RequestVerificationHandler implements ICommandHandler<RequestVerificationCommand> {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(Intents) private readonly intents: Intents,
  ) {}

  async execute({ context, runId }: RequestVerificationCommand): Promise<{ id: string }> {
    const { tenantId } = context;
    const { asOf } = (await completedRun(this.store, tenantId, runId)).request;
    const id = context.newId();
    const requested = newEvent('RunVerificationRequested', asOf, { verificationId: id, runId });
    try {
      const position = await this.store.database.transaction(tenantId, async (tx) => {
        const [appended] = await this.store.append(tx, eventContext(context), [
          { category: VERIFICATION_CATEGORY, key: id, expectedVersion: 0, events: [requested] },
        ]);
        await this.intents.request(tx, tenantId, { kind: VERIFICATION_JOB, key: id, payload: { runId } });
        return appended?.lastPosition ?? 0n;
      });
      await this.store.settle(position);
    } catch (error) {
      // The id is derived from the Idempotency-Key: the first attempt of this very request has asked for it.
      if (!(error instanceof VersionConflict)) throw error;
    }
    return { id };
  }
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
