import { canonicalJson, contentHash, HASH_VERSION, type JsonObject, type Position, type Tx } from '@app/event-store';

interface StoredRow {
  position: Position;
  version: number;
  category: string | null;
  key: string | null;
  type: string | null;
  schema_version: number;
  effective_on: string;
  principal_id: string;
  correlation_id: string;
  causation_position: Position | null;
  source_id: string | null;
  source_row: number | null;
  hash_version: number;
  hash: Buffer;
  data: JsonObject;
}

export interface RecheckedEvents {
  readonly events: number;
  readonly first: Position | null;
  readonly last: Position | null;
  /** Events whose content is not what was hashed when they were recorded. */
  readonly altered: readonly { readonly position: Position; readonly detail: string }[];
}

/** Hashes the tenant's own events again, `limit` of them: those after a position, or the latest before the settled one. */
export async function recheckEvents(
  tx: Tx,
  tenantId: number,
  range: { readonly after: Position | undefined; readonly upTo: Position; readonly limit: number },
): Promise<RecheckedEvents> {
  const rows = await tx.query<StoredRow>(
    `SELECT e.position, e.version, s.category, s.key, t.name AS type, e.schema_version, e.effective_on, e.principal_id, e.correlation_id,
            e.causation_position, e.source_id, e.source_row, e.hash_version, e.hash, e.data
       FROM (SELECT * FROM es.event WHERE tenant_id = $1 AND position > $2 AND position <= $3
              ORDER BY position ${range.after === undefined ? 'DESC' : 'ASC'} LIMIT $4) e
       LEFT JOIN es.stream s ON s.tenant_id = e.tenant_id AND s.stream_id = e.stream_id
       LEFT JOIN es.event_type t ON t.code = e.type
      ORDER BY e.position`,
    [tenantId, range.after ?? 0n, range.upTo, range.limit],
  );
  const altered = rows.flatMap((row) => {
    const detail = faultOf(tenantId, row);
    return detail === undefined ? [] : [{ position: row.position, detail }];
  });
  return { events: rows.length, first: rows[0]?.position ?? null, last: rows.at(-1)?.position ?? null, altered };
}

function faultOf(tenantId: number, row: StoredRow): string | undefined {
  const { category, key, type } = row;
  if (category === null || key === null) return 'its stream is gone';
  if (type === null) return 'its type is not registered';
  if (row.hash_version !== HASH_VERSION) return `its hash version ${String(row.hash_version)} is unknown`;
  const expected = contentHash(
    {
      tenantId,
      principalId: row.principal_id,
      correlationId: row.correlation_id,
      causationPosition: row.causation_position,
      sourceId: row.source_id,
    },
    {
      category,
      key,
      version: row.version,
      type,
      schemaVersion: row.schema_version,
      effectiveOn: row.effective_on,
      sourceRow: row.source_row,
      dataText: canonicalJson(row.data),
    },
  );
  return expected === row.hash.toString('hex') ? undefined : 'its content does not match its hash';
}
