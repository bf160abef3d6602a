import type { EventCatalogue } from '../catalogue';
import type { JsonObject, Position, StoredEvent, Tx } from '../types';

/** Events of one readAfter call unless the caller asks for fewer. */
export const READ_EVENTS_MAX = 10_000;
const LAST_POSITION = 9_223_372_036_854_775_807n;

const COLUMNS = `e.position, e.stream_id, s.category, s.key, e.version, e.type, e.schema_version, e.effective_on, e.recorded_at, e.principal_id,
  e.correlation_id, e.causation_position, e.source_id, e.source_row, e.data`;
const FROM = 'FROM es.event e JOIN es.stream s ON s.tenant_id = e.tenant_id AND s.stream_id = e.stream_id';

interface EventRow {
  position: Position;
  stream_id: bigint;
  category: string;
  key: string;
  version: number;
  type: number;
  schema_version: number;
  effective_on: string;
  recorded_at: Date;
  principal_id: string;
  correlation_id: string;
  causation_position: Position | null;
  source_id: string | null;
  source_row: number | null;
  data: JsonObject;
}

/** Events of one stream in the order of their versions. */
export async function readStream(
  catalogue: EventCatalogue,
  tx: Tx,
  category: string,
  key: string,
  upTo?: Position,
): Promise<StoredEvent[]> {
  const tenantId = tenantOf(tx);
  const rows = await tx.query<EventRow>(
    `SELECT ${COLUMNS} ${FROM} WHERE s.tenant_id = $1 AND s.category = $2 AND s.key = $3 AND e.tenant_id = $1 AND e.position <= $4 ORDER BY e.version`,
    [tenantId, category, key, upTo ?? LAST_POSITION],
  );
  return rows.map((row) => storedEvent(catalogue, tenantId, row));
}

/** Events of several streams of a category, each in the order of its versions. Keys without a stream are missing. */
export async function readStreams(
  catalogue: EventCatalogue,
  tx: Tx,
  category: string,
  keys: readonly string[],
  upTo?: Position,
): Promise<StoredEvent[]> {
  const tenantId = tenantOf(tx);
  const rows = await tx.query<EventRow>(
    `SELECT ${COLUMNS} FROM unnest($3::text[]) AS w(key)
       JOIN es.stream s ON s.tenant_id = $1 AND s.category = $2 AND s.key = w.key COLLATE "C"
       JOIN es.event e ON e.tenant_id = $1 AND e.stream_id = s.stream_id
      WHERE e.position <= $4 ORDER BY s.key, e.version`,
    [tenantId, category, keys, upTo ?? LAST_POSITION],
  );
  return rows.map((row) => storedEvent(catalogue, tenantId, row));
}

/** The events at some positions, in the order of the positions. */
export async function readPositions(catalogue: EventCatalogue, tx: Tx, positions: readonly Position[]): Promise<StoredEvent[]> {
  const tenantId = tenantOf(tx);
  const rows = await tx.query<EventRow>(
    `SELECT ${COLUMNS} ${FROM} WHERE e.tenant_id = $1 AND e.position = ANY($2::bigint[]) ORDER BY e.position`,
    [tenantId, positions],
  );
  return rows.map((row) => storedEvent(catalogue, tenantId, row));
}

/** Every event of a category by position. For small policy categories: nothing bounds the result. */
export async function readCategory(catalogue: EventCatalogue, tx: Tx, category: string, upTo?: Position): Promise<StoredEvent[]> {
  const tenantId = tenantOf(tx);
  const rows = await tx.query<EventRow>(
    `SELECT ${COLUMNS} ${FROM} WHERE s.tenant_id = $1 AND s.category = $2 AND e.tenant_id = $1 AND e.position <= $3 ORDER BY e.position`,
    [tenantId, category, upTo ?? LAST_POSITION],
  );
  return rows.map((row) => storedEvent(catalogue, tenantId, row));
}

/** Streams of a category by the position of their first event, newest first: pages of a list without reading what else they hold. */
export async function readNewestStreams(
  tx: Tx,
  category: string,
  { upTo, before, limit }: { readonly upTo: Position; readonly before: Position; readonly limit: number },
): Promise<{ key: string; position: Position }[]> {
  return tx.query<{ key: string; position: Position }>(
    `SELECT s.key, e.position ${FROM}
      WHERE s.tenant_id = $1 AND s.category = $2 AND e.tenant_id = $1 AND e.version = 1 AND e.position <= $3 AND e.position < $4
      ORDER BY e.position DESC LIMIT $5`,
    [tenantOf(tx), category, upTo, before, limit],
  );
}

/** Events after one position up to another, by position, at most `limit`. */
export async function readAfter(
  catalogue: EventCatalogue,
  tx: Tx,
  after: Position,
  upTo: Position,
  options: { types?: readonly string[]; limit?: number } = {},
): Promise<StoredEvent[]> {
  const tenantId = tenantOf(tx);
  const codes = options.types?.map((type) => catalogue.ofType(type).code) ?? null;
  const rows = await tx.query<EventRow>(
    `SELECT ${COLUMNS} ${FROM} WHERE e.tenant_id = $1 AND e.position > $2 AND e.position <= $3 ${codes === null ? '' : 'AND e.type = ANY($5::smallint[])'}
      ORDER BY e.position LIMIT $4`,
    [tenantId, after, upTo, Math.min(options.limit ?? READ_EVENTS_MAX, READ_EVENTS_MAX), ...(codes === null ? [] : [codes])],
  );
  return rows.map((row) => storedEvent(catalogue, tenantId, row));
}

function storedEvent(catalogue: EventCatalogue, tenantId: number, row: EventRow): StoredEvent {
  const definition = catalogue.ofCode(row.type);
  return {
    tenantId,
    position: row.position,
    streamId: row.stream_id,
    category: row.category,
    key: row.key,
    version: row.version,
    type: definition.type,
    schemaVersion: definition.schemaVersion,
    effectiveOn: row.effective_on,
    recordedAt: row.recorded_at,
    principalId: row.principal_id,
    correlationId: row.correlation_id,
    causationPosition: row.causation_position,
    sourceId: row.source_id,
    sourceRow: row.source_row,
    data: catalogue.upcast(definition, row.schema_version, row.data),
  };
}

function tenantOf(tx: Tx): number {
  if (tx.tenantId === null) throw new Error('reading events needs a transaction with a tenant');
  return tx.tenantId;
}
