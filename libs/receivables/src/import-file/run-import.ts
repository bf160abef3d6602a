import type { Database, EventContext, EventStore, Position, Tx } from '@app/event-store';
import { ProjectionBehind, waitForProcessor } from '@app/event-store';
import { lockBook } from '../book/book-lock';
import type { Conclusion, DecidingContext, RowKind } from './decide/decided-batch';
import type { ImportRecord } from './import-record';
import { PROJECTION_WAIT_MS, ROWS_PER_BATCH } from './import-limits';
import type { Reject } from './import-progress';
import { lockProgress, resetProgress, saveHeldBack, saveProgress, saveRejects, saveVanished } from './import-progress';
import type { PreparedBatch } from './prepare-batches';
import { prepareBatches } from './prepare-batches';
import { readImport } from './reading/read-import';
import type { BatchRecorder } from './record-batch';
import { dryRunRecorder, logRecorder } from './record-batch';

/** What a run needs from its surroundings. */
export interface ImportRun {
  readonly store: EventStore;
  readonly tenantId: number;
  readonly file: ImportRecord;
  /** Business date of facts that state none. */
  readonly today: string;
  /** The date by the calendar of the tenant: what the age of a feed is counted from. */
  readonly doneOn: string;
  /** Read models that have to include the import before it counts as completed. */
  readonly awaitedProcessors: readonly string[];
  /** Called in the transaction that ends an import which may have changed the book. */
  readonly ended?: (tx: Tx) => Promise<void>;
  /** Called after every batch; throws when the run has to stop. */
  readonly proceed: () => Promise<void>;
  readonly rowsPerBatch?: number;
}

/**
 * Takes a file into the book, batch by batch, each in a transaction of its own, from where an earlier run stopped. A dry run does the same in
 * one transaction and takes it back. Throws ImportTakenOver when another worker went on with the file.
 */
export async function runImport<Row>(run: ImportRun, kind: RowKind<Row>): Promise<void> {
  if (run.file.dryRun) await dryRun(run, kind);
  else {
    if (!run.file.allRead) await readAll(run, kind);
    await becomeVisible(run);
  }
  await complete(run);
}

function contextOf({ tenantId, file }: ImportRun): EventContext {
  return {
    tenantId,
    principalId: file.principalId,
    correlationId: file.correlationId,
    ...(file.receivedPosition === null ? {} : { causationPosition: file.receivedPosition }),
  };
}

async function readAll<Row>(run: ImportRun, kind: RowKind<Row>): Promise<void> {
  const { store, tenantId, file } = run;
  const { database } = store;
  const record = logRecorder(store, contextOf(run), file.importId);
  let { lastRow } = file;
  await eachBatch(run, kind, lastRow, async (batch) => {
    await database.transaction(tenantId, async (tx) => {
      await lockBook(tx, tenantId);
      await lockProgress(tx, tenantId, file.importId, lastRow);
      await save(tx, run, await decideBatch(tx, run, kind, batch, record));
    });
    ({ lastRow } = batch);
  });
  await concludeAll(run, kind, (conclude) =>
    database.transaction(tenantId, async (tx) => {
      await lockBook(tx, tenantId);
      await lockProgress(tx, tenantId, file.importId, lastRow);
      const concluded = await conclude(tx);
      if (concluded?.heldBack !== undefined) await saveHeldBack(tx, tenantId, file.importId, concluded.heldBack);
      else if (concluded !== undefined)
        await saveVanished(tx, tenantId, file.importId, concluded.events.length, await record(tx, concluded.events));
      return concluded;
    }),
  );
  await database.transaction(tenantId, async (tx) => {
    await lockProgress(tx, tenantId, file.importId, lastRow);
    await tx.execute('UPDATE rc.import SET all_read = true WHERE tenant_id = $1 AND import_id = $2', [tenantId, file.importId]);
  });
}

/** Thrown to take a dry run back. */
class DryRunOver extends Error {}

async function dryRun<Row>(run: ImportRun, kind: RowKind<Row>): Promise<void> {
  const { tenantId, file } = run;
  const { database } = run.store;
  const taken = database.transaction(tenantId, async (tx) => {
    const record = dryRunRecorder(tenantId);
    await database.transaction(tenantId, (second) => resetProgress(second, tenantId, file.importId));
    await eachBatch(run, kind, 0, async (batch) => {
      const outcome = await decideBatch(tx, run, kind, batch, record);
      await database.transaction(tenantId, (second) => save(second, run, outcome));
    });
    await concludeAll(run, kind, async (conclude) => {
      const concluded = await conclude(tx);
      if (concluded === undefined) return undefined;
      const { heldBack } = concluded;
      if (heldBack !== undefined) {
        await database.transaction(tenantId, (second) => saveHeldBack(second, tenantId, file.importId, heldBack));
        return concluded;
      }
      await record(tx, concluded.events);
      await database.transaction(tenantId, (second) => saveVanished(second, tenantId, file.importId, concluded.events.length, null));
      return concluded;
    });
    throw new DryRunOver();
  });
  await taken.catch((error: unknown) => {
    if (!(error instanceof DryRunOver)) throw error;
  });
}

/** Works through what follows from the file as a whole, one transaction of the caller after the other. */
async function concludeAll<Row>(
  run: ImportRun,
  kind: RowKind<Row>,
  work: (conclude: (tx: Tx) => Promise<Conclusion | undefined>) => Promise<Conclusion | undefined>,
): Promise<void> {
  if (kind.conclude === undefined) return;
  for (let after: string | null = null; ;) {
    const from = after;
    const concluded = await work((tx) => kind.conclude?.(tx, decidingContext(run), from) ?? Promise.resolve(undefined));
    await run.proceed();
    if (concluded === undefined || concluded.next === null) return;
    after = concluded.next;
  }
}

function decidingContext({ tenantId, file, today }: ImportRun): DecidingContext {
  return { tenantId, importId: file.importId, today };
}

/** Reads the next batch while one is being recorded. */
async function eachBatch<Row>(
  run: ImportRun,
  kind: RowKind<Row>,
  afterRow: number,
  work: (batch: PreparedBatch<Row>) => Promise<void>,
): Promise<void> {
  const opened = readImport(run.store.database, run.tenantId, run.file, afterRow);
  const batches = prepareBatches(opened, kind, run.rowsPerBatch ?? ROWS_PER_BATCH);
  let next = batches.next();
  try {
    for (;;) {
      const current = await next;
      if (current.done === true) return;
      next = batches.next();
      // Should recording fail, nobody waits for the read-ahead any more.
      next.catch(() => undefined);
      await work(current.value);
      await run.proceed();
    }
  } finally {
    await next.catch(() => undefined);
  }
}

interface BatchOutcome {
  readonly lastRow: number;
  readonly accepted: number;
  readonly unchanged: number;
  readonly rejects: readonly Reject[];
  readonly lastPosition: Position | null;
}

async function decideBatch<Row>(
  tx: Tx,
  run: ImportRun,
  kind: RowKind<Row>,
  batch: PreparedBatch<Row>,
  record: BatchRecorder,
): Promise<BatchOutcome> {
  const decided = await kind.decide(tx, batch.rows, decidingContext(run));
  const lastPosition = await record(tx, decided.events);
  const refused = decided.refused.map(({ row, refusal }) => ({ row, refusal, cells: batch.cellsOf(row) }));
  const { lastRow } = batch;
  return {
    lastRow,
    accepted: decided.accepted ?? decided.events.length,
    unchanged: decided.unchanged,
    rejects: [...batch.rejects, ...refused],
    lastPosition,
  };
}

async function save(tx: Tx, { tenantId, file }: ImportRun, { rejects, ...outcome }: BatchOutcome): Promise<void> {
  await saveRejects(tx, tenantId, file.importId, rejects);
  await saveProgress(tx, tenantId, file.importId, { ...outcome, rejected: rejects.length });
}

/** Waits until every later read includes what was recorded. */
async function becomeVisible(run: ImportRun): Promise<void> {
  const { store, tenantId } = run;
  const last = await store.database.read(tenantId, (tx) => lastPositionOf(tx, run));
  if (last === null) return;
  await store.settle(last);
  for (const name of run.awaitedProcessors) await waitFor(store.database, name, run, last);
}

async function waitFor(database: Database, name: string, run: ImportRun, position: Position): Promise<void> {
  for (;;) {
    await run.proceed();
    try {
      await waitForProcessor(database, name, run.tenantId, position, PROJECTION_WAIT_MS);
      return;
    } catch (error) {
      if (!(error instanceof ProjectionBehind)) throw error;
    }
  }
}

async function lastPositionOf(tx: Tx, { tenantId, file }: ImportRun): Promise<Position | null> {
  const [found] = await tx.query<{ last_position: Position | null }>(
    'SELECT last_position FROM rc.import WHERE tenant_id = $1 AND import_id = $2',
    [tenantId, file.importId],
  );
  return found?.last_position ?? null;
}

async function complete(run: ImportRun): Promise<void> {
  const { store, tenantId, file } = run;
  const position = await store.database.transaction(tenantId, async (tx) => {
    const counts = await endImport(tx, run, 'completed', null);
    if (file.dryRun) return undefined;
    await run.ended?.(tx);
    const data = { importId: file.importId, kind: file.kind, ...counts };
    const event = { type: 'ImportCompleted', effectiveOn: run.doneOn, data };
    const [appended] = await store.append(tx, contextOf(run), [
      { category: 'import', key: file.importId, expectedVersion: 1, events: [event] },
    ]);
    return appended?.lastPosition;
  });
  if (position !== undefined) await store.settle(position);
}

/** Gives an import up; what it recorded stays, and sending the file again adds the rest. */
export async function failImport(run: ImportRun, reason: string): Promise<void> {
  const { store, tenantId, file } = run;
  await store.database.transaction(tenantId, async (tx) => {
    const counts = await endImport(tx, run, 'failed', reason);
    if (file.dryRun) return;
    await run.ended?.(tx);
    const data = { importId: file.importId, kind: file.kind, ...counts, reason };
    const event = { type: 'ImportFailed', effectiveOn: run.doneOn, data };
    await store.append(tx, contextOf(run), [{ category: 'import', key: file.importId, expectedVersion: 1, events: [event] }]);
  });
}

async function endImport(tx: Tx, { tenantId, file }: ImportRun, status: 'completed' | 'failed', failure: string | null): Promise<Counts> {
  const [counts] = await tx.query<EndedRow>(
    `UPDATE rc.import SET status = $3, failure = $4, ended_at = clock_timestamp()
     WHERE tenant_id = $1 AND import_id = $2 AND status IN ('queued', 'running') RETURNING accepted, rejected, unchanged, vanished, held_back_items`,
    [tenantId, file.importId, status, failure],
  );
  if (counts === undefined) throw new Error(`import ${file.importId} has ended already`);
  await tx.execute('DELETE FROM rc.import_key WHERE tenant_id = $1 AND import_id = $2', [tenantId, file.importId]);
  const { vanished, held_back_items: heldBack, ...rows } = counts;
  return { ...rows, ...(vanished !== null && { vanished }), ...(heldBack !== null && { heldBack }) };
}

interface Counts {
  readonly accepted: number;
  readonly rejected: number;
  readonly unchanged: number;
  readonly vanished?: number;
  readonly heldBack?: number;
}

interface EndedRow extends Omit<Counts, 'vanished' | 'heldBack'> {
  readonly vanished: number | null;
  readonly held_back_items: number | null;
}
