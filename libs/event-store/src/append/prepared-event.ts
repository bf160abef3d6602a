import { canonicalJson } from '../canonical-json';
import type { EventCatalogue } from '../catalogue';
import { canonicalEventWriter, sha256Hex } from '../content-hash';
import { EventInvalid } from '../errors';
import type { EventContext, EventDefinition, NewEvent } from '../types';

const DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const STREAM_KEY_LENGTH_MAX = 300;

/** An event checked, encoded and hashed, ready for either way into the log. */
export interface PreparedEvent {
  definition: EventDefinition;
  dataText: string;
  hashHex: string;
}

/** Checks, encodes and hashes the event at a version of a stream; the row is its place in the source. Throws EventInvalid. */
export type PrepareEvent = (category: string, key: string, version: number, event: NewEvent, sourceRow: number | null) => PreparedEvent;

/** Makes the preparation of events of one context and source. Throws EventInvalid for ids that would be stored in another spelling. */
export function eventPreparation(catalogue: EventCatalogue, context: EventContext, sourceId: string | null): PrepareEvent {
  if (!UUID.test(context.principalId)) throw new EventInvalid(`principal '${context.principalId}' is not a lower-case uuid`);
  if (!UUID.test(context.correlationId)) throw new EventInvalid(`correlation '${context.correlationId}' is not a lower-case uuid`);
  if (!Number.isInteger(context.tenantId)) throw new EventInvalid(`tenant ${context.tenantId} is not an integer`);
  if (sourceId !== null && !UUID.test(sourceId)) throw new EventInvalid(`source '${sourceId}' is not a lower-case uuid`);
  const { tenantId, principalId, correlationId } = context;
  const write = canonicalEventWriter({
    tenantId,
    principalId,
    correlationId,
    causationPosition: context.causationPosition ?? null,
    sourceId,
  });
  let date = '';
  return (category, key, version, event, sourceRow) => {
    const { type, effectiveOn } = event;
    const definition = catalogue.ofType(type);
    // The dates of an import repeat, so the last good one is remembered.
    if (effectiveOn !== date && !DATE.test(effectiveOn)) throw new EventInvalid(`${type}: effectiveOn '${effectiveOn}' is not a date`);
    date = effectiveOn;
    const dataText = dataTextOf(event);
    const { schemaVersion } = definition;
    return {
      definition,
      dataText,
      hashHex: sha256Hex(write({ category, key, version, type, schemaVersion, effectiveOn, sourceRow, dataText })),
    };
  };
}

/** Refuses what cannot name a stream or its version. Throws EventInvalid. */
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
