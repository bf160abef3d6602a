import { canonicalJson } from '../canonical-json';
import { contentHash, HASH_VERSION } from '../content-hash';
import type { Database } from '../database';
import type { JsonObject, Position } from '../types';

/** An event as it lies in the table, with the head of its stream if there is one. */
export interface StoredContent {
  tenant_id: number;
  position: Position;
  stream_id: bigint;
  version: number;
  category: string | null;
  key: string | null;
  type: string | null;
  schema_version: number;
  effective_on: string;
  recorded_us: bigint;
  principal_id: string;
  correlation_id: string;
  causation_position: Position | null;
  source_id: string | null;
  source_row: number | null;
  hash_version: number;
  hash: Buffer;
  data: JsonObject;
}

/** Every tenant's events with from <= position <= to, by position. */
export function storedContent(database: Database, from: Position, to: Position): Promise<StoredContent[]> {
  return database.statement<StoredContent>(
    `SELECT e.*, s.category, s.key, t.name AS type
       FROM (SELECT b.* FROM es.tenants() AS tenant(id)
              CROSS JOIN LATERAL (SELECT e.tenant_id, e.position, e.stream_id, e.version, e.type AS type_code, e.schema_version, e.effective_on,
                                         (extract(epoch FROM e.recorded_at) * 1000000)::bigint AS recorded_us, e.principal_id, e.correlation_id,
                                         e.causation_position, e.source_id, e.source_row, e.hash_version, e.hash, e.data
                                    FROM es.event e WHERE e.tenant_id = tenant.id AND e.position >= $1 AND e.position <= $2 OFFSET 0) b) e
       LEFT JOIN es.stream s ON s.tenant_id = e.tenant_id AND s.stream_id = e.stream_id
       LEFT JOIN es.event_type t ON t.code = e.type_code
      ORDER BY e.position`,
    [from, to],
  );
}

/** What is wrong with one event taken by itself; undefined when its content is what was hashed. */
export function contentFault(event: StoredContent): string | undefined {
  if (event.category === null || event.key === null) return 'its stream is gone';
  if (event.type === null) return 'its type is not registered';
  if (event.hash_version !== HASH_VERSION) return `its hash version ${event.hash_version} is unknown`;
  let dataText: string;
  try {
    dataText = canonicalJson(event.data);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const expected = contentHash(
    {
      tenantId: event.tenant_id,
      principalId: event.principal_id,
      correlationId: event.correlation_id,
      causationPosition: event.causation_position,
      sourceId: event.source_id,
    },
    {
      category: event.category,
      key: event.key,
      version: event.version,
      type: event.type,
      schemaVersion: event.schema_version,
      effectiveOn: event.effective_on,
      sourceRow: event.source_row,
      dataText,
    },
  );
  return expected === event.hash.toString('hex') ? undefined : 'its content does not match its hash';
}
