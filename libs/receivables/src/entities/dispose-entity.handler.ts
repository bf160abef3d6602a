import type { StreamAppend, Tx } from '@app/event-store';
import { VersionConflict, type EventStore } from '@app/event-store';
import { CLOCK, EVENT_STORE, eventContext, Intents, Refusal, type Clock } from '@app/platform';
import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { DISPOSAL_CATEGORY, readDisposal } from './disposal.fold';
import { DisposeEntityCommand } from './entities.command';
import { ENTITY_CATEGORY, hasLeft, isToJoin, MAIN_ENTITY, readEntities, type LegalEntity } from './entity.fold';
import { eventStating } from './entity-events';

export const DISPOSAL_JOB = 'dispose-entity';

@CommandHandler(DisposeEntityCommand)
export class DisposeEntityHandler implements ICommandHandler<DisposeEntityCommand> {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(Intents) private readonly intents: Intents,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  execute(command: DisposeEntityCommand): Promise<{ id: string }> {
    return this.request(command, command.context.newId());
  }

  private async request(command: DisposeEntityCommand, disposalId: string): Promise<{ id: string }> {
    const { context, disposal } = command;
    try {
      const position = await this.store.database.transaction(context.tenantId, async (tx) => {
        // The same request sent again, whose answer was lost.
        if ((await readDisposal(this.store, tx, disposalId)) !== null) return 0n;
        const known = await this.entityToDispose(tx, context.tenantId, disposal);
        const appended = await this.store.append(tx, eventContext(context), this.appends(disposalId, disposal, known));
        await this.intents.request(tx, context.tenantId, { kind: DISPOSAL_JOB, key: disposalId, payload: { disposalId } });
        return appended.reduce((last, { lastPosition }) => (lastPosition > last ? lastPosition : last), 0n);
      });
      await this.store.settle(position);
      return { id: disposalId };
    } catch (error) {
      // The entity was amended in between: the disposal is judged by that.
      if (error instanceof VersionConflict) return this.request(command, disposalId);
      throw error;
    }
  }

  /** The entity as registered; undefined when receivables name it and nobody registered it. */
  private async entityToDispose(
    tx: Tx,
    tenantId: number,
    { entityId, on }: DisposeEntityCommand['disposal'],
  ): Promise<LegalEntity | undefined> {
    if (entityId === MAIN_ENTITY) throw new Refusal('entity-built-in', `The entity '${MAIN_ENTITY}' is built in and does not leave.`);
    const known = (await readEntities(this.store, tx)).get(entityId);
    if (known === undefined) {
      const named = await tx.query('SELECT 1 FROM rc.book_entity WHERE tenant_id = $1 AND entity_id = $2', [tenantId, entityId]);
      if (named.length === 0) throw new Refusal('entity-not-found', `There is no entity '${entityId}'.`);
    }
    const at = [{ field: 'on', pointer: '/on' }];
    if (hasLeft(known, on)) throw new Refusal('entity-left', `The entity '${entityId}' left the group on ${known.leftOn} already.`, at);
    if (isToJoin(known, on))
      throw new Refusal('entity-not-joined', `The entity '${entityId}' joins the group on ${known.joinedOn} only.`, at);
    return known;
  }

  /** The request, and the last day of the entity with it: from now on nothing later is recognised there. */
  private appends(
    disposalId: string,
    { entityId, on, reason }: DisposeEntityCommand['disposal'],
    known: LegalEntity | undefined,
  ): StreamAppend[] {
    const { name, functionalCurrency, joinedOn } = known ?? { name: '', functionalCurrency: null, joinedOn: null };
    const left = eventStating(known, { entityId, name, functionalCurrency, joinedOn, leftOn: on }, this.clock.today());
    const requested = { type: 'EntityDisposalRequested', effectiveOn: on, data: { disposalId, entityId, on, reason } };
    return [
      { category: DISPOSAL_CATEGORY, key: disposalId, expectedVersion: 0, events: [requested] },
      ...(left === undefined ? [] : [{ category: ENTITY_CATEGORY, key: entityId, expectedVersion: known?.version ?? 0, events: [left] }]),
    ];
  }
}
