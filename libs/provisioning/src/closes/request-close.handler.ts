import { addDays, localDate } from '@app/credit-domain';
import { VersionConflict, type EventStore } from '@app/event-store';
import { CLOCK, EVENT_STORE, eventContext, Intents, Refusal, type Clock } from '@app/platform';
import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { newEvent, positionNumber } from '../event-data';
import { CLOSE_CATEGORY } from './close.fold';
import { RequestCloseCommand } from './request-close.command';
import { placeOf } from '../policy/refusal-places';

export const CLOSE_JOB = 'close';
/** Somewhere on earth it is tomorrow already. */
const DAYS_AHEAD_MAX = 1;

@CommandHandler(RequestCloseCommand)
export class RequestCloseHandler implements ICommandHandler<RequestCloseCommand> {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(Intents) private readonly intents: Intents,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async execute(command: RequestCloseCommand): Promise<{ id: string; position: bigint }> {
    const { context, asOf } = command;
    const { tenantId } = context;
    // A close in the future would be the latest one for ever, and every shift would be measured against it.
    if (asOf > addDays(localDate(this.clock.today()), DAYS_AHEAD_MAX)) {
      throw new Refusal('close-in-future', `The book cannot be closed on ${asOf}, which has not come yet.`, [placeOf('asOf')]);
    }
    const { version, position } = await this.store.database.read(tenantId, async (tx) => ({
      version: (await this.store.readStream(tx, CLOSE_CATEGORY, asOf)).at(-1)?.version ?? 0,
      position: (await this.store.latestSettled(tx)).position,
    }));
    const data = { closeId: asOf, asOf, position: positionNumber(position) };
    try {
      const recordedAt = await this.store.database.transaction(tenantId, async (tx) => {
        const [appended] = await this.store.append(tx, eventContext(context), [
          { category: CLOSE_CATEGORY, key: asOf, expectedVersion: version, events: [newEvent('CloseRequested', asOf, data)] },
        ]);
        await this.intents.request(tx, tenantId, { kind: CLOSE_JOB, key: asOf, payload: { asOf } });
        return appended?.lastPosition ?? 0n;
      });
      await this.store.settle(recordedAt);
    } catch (error) {
      // A recomputation or another request came in between; asking again is harmless.
      if (!(error instanceof VersionConflict)) throw error;
      return this.execute(command);
    }
    return { id: asOf, position };
  }
}
