import type { Database } from '../database';
import type { Position } from '../types';

/** Positions in one block; a block holds at most as many events. */
export const BLOCK_POSITIONS_MAX = 10_000;
/** Version of the root's form: sha256(prev, then for each event position and recorded_at in microseconds as int64, big endian, and hash). */
export const SEAL_VERSION = 1;
/** The previous root of the first block. */
export const GENESIS_ROOT = Buffer.alloc(32);
/** Blocks of one beat of the background sealer, so that a long backlog does not hold a worker up. */
const BLOCKS_PER_BEAT_MAX = 50;

/** The end of the chain. Kept outside, it proves later that nothing before it was cut off or rewritten. */
export interface SealHead {
  sealNo: bigint;
  toPosition: Position;
  /** Hexadecimal. */
  root: string;
  sealedAt: string;
}

/** Seals what is settled and not sealed yet. Needs the worker role: a root covers the events of every tenant. */
export async function sealSettled(database: Database): Promise<void> {
  for (let block = 0; block < BLOCKS_PER_BEAT_MAX; block += 1) {
    const [row] = await database.statement<{ positions: bigint | null }>('SELECT es.seal_next_block($1, $2) AS positions', [
      BLOCK_POSITIONS_MAX,
      SEAL_VERSION,
    ]);
    if (Number(row?.positions ?? 0) < BLOCK_POSITIONS_MAX) return;
  }
}

/** The last seal; null before the first. */
export async function sealHead(database: Database): Promise<SealHead | null> {
  const [row] = await database.statement<SealHead>(
    `SELECT seal_no AS "sealNo", to_position AS "toPosition", encode(root, 'hex') AS root,
            to_char(sealed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS "sealedAt"
       FROM es.seal ORDER BY to_position DESC LIMIT 1`,
  );
  return row ?? null;
}
