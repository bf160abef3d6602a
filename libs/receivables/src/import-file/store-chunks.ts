import type { Database } from '@app/event-store';
import { CHUNK_BYTES } from './import-limits';

/** Stores bytes in pieces of CHUNK_BYTES, each in a transaction of its own: a slow sender must not hold one open. */
export async function storeChunks(database: Database, tenantId: number, importId: string, pieces: AsyncIterable<Buffer>): Promise<void> {
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  let chunkNo = 0;
  const store = async (bytes: Buffer): Promise<void> => {
    const place = chunkNo;
    chunkNo += 1;
    await database.transaction(tenantId, (tx) =>
      tx.execute('INSERT INTO rc.import_chunk (tenant_id, import_id, chunk_no, bytes) VALUES ($1, $2, $3, $4)', [
        tenantId,
        importId,
        place,
        bytes,
      ]),
    );
  };
  for await (const piece of pieces) {
    waiting.push(piece);
    waitingBytes += piece.length;
    if (waitingBytes < CHUNK_BYTES) continue;
    const bytes = Buffer.concat(waiting);
    const whole = bytes.length - (bytes.length % CHUNK_BYTES);
    for (let from = 0; from < whole; from += CHUNK_BYTES) await store(bytes.subarray(from, from + CHUNK_BYTES));
    waiting = [bytes.subarray(whole)];
    waitingBytes = bytes.length - whole;
  }
  if (waitingBytes > 0) await store(Buffer.concat(waiting));
}
