import type { Position, Tx } from '@app/event-store';
import type { RowRefusal } from './rows/row-refusal';

/** A refused row with its cells as they came. */
export interface Reject {
  readonly row: number;
  readonly refusal: RowRefusal;
  readonly cells: readonly string[] | Readonly<Record<string, string>>;
}

export interface BatchProgress {
  readonly lastRow: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly unchanged: number;
  readonly lastPosition: Position | null;
}

/** Another worker has gone on with the import in the meantime: this one steps back and has changed nothing. */
export class ImportTakenOver extends Error {
  constructor(importId: string) {
    super(`import ${importId} has been taken over by another worker`);
    this.name = 'ImportTakenOver';
  }
}

/** Locks the import until the end of the transaction. Throws ImportTakenOver when it is not where this worker left it. */
export async function lockProgress(tx: Tx, tenantId: number, importId: string, lastRow: number): Promise<void> {
  const [found] = await tx.query<{ last_row: number; status: string }>(
    'SELECT last_row, status FROM rc.import WHERE tenant_id = $1 AND import_id = $2 FOR UPDATE',
    [tenantId, importId],
  );
  if (found?.status !== 'running' || found.last_row !== lastRow) throw new ImportTakenOver(importId);
}

export async function saveProgress(tx: Tx, tenantId: number, importId: string, batch: BatchProgress): Promise<void> {
  await tx.execute(
    `UPDATE rc.import SET last_row = $3, accepted = accepted + $4, rejected = rejected + $5, unchanged = unchanged + $6,
                          last_position = COALESCE($7, last_position), failures = 0
     WHERE tenant_id = $1 AND import_id = $2`,
    [tenantId, importId, batch.lastRow, batch.accepted, batch.rejected, batch.unchanged, batch.lastPosition],
  );
}

export async function saveRejects(tx: Tx, tenantId: number, importId: string, rejects: readonly Reject[]): Promise<void> {
  if (rejects.length === 0) return;
  await tx.execute(
    `INSERT INTO rc.import_reject (tenant_id, import_id, row, column_name, code, reason, cells)
     SELECT $1, $2, r.row, r.column_name, r.code, r.reason, r.cells::jsonb
     FROM unnest($3::int[], $4::text[], $5::text[], $6::text[], $7::text[]) AS r(row, column_name, code, reason, cells)`,
    [
      tenantId,
      importId,
      rejects.map((reject) => reject.row),
      rejects.map((reject) => reject.refusal.column),
      rejects.map((reject) => reject.refusal.code),
      rejects.map((reject) => storable(reject.refusal.reason)),
      rejects.map((reject) => storable(JSON.stringify(reject.cells))),
    ],
  );
}

/** A dry run does not go on where it was: it starts over. */
export async function resetProgress(tx: Tx, tenantId: number, importId: string): Promise<void> {
  await tx.execute('DELETE FROM rc.import_reject WHERE tenant_id = $1 AND import_id = $2', [tenantId, importId]);
  await tx.execute(
    `UPDATE rc.import SET last_row = 0, accepted = 0, rejected = 0, unchanged = 0, vanished = NULL,
            held_back_items = NULL, held_back_share = NULL
     WHERE tenant_id = $1 AND import_id = $2`,
    [tenantId, importId],
  );
}

/** PostgreSQL stores neither NUL nor half characters; a refused cell may hold either, written out or as a JSON escape. */
function storable(text: string): string {
  return text.replace(/\\u0000|\\ud[89a-f][0-9a-f]{2}|\u0000|\p{Cs}/giu, '\ufffd');
}

/** Counts items a list of open items no longer names; from the first call on they do not stand as left alone. */
export async function saveVanished(
  tx: Tx,
  tenantId: number,
  importId: string,
  vanished: number,
  lastPosition: Position | null,
): Promise<void> {
  await tx.execute(
    `UPDATE rc.import SET vanished = COALESCE(vanished, 0) + $3, last_position = COALESCE($4, last_position), failures = 0
     WHERE tenant_id = $1 AND import_id = $2`,
    [tenantId, importId, vanished, lastPosition],
  );
}

/** Items that were left alone because settling them wants to be confirmed. */
export async function saveHeldBack(
  tx: Tx,
  tenantId: number,
  importId: string,
  { items, share }: { readonly items: number; readonly share: string },
): Promise<void> {
  await tx.execute(
    'UPDATE rc.import SET held_back_items = $3, held_back_share = $4, failures = 0 WHERE tenant_id = $1 AND import_id = $2',
    [tenantId, importId, items, share],
  );
}
