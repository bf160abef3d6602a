import { canonicalJson, type JsonObject, type Position, type StoredEvent } from '@app/event-store';
import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { provisioningEventSchemas, type ProvisioningEventType } from './events';

export type DataOf<Type extends ProvisioningEventType> = z.infer<(typeof provisioningEventSchemas)[Type]>;

/** The data of a stored event, checked: an event of this feature that does not fit its schema is a defect and stops the reading. */
export function dataOf<Type extends ProvisioningEventType>(type: Type, event: StoredEvent): DataOf<Type> {
  const schema: z.ZodType = provisioningEventSchemas[type];
  return schema.parse(event.data) as DataOf<Type>;
}

/** A new event with its data checked before it is stored for good. */
export function newEvent<Type extends ProvisioningEventType>(
  type: Type,
  effectiveOn: string,
  data: DataOf<Type>,
): { type: Type; effectiveOn: string; data: JsonObject } {
  const schema: z.ZodType = provisioningEventSchemas[type];
  return { type, effectiveOn, data: schema.parse(data) as JsonObject };
}

/** SHA-256 of the canonical JSON, as hexadecimal. */
export function hashOf(value: JsonObject): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

/** A position as the integer JSON holds. */
export function positionNumber(position: Position): number {
  const number = Number(position);
  if (!Number.isSafeInteger(number)) throw new RangeError(`Position ${String(position)} does not fit a JSON number.`);
  return number;
}
