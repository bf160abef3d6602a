import type { EventCatalogue } from '../catalogue';
import { HASH_VERSION } from '../content-hash';
import { EventInvalid } from '../errors';
import type { AppendedStream, EventContext, Position, StreamAppend } from '../types';
import { plainArray, textArray } from './array-literal';
import { checkStream, eventPreparation } from './prepared-event';

export const APPEND_SQL =
  'SELECT stream_ids, actual_versions, positions FROM es.append($1, $2, $3, $4::text[], $5::text[], $6::int[], $7::int[], $8::int[], $9::int[], $10::int[], $11::int[], ' +
  '$12::date[], $13::uuid[], $14::uuid[], $15::bigint[], $16::bytea[], $17::text[], $18)';

/** One stream append with everything computed that does not need the database. */
export interface PreparedAppend {
  append: StreamAppend;
  context: EventContext;
  typeCodes: number[];
  schemaVersions: number[];
  hashes: string[];
  dataTexts: string[];
}

export interface AppendRow {
  stream_ids: (bigint | null)[];
  actual_versions: (number | null)[];
  positions: Position[];
}

/** Checks and hashes the events of one append. Throws EventInvalid. */
export function prepareAppend(catalogue: EventCatalogue, context: EventContext, append: StreamAppend): PreparedAppend {
  const prepareEvent = eventPreparation(catalogue, context, null);
  checkStream(append.category, append.key, append.expectedVersion);
  if (append.events.length === 0) throw new EventInvalid(`${append.category}/${append.key}: an append without events`);
  const prepared: PreparedAppend = { append, context, typeCodes: [], schemaVersions: [], hashes: [], dataTexts: [] };
  append.events.forEach((event, index) => {
    const one = prepareEvent(append.category, append.key, append.expectedVersion + index + 1, event, null);
    prepared.typeCodes.push(one.definition.code);
    prepared.schemaVersions.push(one.definition.schemaVersion);
    prepared.hashes.push('\\x' + one.hashHex);
    prepared.dataTexts.push(one.dataText);
  });
  return prepared;
}

/** Parameters of es.append. `all`: the first conflict fails the whole statement. */
export function appendParameters(
  tenantId: number,
  prepared: readonly PreparedAppend[],
  mode: { claimTenant: boolean; all: boolean },
): unknown[] {
  const items: number[] = [];
  const versions: number[] = [];
  const effectiveOn: string[] = [];
  const principals: string[] = [];
  const correlations: string[] = [];
  const causations: (bigint | null)[] = [];
  prepared.forEach(({ append, context }, item) => {
    append.events.forEach((event, index) => {
      items.push(item + 1);
      versions.push(append.expectedVersion + index + 1);
      effectiveOn.push(event.effectiveOn);
      principals.push(context.principalId);
      correlations.push(context.correlationId);
      causations.push(context.causationPosition ?? null);
    });
  });
  return [
    tenantId,
    mode.claimTenant,
    mode.all,
    textArray(prepared.map((p) => p.append.category)),
    textArray(prepared.map((p) => p.append.key)),
    plainArray(prepared.map((p) => p.append.expectedVersion)),
    plainArray(prepared.map((p) => p.append.events.length)),
    plainArray(items),
    plainArray(versions),
    plainArray(prepared.flatMap((p) => p.typeCodes)),
    plainArray(prepared.flatMap((p) => p.schemaVersions)),
    plainArray(effectiveOn),
    plainArray(principals),
    plainArray(correlations),
    plainArray(causations),
    textArray(prepared.flatMap((p) => p.hashes)),
    textArray(prepared.flatMap((p) => p.dataTexts)),
    HASH_VERSION,
  ];
}

/** What became of each append: its place in the log, or the version found instead. */
export function appendOutcomes(prepared: readonly PreparedAppend[], row: AppendRow): (AppendedStream | { actualVersion: number })[] {
  let next = 0;
  return prepared.map(({ append }, item) => {
    const streamId = row.stream_ids[item] ?? null;
    if (streamId === null) return { actualVersion: row.actual_versions[item] ?? 0 };
    const firstPosition = row.positions[next];
    next += append.events.length;
    const lastPosition = row.positions[next - 1];
    if (firstPosition === undefined || lastPosition === undefined)
      throw new Error(`${append.category}/${append.key}: the log gave no position`);
    return { streamId, version: append.expectedVersion + append.events.length, firstPosition, lastPosition };
  });
}
