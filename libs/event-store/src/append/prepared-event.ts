import { canonicalJson } from '../canonical-json';
import type { EventCatalogue } from '../catalogue';
import { contentHash } from '../content-hash';
import { EventInvalid } from '../errors';
import type { EventContext, NewEvent } from '../types';

const DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
export const STREAM_KEY_LENGTH_MAX = 300;

/** An event checked, encoded and hashed, ready for either way into the log. */
export interface PreparedEvent {
  typeCode: number;
  schemaVersion: number;
  dataText: string;
  hashHex: string;
}

/** Checks and hashes one event. Throws EventInvalid. */
export function prepareEvent(
  catalogue: EventCatalogue,
  context: EventContext,
  stream: { category: string; key: string },
  version: number,
  event: NewEvent,
  source: { id: string; row: number } | null,
): PreparedEvent {
  const definition = catalogue.ofType(event.type);
  if (!DATE.test(event.effectiveOn)) throw new EventInvalid(`${event.type}: effectiveOn '${event.effectiveOn}' is not a date`);
  const dataText = dataTextOf(event);
  const hashHex = contentHash(
    {
      tenantId: context.tenantId,
      category: stream.category,
      key: stream.key,
      version,
      type: event.type,
      schemaVersion: definition.schemaVersion,
      effectiveOn: event.effectiveOn,
      principalId: context.principalId,
      correlationId: context.correlationId,
      causationPosition: context.causationPosition ?? null,
      sourceId: source?.id ?? null,
      sourceRow: source?.row ?? null,
    },
    dataText,
  );
  return { typeCode: definition.code, schemaVersion: definition.schemaVersion, dataText, hashHex };
}

/** Refuses ids that would be stored in another spelling than the one that was hashed. Throws EventInvalid. */
export function checkContext(context: EventContext): void {
  if (!UUID.test(context.principalId)) throw new EventInvalid(`principal '${context.principalId}' is not a lower-case uuid`);
  if (!UUID.test(context.correlationId)) throw new EventInvalid(`correlation '${context.correlationId}' is not a lower-case uuid`);
  if (!Number.isInteger(context.tenantId)) throw new EventInvalid(`tenant ${context.tenantId} is not an integer`);
}

export function checkSource(sourceId: string): void {
  if (!UUID.test(sourceId)) throw new EventInvalid(`source '${sourceId}' is not a lower-case uuid`);
}

export function checkStream(category: string, key: string, expectedVersion: number): void {
  if (category === '' || key === '' || key.length > STREAM_KEY_LENGTH_MAX) throw new EventInvalid(`'${category}/${key}' is no stream name`);
  if (!Number.isInteger(expectedVersion) || expectedVersion < 0)
    throw new EventInvalid(`${category}/${key}: expected version ${expectedVersion}`);
}

function dataTextOf(event: NewEvent): string {
  try {
    return canonicalJson(event.data);
  } catch (error) {
    throw new EventInvalid(`${event.type}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
