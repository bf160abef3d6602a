import type { Position, Tx } from '@app/event-store';
import type { ImportFormat, ImportKind } from './import-kinds';

export type ImportStatus = 'receiving' | 'queued' | 'running' | 'completed' | 'failed';

/** An import as kept in rc.import. Counts are of rows; `lastRow` is the last one decided and recorded. */
export interface ImportRecord {
  readonly importId: string;
  readonly kind: ImportKind;
  readonly format: ImportFormat;
  readonly dryRun: boolean;
  readonly status: ImportStatus;
  readonly header: readonly string[] | null;
  readonly byteCount: bigint;
  readonly principalId: string;
  readonly correlationId: string;
  readonly receivedAt: Date;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  readonly lastRow: number;
  readonly allRead: boolean;
  readonly accepted: number;
  readonly rejected: number;
  readonly unchanged: number;
  readonly receivedPosition: Position | null;
  readonly lastPosition: Position | null;
  readonly failure: string | null;
  readonly expired: boolean;
  readonly queueOrder: bigint | null;
  /** What a list of open items declares of itself; null for every other kind. No kinds = those its rows name. */
  readonly asOf: string | null;
  readonly entityId: string | null;
  readonly kinds: readonly string[] | null;
  /** Items settled because a list of open items did not name them; null = they were left alone. */
  readonly vanished: number | null;
  /** The share of the open amount that may be left out without being asked; null = the default. */
  readonly maxVanishedShare: string | null;
  /** Items left alone because they are a larger share than that, and the share; null = none were. */
  readonly heldBackItems: number | null;
  readonly heldBackShare: string | null;
}

const COLUMNS = `import_id AS "importId", kind, format, dry_run AS "dryRun", status, header, byte_count AS "byteCount", principal_id AS "principalId",
  correlation_id AS "correlationId", received_at AS "receivedAt", started_at AS "startedAt", ended_at AS "endedAt", last_row AS "lastRow",
  all_read AS "allRead", accepted, rejected, unchanged, received_position AS "receivedPosition", last_position AS "lastPosition", failure, expired,
  queue_order AS "queueOrder", as_of AS "asOf", entity_id AS "entityId", kinds, vanished,
  max_vanished_share AS "maxVanishedShare", held_back_items AS "heldBackItems", held_back_share AS "heldBackShare"`;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export async function findImport(tx: Tx, tenantId: number, importId: string): Promise<ImportRecord | undefined> {
  if (!UUID.test(importId)) return undefined;
  const [found] = await tx.query<ImportRecord>(`SELECT ${COLUMNS} FROM rc.import WHERE tenant_id = $1 AND import_id = $2`, [
    tenantId,
    importId,
  ]);
  return found;
}

/** The import whose turn it is: the first accepted of those not ended. */
export async function nextImport(tx: Tx, tenantId: number): Promise<ImportRecord | undefined> {
  const [found] = await tx.query<ImportRecord>(
    `SELECT ${COLUMNS} FROM rc.import WHERE tenant_id = $1 AND status IN ('queued', 'running') ORDER BY queue_order LIMIT 1`,
    [tenantId],
  );
  return found;
}

/** Accepted imports, the latest first, from before a place in the queue. */
export async function listImports(tx: Tx, tenantId: number, before: bigint | undefined, limit: number): Promise<ImportRecord[]> {
  return tx.query<ImportRecord>(
    `SELECT ${COLUMNS} FROM rc.import
     WHERE tenant_id = $1 AND queue_order IS NOT NULL AND ($2::bigint IS NULL OR queue_order < $2) ORDER BY queue_order DESC LIMIT $3`,
    [tenantId, before ?? null, limit],
  );
}
