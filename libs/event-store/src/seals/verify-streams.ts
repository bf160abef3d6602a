import type { Database } from '../database';
import type { Position } from '../types';
import type { LogProblem } from './verify-log';

/** Streams compared in one statement. */
const STREAMS_AT_ONCE = 50_000;

interface BrokenStream {
  tenant_id: number;
  category: string;
  key: string;
  version: number;
  events: number;
  last_version: number;
  last_position: Position | null;
}

/**
 * Streams that do not have as many events as their head says: finds what was removed behind the last seal, where no root covers it.
 * Appends that run meanwhile are no trouble, because a head and its events commit together.
 */
export async function* brokenStreams(database: Database, lastPosition: Position): AsyncGenerator<LogProblem> {
  const tenants = await database.statement<{ tenant_id: number }>('SELECT tenant_id FROM es.tenants() AS t(tenant_id)');
  for (const { tenant_id: tenantId } of tenants) {
    for (let after = 0n; ;) {
      const next: bigint | null = await lastOfRange(database, tenantId, after);
      if (next === null) break;
      const rows = await database.statement<BrokenStream>(
        `SELECT s.tenant_id, s.category, s.key, s.version, count(e.position)::int AS events, coalesce(max(e.version), 0) AS last_version,
                max(e.position) AS last_position
           FROM es.stream s LEFT JOIN es.event e ON e.tenant_id = s.tenant_id AND e.stream_id = s.stream_id
          WHERE s.tenant_id = $1 AND s.stream_id > $2 AND s.stream_id <= $3
          GROUP BY s.tenant_id, s.stream_id
         HAVING count(e.position) <> s.version OR coalesce(max(e.version), 0) <> s.version`,
        [tenantId, after, next],
      );
      for (const row of rows) yield problemOf(row, lastPosition);
      after = next;
    }
  }
}

function problemOf(row: BrokenStream, lastPosition: Position): LogProblem {
  const cut = row.last_version === row.events && row.events < row.version;
  const position = row.last_position ?? lastPosition;
  return {
    kind: row.events > row.version ? 'inserted' : cut ? 'truncated' : 'deleted',
    fromPosition: position,
    toPosition: position,
    detail: `${row.category}/${row.key} of tenant ${row.tenant_id} has ${row.events} events, the last of version ${row.last_version}; its head says ${row.version}`,
  };
}

async function lastOfRange(database: Database, tenantId: number, after: bigint): Promise<bigint | null> {
  const [row] = await database.statement<{ last: bigint | null }>(
    `SELECT max(stream_id) AS last FROM (SELECT stream_id FROM es.stream WHERE tenant_id = $1 AND stream_id > $2 ORDER BY stream_id LIMIT ${STREAMS_AT_ONCE}) range`,
    [tenantId, after],
  );
  return row?.last ?? null;
}
