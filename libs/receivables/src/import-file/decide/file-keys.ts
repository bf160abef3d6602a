import type { Tx } from '@app/event-store';
import type { DecidingContext } from './decided-batch';

/** A row under a key that may say one thing in a file: a debtor, or a pair of currencies, on a date. */
export interface KeyedRow {
  readonly key: string;
  /** SHA-256 in base64 of what the row says. */
  readonly content: string;
}

/** Whether a row is the first of its key in the file, says the same again, or contradicts it. */
export type Standing = 'first' | 'repeated' | 'contradicts';

/**
 * Judges rows against the keys this file has shown so far, in this batch and in those before. Facts without an id of their own would otherwise
 * flip to and fro each time a file that contradicts itself is sent. Kept in the database, so memory stays flat and a resumed import remembers.
 */
export async function standingInFile(tx: Tx, context: DecidingContext, rows: readonly KeyedRow[]): Promise<Standing[]> {
  const inBatch = new Map<string, string>();
  for (const row of rows) if (!inBatch.has(row.key)) inBatch.set(row.key, row.content);
  const keys = [...inBatch.keys()];
  const inserted = await tx.query<{ key: string }>(
    `INSERT INTO rc.import_key (tenant_id, import_id, key, content)
     SELECT $1, $2, k.key, decode(k.content, 'base64') FROM unnest($3::text[], $4::text[]) AS k(key, content)
     ON CONFLICT DO NOTHING RETURNING key`,
    [context.tenantId, context.importId, keys, [...inBatch.values()]],
  );
  const fresh = new Set(inserted.map((row) => row.key));
  const seenBefore = keys.filter((key) => !fresh.has(key));
  if (seenBefore.length > 0) {
    const earlier = await tx.query<{ key: string; content: string }>(
      `SELECT key, encode(content, 'base64') AS content FROM rc.import_key WHERE tenant_id = $1 AND import_id = $2 AND key = ANY($3::text[])`,
      [context.tenantId, context.importId, seenBefore],
    );
    for (const row of earlier) inBatch.set(row.key, row.content);
  }
  return rows.map(({ key, content }) => {
    if (fresh.delete(key)) return 'first';
    return inBatch.get(key) === content ? 'repeated' : 'contradicts';
  });
}
