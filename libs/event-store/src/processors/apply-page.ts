import type { Database } from '../database';
import type { Position, Tx } from '../types';
import type { LaneLease } from './lane-lease';
import type { PageOutline, PageReader } from './page-reader';
import type { Processor } from './processor';

/** Somebody else holds the lane now, or moved its checkpoint. Nothing was applied. */
export class LaneLost extends Error {
  constructor(lease: LaneLease) {
    super(`lane ${lease.lane} of ${lease.name} has changed hands`);
    this.name = 'LaneLost';
  }
}

/** Applies one page and moves the checkpoint in the same transaction, which the lane's fence must allow. */
export async function applyPage(
  database: Database,
  reader: PageReader,
  processor: Processor,
  lease: LaneLease,
  tenantId: number,
  page: PageOutline,
): Promise<void> {
  await database.transaction(tenantId, async (tx) => {
    await holdLane(tx, lease);
    await processor.apply(tx, {
      tenantId,
      after: page.after,
      upTo: page.upTo,
      events: () => reader.events(tx, tenantId, page, processor.eventTypes),
    });
    await moveCheckpoint(tx, lease, tenantId, page);
  });
}

/** Moves the checkpoint over a page that holds nothing for the processor. Losing the move in a crash loses nothing. */
export async function skipPage(database: Database, lease: LaneLease, tenantId: number, page: PageOutline): Promise<void> {
  await database.transaction(tenantId, async (tx) => {
    await tx.execute('SET LOCAL synchronous_commit = off');
    await holdLane(tx, lease);
    await moveCheckpoint(tx, lease, tenantId, page);
  });
}

/** Records an event that a parking processor could not apply, and goes past it. */
export async function parkEvent(database: Database, lease: LaneLease, tenantId: number, page: PageOutline, error: Error): Promise<void> {
  await database.transaction(tenantId, async (tx) => {
    await holdLane(tx, lease);
    await tx.execute('INSERT INTO es.parked (tenant_id, name, position, error) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING', [
      tenantId,
      lease.name,
      page.upTo,
      error.message.replaceAll('\0', ''),
    ]);
    await moveCheckpoint(tx, lease, tenantId, page);
  });
}

/** Positions of the page's events of some types, for going through it one by one. */
export async function positionsOf(
  database: Database,
  tenantId: number,
  page: PageOutline,
  codes: readonly number[] | null,
): Promise<Position[]> {
  const rows = await database.statement<{ position: Position }>(
    `SELECT position FROM es.event WHERE tenant_id = $1 AND position > $2 AND position <= $3 AND ($4::smallint[] IS NULL OR type = ANY ($4)) ORDER BY position`,
    [tenantId, page.after, page.upTo, codes],
  );
  return rows.map((row) => row.position);
}

/** Keeps the lane from changing hands until the transaction ends. The lease may be renewed meanwhile. */
async function holdLane(tx: Tx, lease: LaneLease): Promise<void> {
  const held = await tx.query('SELECT 1 FROM es.lane WHERE name = $1 AND lane = $2 AND fence = $3 FOR KEY SHARE', [
    lease.name,
    lease.lane,
    lease.fence,
  ]);
  if (held.length === 0) throw new LaneLost(lease);
}

async function moveCheckpoint(tx: Tx, lease: LaneLease, tenantId: number, page: PageOutline): Promise<void> {
  const moved = await tx.execute(
    `INSERT INTO es.checkpoint AS c (tenant_id, name, position) SELECT $1::int, $2::text, $4::bigint WHERE $3::bigint = 0 OR EXISTS (SELECT FROM es.checkpoint WHERE name = $2 AND tenant_id = $1)
     ON CONFLICT (name, tenant_id) DO UPDATE SET position = $4, moved_at = clock_timestamp() WHERE c.position = $3::bigint`,
    [tenantId, lease.name, page.after, page.upTo],
  );
  if (moved !== 1) throw new LaneLost(lease);
}
