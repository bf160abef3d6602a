import { VersionConflict, type EventStore } from '@app/event-store';
import { CLOCK, EVENT_STORE, eventContext, Refusal, type Clock } from '@app/platform';
import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { StateEntityCommand } from './entities.command';
import { ENTITY_CATEGORY, MAIN_ENTITY, readEntities } from './entity.fold';
import { eventStating } from './entity-events';

@CommandHandler(StateEntityCommand)
export class StateEntityHandler implements ICommandHandler<StateEntityCommand> {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async execute(command: StateEntityCommand): Promise<{ id: string; outcome: 'registered' | 'amended' | 'unchanged' }> {
    const { context, entity } = command;
    const { id, joinedOn, leftOn } = entity;
    if (id === MAIN_ENTITY && leftOn !== null) {
      throw new Refusal('entity-built-in', `The entity '${MAIN_ENTITY}' is built in and does not leave.`, [
        { field: 'leftOn', pointer: '/leftOn' },
      ]);
    }
    if (joinedOn !== null && leftOn !== null && leftOn < joinedOn) {
      throw new Refusal('date-invalid', `An entity that joined on ${joinedOn} cannot have left on ${leftOn}.`, [
        { field: 'leftOn', pointer: '/leftOn' },
      ]);
    }
    try {
      const recorded = await this.store.database.transaction(context.tenantId, async (tx) => {
        const known = (await readEntities(this.store, tx)).get(id);
        const { name, functionalCurrency } = entity;
        const event = eventStating(known, { entityId: id, name, functionalCurrency, joinedOn, leftOn }, this.clock.today());
        if (event === undefined) return undefined;
        const [appended] = await this.store.append(tx, eventContext(context), [
          { category: ENTITY_CATEGORY, key: id, expectedVersion: known?.version ?? 0, events: [event] },
        ]);
        return { position: appended?.lastPosition ?? 0n, outcome: known === undefined ? ('registered' as const) : ('amended' as const) };
      });
      if (recorded === undefined) return { id, outcome: 'unchanged' };
      await this.store.settle(recorded.position);
      return { id, outcome: recorded.outcome };
    } catch (error) {
      // Somebody stated it in between: what is said now is compared with that.
      if (error instanceof VersionConflict) return this.execute(command);
      throw error;
    }
  }
}
