import { VersionConflict, type EventStore } from '@app/event-store';
import { EVENT_STORE, eventContext, Intents } from '@app/platform';
import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { newEvent, positionNumber } from '../event-data';
import { requireKindsWithLosses } from '../policy/kinds';
import { PROVISION_RUN_CATEGORY } from './provision-run.fold';
import { RequestProvisionRunCommand } from './request-run.command';

export const PROVISION_RUN_JOB = 'provision-run';

@CommandHandler(RequestProvisionRunCommand)
export class RequestProvisionRunHandler implements ICommandHandler<RequestProvisionRunCommand> {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(Intents) private readonly intents: Intents,
  ) {}

  async execute({ context, request }: RequestProvisionRunCommand): Promise<{ id: string; position: bigint; knownAt: string }> {
    const { asOf, knownAt, kinds, scheme, currency } = request;
    requireKindsWithLosses(kinds ?? [], 'kinds');
    const { tenantId } = context;
    const known = await this.store.database.read(tenantId, (tx) => this.store.resolveKnownAt(tx, knownAt));
    const id = context.newId();
    const data = {
      ...{ runId: id, asOf, knownAt: known.knownAt, position: positionNumber(known.position) },
      ...{ kinds: kinds === undefined ? null : [...kinds], scheme: scheme ?? null, currency: currency ?? null },
    };
    try {
      const recordedAt = await this.store.database.transaction(tenantId, async (tx) => {
        const [appended] = await this.store.append(tx, eventContext(context), [
          { category: PROVISION_RUN_CATEGORY, key: id, expectedVersion: 0, events: [newEvent('ProvisionRunRequested', asOf, data)] },
        ]);
        await this.intents.request(tx, tenantId, { kind: PROVISION_RUN_JOB, key: id, payload: { runId: id } });
        return appended?.lastPosition ?? 0n;
      });
      await this.store.settle(recordedAt);
    } catch (error) {
      // The id is derived from the Idempotency-Key: the first attempt of this very request has recorded the run.
      if (!(error instanceof VersionConflict)) throw error;
    }
    return { id, position: known.position, knownAt: known.knownAt };
  }
}
