import type { Database } from '@app/event-store';
import { BROKEN_UPLOAD_RETENTION_HOURS, UPLOAD_RETENTION_DAYS } from './import-limits';

const HOUR_MS = 3_600_000;

/** Removes uploads and refused rows whose time is over, and uploads that broke off. What an import came to stays on record. */
export async function purgeExpired(database: Database, tenantId: number, now: Date): Promise<void> {
  const endedBefore = new Date(now.getTime() - UPLOAD_RETENTION_DAYS * 24 * HOUR_MS);
  const brokenBefore = new Date(now.getTime() - BROKEN_UPLOAD_RETENTION_HOURS * HOUR_MS);
  await database.transaction(tenantId, async (tx) => {
    const expired = await tx.query<{ import_id: string }>(
      'UPDATE rc.import SET expired = true WHERE tenant_id = $1 AND ended_at < $2 AND NOT expired RETURNING import_id',
      [tenantId, endedBefore],
    );
    const broken = await tx.query<{ import_id: string }>(
      `DELETE FROM rc.import WHERE tenant_id = $1 AND status = 'receiving' AND received_at < $2 RETURNING import_id`,
      [tenantId, brokenBefore],
    );
    const ids = [...expired, ...broken].map((row) => row.import_id);
    if (ids.length === 0) return;
    await tx.execute('DELETE FROM rc.import_chunk WHERE tenant_id = $1 AND import_id = ANY($2::uuid[])', [tenantId, ids]);
    await tx.execute('DELETE FROM rc.import_reject WHERE tenant_id = $1 AND import_id = ANY($2::uuid[])', [tenantId, ids]);
  });
}
