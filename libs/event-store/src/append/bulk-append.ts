import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import type { EventCatalogue } from '../catalogue';
import { HASH_VERSION } from '../content-hash';
import { EventInvalid, translateAppendError } from '../errors';
import type { BulkEvent, BulkResult, EventContext, Tx } from '../types';
import { checkTenant } from './append-in-transaction';
import { plainArray, textArray } from './array-literal';
import { checkStream, eventPreparation, type PrepareEvent } from './prepared-event';

/** Rows of one call. More would hold the heads and the settled mark for too long. */
export const BULK_ROWS_MAX = 100_000;
const COPY_CHUNK_CHARACTERS = 128 * 1024;
/** Memory for one sort in the statements of an import. */
const BULK_WORK_MEMORY = '64MB';

interface Heads {
  categories: string[];
  keys: string[];
  expectedVersions: number[];
  counts: number[];
  /** Index into the lists above, per row. */
  ofRow: number[];
}

/**
 * Appends a set of rows: COPY into a staging table, heads claimed and checked, then positions in the order of the rows.
 * A conflict raises VersionConflict and leaves the transaction good for nothing but a rollback. The settled mark waits for the end of the
 * transaction from here on, so this call belongs near its end.
 */
export async function bulkAppend(
  catalogue: EventCatalogue,
  tx: Tx,
  context: EventContext,
  source: { id: string },
  rows: readonly BulkEvent[],
): Promise<BulkResult> {
  if (rows.length === 0 || rows.length > BULK_ROWS_MAX)
    throw new EventInvalid(`a bulk append takes 1 to ${BULK_ROWS_MAX} rows, not ${rows.length}`);
  const prepareEvent = eventPreparation(catalogue, context, source.id);
  checkTenant(tx, context);
  const heads = headsOf(rows);
  await tx.query(`SET LOCAL work_mem = '${BULK_WORK_MEMORY}'`);
  await tx.query(
    `DROP TABLE IF EXISTS pg_temp.es_staging; CREATE TEMPORARY TABLE es_staging (head int, version int, type smallint, schema_version smallint,
       effective_on date, source_row int, hash bytea, data jsonb) ON COMMIT DROP`,
  );
  try {
    await copyRows(prepareEvent, tx, rows, heads);
    const [claimed] = await tx.query<{ stream_ids: bigint[] }>(
      'SELECT stream_ids FROM es.claim_streams($1, $2::text[], $3::text[], $4::int[], $5::int[], true)',
      [context.tenantId, textArray(heads.categories), textArray(heads.keys), plainArray(heads.expectedVersions), plainArray(heads.counts)],
    );
    if (claimed === undefined) throw new Error('es.claim_streams answered nothing');
    const positions = await insertStaged(tx, context, source, claimed.stream_ids, rows.length);
    return {
      positions,
      streamIds: heads.ofRow.map((head) => claimed.stream_ids[head] as bigint),
      firstPosition: positions[0] as bigint,
      lastPosition: positions[positions.length - 1] as bigint,
    };
  } catch (error) {
    throw translateAppendError(error);
  }
}

/** The streams of the rows in order of first appearance, each with its expected version and how many events it gains. */
function headsOf(rows: readonly BulkEvent[]): Heads {
  const heads: Heads = { categories: [], keys: [], expectedVersions: [], counts: [], ofRow: [] };
  const byCategory = new Map<string, Map<string, number>>();
  for (const row of rows) {
    let byKey = byCategory.get(row.category);
    if (byKey === undefined) byCategory.set(row.category, (byKey = new Map<string, number>()));
    let head = byKey.get(row.key);
    if (head === undefined) {
      checkStream(row.category, row.key, row.expectedVersion);
      head = heads.keys.length;
      byKey.set(row.key, head);
      heads.categories.push(row.category);
      heads.keys.push(row.key);
      heads.expectedVersions.push(row.expectedVersion);
      heads.counts.push(0);
    }
    const next = (heads.expectedVersions[head] as number) + (heads.counts[head] as number);
    if (row.expectedVersion !== next)
      throw new EventInvalid(`${row.category}/${row.key}: rows expect version ${row.expectedVersion} after ${next - 1}`);
    heads.counts[head] = (heads.counts[head] as number) + 1;
    heads.ofRow.push(head);
  }
  return heads;
}

async function copyRows(prepareEvent: PrepareEvent, tx: Tx, rows: readonly BulkEvent[], heads: Heads): Promise<void> {
  const copy = tx.client.query(copyFrom('COPY pg_temp.es_staging FROM STDIN'));
  const done = finished(copy);
  // The error is thrown where it is awaited below; until then it must not count as unhandled.
  done.catch(() => undefined);
  try {
    let chunk = '';
    for (let index = 0; index < rows.length; index += 1) {
      const row = rows[index] as BulkEvent;
      const version = row.expectedVersion + 1;
      const { definition, dataText, hashHex } = prepareEvent(row.category, row.key, version, row, row.sourceRow);
      const data = dataText.includes('\\') ? dataText.replaceAll('\\', '\\\\') : dataText;
      chunk +=
        `${heads.ofRow[index]}\t${version}\t${definition.code}\t${definition.schemaVersion}\t${row.effectiveOn}\t${row.sourceRow}` +
        `\t\\\\x${hashHex}\t${data}\n`;
      if (chunk.length >= COPY_CHUNK_CHARACTERS) {
        if (!copy.write(chunk)) await Promise.race([once(copy, 'drain'), done]);
        chunk = '';
      }
    }
    copy.end(chunk);
    await done;
  } catch (error) {
    copy.destroy(error instanceof Error ? error : new Error(String(error)));
    throw error;
  }
}

/**
 * Moves the staged rows into the log. A fresh temporary table is scanned in the order it was filled, so the rows take their positions in
 * order without a sort; what came back is checked all the same.
 */
async function insertStaged(tx: Tx, context: EventContext, source: { id: string }, streamIds: bigint[], count: number): Promise<bigint[]> {
  const [written] = await tx.query<{ written: number; first: bigint; last: bigint; positions: bigint[] | null }>(
    `WITH written AS (
       INSERT INTO es.event (tenant_id, position, stream_id, version, type, schema_version, effective_on, principal_id, correlation_id,
                             causation_position, source_id, source_row, hash_version, hash, data)
       SELECT $1::int, nextval('es.position'), ($2::bigint[])[s.head + 1], s.version, s.type, s.schema_version, s.effective_on, $3::uuid, $4::uuid,
              $5::bigint, $6::uuid, s.source_row, $7::smallint, s.hash, s.data
         FROM pg_temp.es_staging s
       RETURNING position)
     SELECT count(*)::int AS written, min(position) AS first, max(position) AS last,
            CASE WHEN max(position) - min(position) + 1 > count(*) THEN array_agg(position ORDER BY position) END AS positions
       FROM written`,
    [
      context.tenantId,
      plainArray(streamIds),
      context.principalId,
      context.correlationId,
      context.causationPosition ?? null,
      source.id,
      HASH_VERSION,
    ],
  );
  if (written?.written !== count) throw new Error(`the log took ${written?.written} of ${count} rows`);
  return written.positions ?? Array.from({ length: count }, (_, index) => written.first + BigInt(index));
}
