import type { Tx } from '@app/event-store';

/** The zone a tenant's days begin in; undefined = the installation's. */
export async function tenantZone(tx: Tx, tenantId: number): Promise<string | undefined> {
  const rows = await tx.query<{ time_zone: string }>('SELECT time_zone FROM pf.tenant_zone WHERE tenant_id = $1', [tenantId]);
  return rows[0]?.time_zone;
}

/** Leaves the zone a tenant's days begin in for the schedules; null = the installation's. */
export async function recordTenantZone(tx: Tx, tenantId: number, timeZone: string | null): Promise<void> {
  if (timeZone === null) await tx.execute('DELETE FROM pf.tenant_zone WHERE tenant_id = $1', [tenantId]);
  else {
    await tx.execute(
      `INSERT INTO pf.tenant_zone (tenant_id, time_zone) VALUES ($1, $2)
       ON CONFLICT (tenant_id) DO UPDATE SET time_zone = EXCLUDED.time_zone`,
      [tenantId, timeZone],
    );
  }
}
