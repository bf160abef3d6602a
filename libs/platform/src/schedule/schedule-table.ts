import type { Database, Tx } from '@app/event-store';

/** A schedule whose next slot has begun for a tenant. */
export interface DueSlot {
  readonly tenantId: number;
  readonly name: string;
  readonly slot: string;
}

/** The slot of every schedule as it stands in every zone, in parallel lists; the zone is null for tenants without one of their own. */
export interface SlotGrid {
  readonly names: readonly string[];
  readonly zones: readonly (string | null)[];
  readonly slots: readonly string[];
}

/** The statements of `pf.schedule` and `pf.tenant_zone` that the worker runs. */
export class ScheduleTable {
  constructor(private readonly database: Database) {}

  /** What has begun and was not handed out yet; `slot` is null where the grid does not hold the tenant's zone. */
  due({ names, zones, slots }: SlotGrid): Promise<{ tenant_id: number; zone: string | null; name: string | null; slot: string | null }[]> {
    return this.database.statement(
      `SELECT t.tenant_id, z.time_zone AS zone, g.name, g.slot
       FROM es.tenants() AS t(tenant_id)
       LEFT JOIN pf.tenant_zone z ON z.tenant_id = t.tenant_id
       LEFT JOIN unnest($1::text[], $2::text[], $3::text[]) AS g(name, zone, slot) ON g.zone IS NOT DISTINCT FROM z.time_zone
       LEFT JOIN pf.schedule s ON s.tenant_id = t.tenant_id AND s.name = g.name
       WHERE g.name IS NULL OR s.slot IS NULL OR s.slot < g.slot COLLATE "C"
       ORDER BY t.tenant_id, g.name`,
      [names, zones, slots],
    );
  }
}

/** Advances a schedule; false when another worker has done so already. */
export async function advance(tx: Tx, { tenantId, name, slot }: DueSlot): Promise<boolean> {
  const rows = await tx.query(
    `INSERT INTO pf.schedule (tenant_id, name, slot) VALUES ($1, $2, $3)
     ON CONFLICT (tenant_id, name) DO UPDATE SET slot = EXCLUDED.slot WHERE schedule.slot < EXCLUDED.slot
     RETURNING 1 AS one`,
    [tenantId, name, slot],
  );
  return rows.length > 0;
}
