import type { JsonObject, NewEvent } from '@app/event-store';
import type { z } from 'zod';
import { alertingEventSchemas, type AlertingEventType } from './events';

type DataOf<Type extends AlertingEventType> = z.input<(typeof alertingEventSchemas)[Type]>;

/** A new event with its data checked before it is stored for good. */
export function newEvent<Type extends AlertingEventType>(type: Type, effectiveOn: string, data: DataOf<Type>): NewEvent {
  const schema: z.ZodType = alertingEventSchemas[type];
  return { type, effectiveOn, data: schema.parse(data) as JsonObject };
}
