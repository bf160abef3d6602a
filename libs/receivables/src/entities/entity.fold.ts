import type { EventStore, Position, StoredEvent, Tx } from '@app/event-store';
import { entityRegisteredData } from '../events';

export const ENTITY_CATEGORY = 'entity';
/** The entity of everything that names none: it is there from the beginning and never leaves. */
export const MAIN_ENTITY = 'main';

export interface LegalEntity {
  readonly entityId: string;
  readonly name: string;
  readonly functionalCurrency: string | null;
  /** first and last day in the group; null = open. */
  readonly joinedOn: string | null;
  readonly leftOn: string | null;
  /** version of its stream. */
  readonly version: number;
}

export type Entities = ReadonlyMap<string, LegalEntity>;

/** Registered entities by id, from events given by position; an amendment states an entity anew. */
export function foldEntities(events: readonly StoredEvent[]): Entities {
  const entities = new Map<string, LegalEntity>();
  for (const event of events) {
    const { version } = event;
    if (event.type === 'EntityRegistered' || event.type === 'EntityAmended') {
      const stated = entityRegisteredData.parse(event.data);
      entities.set(stated.entityId, { ...stated, version });
    } else {
      const known = entities.get(event.key);
      if (known !== undefined) entities.set(event.key, { ...known, version });
    }
  }
  return entities;
}

/** The entities registered up to a position; they are few. */
export async function readEntities(store: EventStore, tx: Tx, upTo?: Position): Promise<Entities> {
  return foldEntities(await store.readCategory(tx, ENTITY_CATEGORY, upTo));
}

/** Whether an entity has left the group before a day; its last day is its own. */
export function hasLeft(entity: LegalEntity | undefined, on: string): entity is LegalEntity & { readonly leftOn: string } {
  return entity !== undefined && entity.leftOn !== null && on > entity.leftOn;
}

/** Whether an entity is not yet in the group on a day. */
export function isToJoin(entity: LegalEntity | undefined, on: string): entity is LegalEntity & { readonly joinedOn: string } {
  return entity !== undefined && entity.joinedOn !== null && on < entity.joinedOn;
}
