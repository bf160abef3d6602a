import { createHash } from 'node:crypto';
import * as crypto from 'node:crypto';
import { canonicalJson } from './canonical-json';
import type { Position } from './types';

/** Version of the canonical form below. Every stored hash names the form it was made with. */
export const HASH_VERSION = 1;

/** What the content hash covers: everything the writer said, nothing the database added (position, recorded_at, stream id). */
export interface HashedFields {
  tenantId: number;
  category: string;
  key: string;
  version: number;
  type: string;
  schemaVersion: number;
  effectiveOn: string;
  principalId: string;
  correlationId: string;
  causationPosition: Position | null;
  sourceId: string | null;
  sourceRow: number | null;
}

/**
 * The text that is hashed, RFC 8785 over
 * `{causation, category, correlation, data, effectiveOn, key, principal, schemaVersion, source: {id, row} | null, tenant, type, version}`;
 * causation is a decimal string or null. `dataText` must be canonical already.
 */
export function canonicalEvent(event: HashedFields, dataText: string): string {
  const source = event.sourceId === null ? 'null' : `{"id":"${event.sourceId}","row":${event.sourceRow ?? 'null'}}`;
  return (
    `{"causation":${event.causationPosition === null ? 'null' : `"${event.causationPosition}"`},"category":${canonicalJson(event.category)},` +
    `"correlation":"${event.correlationId}","data":${dataText},"effectiveOn":"${event.effectiveOn}","key":${canonicalJson(event.key)},` +
    `"principal":"${event.principalId}","schemaVersion":${event.schemaVersion},"source":${source},"tenant":${event.tenantId},` +
    `"type":${canonicalJson(event.type)},"version":${event.version}}`
  );
}

/** Content hash of an event as 64 hexadecimal digits. */
export function contentHash(event: HashedFields, dataText: string): string {
  return sha256Hex(canonicalEvent(event, dataText));
}

/** sha256 in hexadecimal. Node 20.12 brought a one-shot call that costs half. */
export const sha256Hex: (text: string) => string =
  typeof crypto.hash === 'function'
    ? (text) => crypto.hash('sha256', text, 'hex')
    : (text) => createHash('sha256').update(text).digest('hex');
