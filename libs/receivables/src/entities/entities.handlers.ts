import type { EventStore, Position, Tx } from '@app/event-store';
import { EVENT_STORE, Refusal } from '@app/platform';
import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { readAt } from '../exposure/read-at';
import type { DisposalState } from './disposal.fold';
import { readDisposal } from './disposal.fold';
import type { EntityView } from './entities.queries';
import { GetDisposalQuery, ListEntitiesQuery } from './entities.queries';
import type { LegalEntity } from './entity.fold';
import { hasLeft, isToJoin, MAIN_ENTITY, readEntities } from './entity.fold';

@QueryHandler(ListEntitiesQuery)
export class ListEntitiesHandler implements IQueryHandler<ListEntitiesQuery> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  execute({ tenantId, at: { asOf, knownAt } }: ListEntitiesQuery) {
    return readAt(this.store, tenantId, knownAt, async (tx, known) => {
      const registered = await readEntities(this.store, tx, known.position);
      const named = await namedByTheBook(tx, tenantId, known.position);
      const ids = [...new Set([...registered.keys(), ...named])].filter((id) => id !== MAIN_ENTITY).sort();
      return { asOf, ...known, items: [MAIN_ENTITY, ...ids].map((id) => viewOf(id, registered.get(id), asOf)) };
    });
  }
}

/** Entities that receivables, or credit of debtors, name. */
async function namedByTheBook(tx: Tx, tenantId: number, position: Position): Promise<string[]> {
  const rows = await tx.query<{ entity_id: string }>(
    `SELECT entity_id FROM rc.book_entity WHERE tenant_id = $1 AND position <= $2
     UNION SELECT entity_id FROM rc.credit_entry WHERE tenant_id = $1 AND position <= $2`,
    [tenantId, position],
  );
  return rows.map((row) => row.entity_id);
}

function viewOf(entityId: string, entity: LegalEntity | undefined, asOf: string): EntityView {
  return {
    entityId,
    name: entity?.name ?? '',
    functionalCurrency: entity?.functionalCurrency ?? null,
    joinedOn: entity?.joinedOn ?? null,
    leftOn: entity?.leftOn ?? null,
    active: !hasLeft(entity, asOf) && !isToJoin(entity, asOf),
    implicit: entity === undefined,
  };
}

@QueryHandler(GetDisposalQuery)
export class GetDisposalHandler implements IQueryHandler<GetDisposalQuery> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  async execute({ tenantId, entityId, disposalId }: GetDisposalQuery): Promise<DisposalState> {
    const disposal = await this.store.database.read(tenantId, (tx) => readDisposal(this.store, tx, disposalId));
    if (disposal?.entityId !== entityId) throw new Refusal('disposal-not-found', `There is no disposal '${disposalId}' of '${entityId}'.`);
    return disposal;
  }
}
