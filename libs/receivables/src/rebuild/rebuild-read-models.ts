import type { EventStore, Position } from '@app/event-store';
import { clearBook, rebuildBook } from '../book/rebuild-book';
import { ExposureProcessor, EXPOSURE_PROCESSOR } from '../exposure/project-exposure.processor';
import { LOCK_EXPOSURE_OF_TENANT, takeCheckpoints } from '../exposure/take-checkpoints';

/** Positions refilled in one transaction: a long one would hold back the vacuum of everything. */
const POSITIONS_PER_TRANSACTION = 50_000n;

const EXPOSURE_TABLES = [
  'rc.exposure_prefix',
  'rc.exposure_checkpoint',
  'rc.exposure_entry',
  'rc.exposure_state',
  'rc.credit_entry',
  'rc.assessment_fact',
  'rc.line_interval',
  'rc.line',
  'rc.pool',
  'rc.book_currency',
  'rc.book_entity',
] as const;

/** A worker holds a lane: it would project into tables that are being refilled. */
export class WorkerRunning extends Error {
  override readonly name = 'WorkerRunning';
  constructor() {
    super('A worker is running on this database; stop it before the read models are rebuilt.');
  }
}

/**
 * Throws the read models of a tenant away and refills them from the log, in ranges: the book, the exposure, its checkpoints.
 * For a time in which nobody works on the book; readings during it wait or are told to come back. Repeat it when it was cut off.
 * @throws WorkerRunning
 * @returns the position up to which the log was read.
 */
export async function rebuildReadModels(store: EventStore, tenantId: number): Promise<Position> {
  const { database } = store;
  const upTo = await database.transaction(tenantId, async (tx) => {
    const [lane] = await tx.query('SELECT 1 FROM es.lane WHERE name = $1 AND lease_until > clock_timestamp()', [EXPOSURE_PROCESSOR]);
    if (lane !== undefined) throw new WorkerRunning();
    await tx.execute(LOCK_EXPOSURE_OF_TENANT, [tenantId]);
    for (const table of EXPOSURE_TABLES) await tx.execute(`DELETE FROM ${table} WHERE tenant_id = $1`, [tenantId]);
    await tx.execute('DELETE FROM es.checkpoint WHERE tenant_id = $1 AND name = $2', [tenantId, EXPOSURE_PROCESSOR]);
    await clearBook(tx, tenantId);
    return (await store.latestSettled(tx)).position;
  });
  for (const [after, to] of rangesUpTo(upTo)) await database.transaction(tenantId, (tx) => rebuildBook(tx, tenantId, after, to));
  const exposure = new ExposureProcessor(store, () => Promise.resolve());
  for (const [after, to] of rangesUpTo(upTo)) {
    await database.transaction(tenantId, async (tx) => {
      await exposure.apply(tx, { tenantId, after, upTo: to });
      await tx.execute(
        `INSERT INTO es.checkpoint (tenant_id, name, position) VALUES ($1, $2, $3)
         ON CONFLICT (name, tenant_id) DO UPDATE SET position = EXCLUDED.position, moved_at = clock_timestamp()`,
        [tenantId, EXPOSURE_PROCESSOR, to],
      );
    });
  }
  await takeCheckpoints(database, tenantId);
  return upTo;
}

function* rangesUpTo(last: Position): Generator<[after: Position, upTo: Position]> {
  for (let after = 0n; after < last; after += POSITIONS_PER_TRANSACTION) {
    const end = after + POSITIONS_PER_TRANSACTION;
    yield [after, end < last ? end : last];
  }
}
