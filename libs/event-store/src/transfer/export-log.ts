import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { Database } from '../database';
import type { Position, Tx } from '../types';

/** Version of the file's form: lines of JSON, each with one member that names its kind. */
export const LOG_FILE_VERSION = 1;
const LINES_AT_ONCE = 5_000;

export interface LogTransfer {
  streams: number;
  events: number;
  settled: number;
  seals: number;
  lastPosition: Position;
}

/**
 * Writes the whole log as lines of JSON from one snapshot: event types, streams, events by position, settled marks, seals, and an end line
 * with the counts. Positions and stream ids are kept. Needs the worker role. The caller ends the stream.
 */
export function exportLog(database: Database, writable: Writable): Promise<LogTransfer> {
  return database.read(null, async (tx) => {
    const [last] = await tx.query<{ position: Position; stream_id: bigint }>(
      'SELECT (SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM es.position) AS position, (SELECT last_value FROM es.stream_id) AS stream_id',
    );
    const lastPosition = last?.position ?? 0n;
    await writeText(
      writable,
      `{"arrearsLog":{"version":${LOG_FILE_VERSION},"lastPosition":${lastPosition},"lastStreamId":${last?.stream_id ?? 1n}}}\n`,
    );
    await writeRows(
      tx,
      writable,
      `SELECT json_build_object('type', json_build_object('code', code, 'name', name, 'schema_version', schema_version))::text AS line
      FROM es.event_type ORDER BY code`,
    );
    const streams = await writeStreams(tx, writable);
    const events = await writeEvents(tx, writable, lastPosition);
    const settled = await writePaged(tx, writable, 'settled', 'position');
    const seals = await writePaged(tx, writable, 'seal', 'to_position');
    await writeText(writable, `${JSON.stringify({ end: { streams, events, settled, seals } })}\n`);
    return { streams, events, settled, seals, lastPosition };
  });
}

async function writeStreams(tx: Tx, writable: Writable): Promise<number> {
  let tenantId = -2_147_483_648;
  let streamId = 0n;
  for (let written = 0; ;) {
    const rows = await tx.query<{ tenant_id: number; stream_id: bigint; line: string }>(
      `SELECT tenant_id, stream_id, json_build_object('stream', s)::text AS line FROM es.stream s
        WHERE (tenant_id, stream_id) > ($1, $2) ORDER BY tenant_id, stream_id LIMIT ${LINES_AT_ONCE}`,
      [tenantId, streamId],
    );
    const last = rows.at(-1);
    if (last === undefined) return written;
    await writeLines(writable, rows);
    written += rows.length;
    ({ tenant_id: tenantId, stream_id: streamId } = last);
  }
}

async function writeEvents(tx: Tx, writable: Writable, lastPosition: Position): Promise<number> {
  let written = 0;
  for (let from = 1n; from <= lastPosition; from += BigInt(LINES_AT_ONCE)) {
    const rows = await tx.query<{ line: string }>(
      `SELECT json_build_object('event', e)::text AS line
         FROM es.tenants() AS tenant(id)
        CROSS JOIN LATERAL (SELECT * FROM es.event e WHERE e.tenant_id = tenant.id AND e.position >= $1 AND e.position < $2 OFFSET 0) e
        ORDER BY e.position`,
      [from, from + BigInt(LINES_AT_ONCE)],
    );
    await writeLines(writable, rows);
    written += rows.length;
  }
  return written;
}

async function writePaged(tx: Tx, writable: Writable, table: 'settled' | 'seal', key: string): Promise<number> {
  let after = 0n;
  for (let written = 0; ;) {
    const rows = await tx.query<{ key: bigint; line: string }>(
      `SELECT ${key} AS key, json_build_object('${table}', t)::text AS line FROM es.${table} t WHERE ${key} > $1 ORDER BY ${key} LIMIT ${LINES_AT_ONCE}`,
      [after],
    );
    const last = rows.at(-1);
    if (last === undefined) return written;
    await writeLines(writable, rows);
    written += rows.length;
    after = last.key;
  }
}

async function writeRows(tx: Tx, writable: Writable, sql: string): Promise<void> {
  await writeLines(writable, await tx.query<{ line: string }>(sql));
}

async function writeLines(writable: Writable, rows: readonly { line: string }[]): Promise<void> {
  if (rows.length > 0) await writeText(writable, `${rows.map((row) => row.line).join('\n')}\n`);
}

async function writeText(writable: Writable, text: string): Promise<void> {
  if (!writable.write(text)) await once(writable, 'drain');
}
