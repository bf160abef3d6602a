import type { JsonObject, NewEvent, StoredEvent } from '@app/event-store';
import type { z } from 'zod';
import { collectionsEventSchemas, type CollectionsEventType } from './events';

export type DataOf<Type extends CollectionsEventType> = z.infer<(typeof collectionsEventSchemas)[Type]>;

/** The data of a stored event, checked: an event of this feature that does not fit its schema is a defect and stops the reading. */
export function dataOf<Type extends CollectionsEventType>(type: Type, event: StoredEvent): DataOf<Type> {
  const schema: z.ZodType = collectionsEventSchemas[type];
  return schema.parse(event.data) as DataOf<Type>;
}

/** A new event with its data checked before it is stored for good. */
export function newEvent<Type extends CollectionsEventType>(type: Type, effectiveOn: string, data: DataOf<Type>): NewEvent {
  const schema: z.ZodType = collectionsEventSchemas[type];
  return { type, effectiveOn, data: schema.parse(data) as JsonObject };
}
