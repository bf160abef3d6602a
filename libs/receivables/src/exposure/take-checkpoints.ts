import { createInterface } from 'node:readline';
import { once } from 'node:events';
import type { Database, Position, Tx } from '@app/event-store';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { copyHeader, copyRow, copyTrailer } from './copy-binary';
import { PrefixFold } from './prefix-fold';

export interface CheckpointPolicy {
  /** Entries between two checkpoints in business-date order: the most a reading has to add to a checkpoint. */
  readonly spacing: number;
  /** Late entries a checkpoint may miss before it is taken again. */
  readonly lateMax: number;
}

export const CHECKPOINT_POLICY: CheckpointPolicy = { spacing: 4_000, lateMax: 2_000 };

/** One pass over the entries up to a position. */
interface Folded {
  readonly position: Position;
  readonly entries: number;
  readonly taken: readonly Taken[];
}

interface Taken {
  readonly asOf: string;
  readonly ordinal: number;
}

/** Serialises the projection and the taking of checkpoints of one tenant for the moment either commits. */
export const LOCK_EXPOSURE_OF_TENANT = `SELECT pg_advisory_xact_lock(hashtext('rc.exposure'), $1)`;

/**
 * Folds all entries of a tenant once, in business-date order, and keeps the running sums
 * - at new dates, wherever `spacing` entries have gone by since the last checkpoint's date, and
 * - at existing dates whose checkpoint misses more than `lateMax` entries recorded after it.
 * Readings before, during and after see the same figures: a checkpoint only shortens the way to them.
 * @param upTo the position the checkpoints stand at; default the last one projected. After an import it is the import's last, so that
 * moments right after it are read from them too.
 * @returns how many checkpoints were taken.
 */
export async function takeCheckpoints(
  database: Database,
  tenantId: number,
  policy: CheckpointPolicy = CHECKPOINT_POLICY,
  upTo?: Position,
): Promise<number> {
  return database.transaction(null, async (writer) => {
    await writer.execute(
      `CREATE TEMP TABLE taken_prefix (ordinal int, basis smallint, pool_id int, currency text, anchors int[], sums bigint[]) ON COMMIT DROP`,
    );
    const folded = await database.read(null, (reader) => foldInto(reader, writer, tenantId, policy, upTo));
    await writer.execute(LOCK_EXPOSURE_OF_TENANT, [tenantId]);
    await keep(writer, tenantId, folded);
    return folded.taken.length;
  });
}

async function foldInto(reader: Tx, writer: Tx, tenantId: number, policy: CheckpointPolicy, upTo: Position | undefined): Promise<Folded> {
  const [state] = await reader.query<{ position: bigint | null }>(
    'SELECT max(position) AS position FROM rc.exposure_entry WHERE tenant_id = $1',
    [tenantId],
  );
  const last = state?.position ?? 0n;
  const position = upTo !== undefined && upTo < last ? upTo : last;
  const existing = await reader.query<{ as_of: string; position: bigint }>(
    'SELECT as_of, max(position) AS position FROM rc.exposure_checkpoint WHERE tenant_id = $1 GROUP BY as_of',
    [tenantId],
  );
  const grid = new CheckpointGrid(existing, policy);
  const fold = new PrefixFold();
  const taken: Taken[] = [];
  const sink = writer.client.query(copyFrom('COPY taken_prefix FROM STDIN BINARY'));
  const write = async (chunk: Buffer): Promise<void> => {
    if (!sink.write(chunk)) await once(sink, 'drain');
  };
  await write(copyHeader());

  const takeAt = async (asOf: string): Promise<void> => {
    const ordinal = taken.length;
    taken.push({ asOf, ordinal });
    for (const row of fold.rows()) await write(copyRow(ordinal, row));
  };
  let date = '';
  let entries = 0;
  for await (const line of entriesInDateOrder(reader, tenantId, position)) {
    const [effectiveOn = '', at = '', poolId, currency = '', recognised, invoiced, due, amount = '0'] = line.split('\t');
    if (effectiveOn !== date) for (const asOf of grid.reached(date, effectiveOn)) await takeAt(asOf);
    date = effectiveOn;
    entries += 1;
    grid.count(BigInt(at));
    fold.add(Number(poolId), currency, [Number(recognised), Number(invoiced), Number(due)], BigInt(amount));
  }
  for (const asOf of grid.reached(date, undefined)) await takeAt(asOf);

  await write(copyTrailer());
  sink.end();
  await once(sink, 'finish');
  return { position, entries, taken };
}

/** Decides, while entries go by in business-date order, at which dates a checkpoint is due. */
class CheckpointGrid {
  private readonly dates: { asOf: string; position: bigint }[];
  /** Positions at which existing checkpoints were taken, rising. */
  private readonly generations: bigint[];
  /** How many entries were recorded after exactly the first n generations. */
  private readonly recordedAfter: number[];
  private sinceLast = 0;

  constructor(
    existing: readonly { as_of: string; position: bigint }[],
    private readonly policy: CheckpointPolicy,
  ) {
    this.dates = existing.map((c) => ({ asOf: c.as_of, position: c.position })).sort((a, b) => (a.asOf < b.asOf ? -1 : 1));
    this.generations = [...new Set(this.dates.map((c) => c.position))].sort((a, b) => (a < b ? -1 : 1));
    this.recordedAfter = new Array<number>(this.generations.length + 1).fill(0);
  }

  count(position: bigint): void {
    this.sinceLast += 1;
    let low = 0;
    let high = this.generations.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.generations[middle] ?? 0n) < position) low = middle + 1;
      else high = middle;
    }
    this.recordedAfter[low] = (this.recordedAfter[low] ?? 0) + 1;
  }

  /** All entries up to and with `date` have gone by and the next is dated `next` (undefined: none). */
  *reached(date: string, next: string | undefined): Generator<string> {
    let first = this.dates[0];
    let isDateTaken = false;
    while (first !== undefined && (next === undefined || first.asOf < next)) {
      this.dates.shift();
      this.sinceLast = 0;
      isDateTaken ||= first.asOf === date;
      if (this.missedBy(first.position) > this.policy.lateMax) yield first.asOf;
      first = this.dates[0];
    }
    if (this.sinceLast >= this.policy.spacing && !isDateTaken) {
      this.sinceLast = 0;
      yield date;
    }
  }

  private missedBy(generation: bigint): number {
    const from = this.generations.indexOf(generation) + 1;
    return this.recordedAfter.slice(from).reduce((sum, count) => sum + count, 0);
  }
}

async function* entriesInDateOrder(reader: Tx, tenantId: number, upTo: Position): AsyncGenerator<string> {
  await reader.execute(`SET LOCAL work_mem = '128MB'`);
  const source = reader.client.query(
    copyTo(
      `COPY (
         SELECT effective_on, position, pool_id, currency, recognised_on - DATE '1970-01-01', invoiced_on - DATE '1970-01-01', due_on - DATE '1970-01-01', amount
         FROM rc.exposure_entry WHERE tenant_id = ${String(tenantId)} AND position <= ${String(upTo)} ORDER BY effective_on
       ) TO STDOUT`,
    ),
  );
  yield* createInterface({ input: source, crlfDelay: Infinity });
}

/** Makes the folded sums readable, and marks the entries written meanwhile that the new checkpoints do not hold. */
async function keep(writer: Tx, tenantId: number, { position, taken, entries }: Folded): Promise<void> {
  const asOfDates = taken.map((t) => t.asOf);
  await writer.execute(
    `WITH checkpoint AS (
       INSERT INTO rc.exposure_checkpoint (tenant_id, as_of, position) SELECT $1, as_of, $2 FROM unnest($3::date[]) AS t(as_of)
       RETURNING checkpoint_id, as_of
     )
     INSERT INTO rc.exposure_prefix (tenant_id, checkpoint_id, basis, pool_id, currency, anchors, sums)
     SELECT $1, c.checkpoint_id, t.basis, t.pool_id, t.currency, t.anchors, t.sums
     FROM taken_prefix t
     JOIN unnest($3::date[], $4::int[]) AS k(as_of, ordinal) ON k.ordinal = t.ordinal
     JOIN checkpoint c ON c.as_of = k.as_of`,
    [tenantId, position, asOfDates, taken.map((t) => t.ordinal)],
  );
  await writer.execute(
    `UPDATE rc.exposure_entry SET late = true
     WHERE tenant_id = $1 AND position > $2 AND NOT late
       AND effective_on <= (SELECT max(as_of) FROM rc.exposure_checkpoint WHERE tenant_id = $1)`,
    [tenantId, position],
  );
  await writer.execute('UPDATE rc.exposure_state SET entries_at_checkpoint = greatest(entries_at_checkpoint, $2) WHERE tenant_id = $1', [
    tenantId,
    entries,
  ]);
}
