import type { JsonObject, NewEvent } from '@app/event-store';
import type { EntityData } from '../events';
import type { LegalEntity } from './entity.fold';

/** The event that states an entity as `stated`; undefined when it says so already. */
export function eventStating(known: LegalEntity | undefined, stated: EntityData, today: string): NewEvent | undefined {
  const fields = ['name', 'functionalCurrency', 'joinedOn', 'leftOn'] as const;
  if (known !== undefined && fields.every((field) => known[field] === stated[field])) return undefined;
  const data: JsonObject = { ...stated };
  return { type: known === undefined ? 'EntityRegistered' : 'EntityAmended', effectiveOn: today, data };
}
