import * as crypto from 'node:crypto';
import { canonicalJson } from './canonical-json';
import type { Position } from './types';

/** Version of the canonical form below. Every stored hash names the form it was made with. */
export const HASH_VERSION = 1;

/** The part of an event's hashed fields that the events of one append share. */
export interface SharedHashedFields {
  tenantId: number;
  principalId: string;
  correlationId: string;
  causationPosition: Position | null;
  sourceId: string | null;
}

/** The rest. `dataText` is canonical JSON. */
export interface OwnHashedFields {
  category: string;
  key: string;
  version: number;
  type: string;
  schemaVersion: number;
  effectiveOn: string;
  sourceRow: number | null;
  dataText: string;
}

/**
 * Writes the text that is hashed, RFC 8785 over
 * `{category, causation, correlation, data, effectiveOn, key, principal, schemaVersion, source: {id, row} | null, tenant, type, version}`;
 * causation is a decimal string or null. It covers everything the writer said and nothing the database added (position, recorded_at,
 * stream id), so it can be computed before the insert and again from the stored row.
 */
export function canonicalEventWriter(shared: SharedHashedFields): (event: OwnHashedFields) => string {
  const causation = shared.causationPosition === null ? 'null' : `"${shared.causationPosition}"`;
  const data = `,"causation":${causation},"correlation":"${shared.correlationId}","data":`;
  const schemaVersion = `,"principal":"${shared.principalId}","schemaVersion":`;
  const source = shared.sourceId === null ? ',"source":null' : `,"source":{"id":"${shared.sourceId}","row":`;
  const type = `${shared.sourceId === null ? '' : '}'},"tenant":${shared.tenantId},"type":`;
  return (event) =>
    `{"category":${canonicalJson(event.category)}${data}${event.dataText},"effectiveOn":"${event.effectiveOn}","key":${canonicalJson(event.key)}` +
    `${schemaVersion}${event.schemaVersion}${source}${shared.sourceId === null ? '' : (event.sourceRow ?? 'null')}${type}${canonicalJson(event.type)},` +
    `"version":${event.version}}`;
}

/** Content hash of an event as 64 hexadecimal digits. */
export function contentHash(shared: SharedHashedFields, event: OwnHashedFields): string {
  return sha256Hex(canonicalEventWriter(shared)(event));
}

/** sha256 in hexadecimal. Node 20.12 brought a one-shot call that costs half. */
export const sha256Hex: (text: string) => string =
  typeof crypto.hash === 'function'
    ? (text) => crypto.hash('sha256', text, 'hex')
    : (text) => crypto.createHash('sha256').update(text).digest('hex');
