import type { Database } from '../database';
import type { Position } from '../types';

/** Knows which tenants have settled events beyond a position; one look per new mark serves every processor of the process. */
export class TenantHeads {
  readonly #heads = new Map<number, Position>();
  #scannedTo: Position = 0n;
  #running: Promise<void> | undefined;

  constructor(private readonly database: Database) {}

  /** Brings the heads up to a mark. */
  async refresh(mark: Position): Promise<void> {
    while (this.#scannedTo < mark) {
      this.#running ??= this.#scan(mark).finally(() => {
        this.#running = undefined;
      });
      await this.#running;
    }
  }

  /** Tenants of a lane with the position of their last settled event. */
  *ofLane(lane: number, lanes: number): Iterable<[tenantId: number, head: Position]> {
    for (const [tenantId, head] of this.#heads) if (laneOf(tenantId, lanes) === lane) yield [tenantId, head];
  }

  async #scan(mark: Position): Promise<void> {
    const rows = await this.database.statement<{ tenant_id: number; head: Position }>(
      `SELECT t.tenant_id, h.position AS head FROM es.tenants() AS t(tenant_id)
        CROSS JOIN LATERAL (SELECT e.position FROM es.event e WHERE e.tenant_id = t.tenant_id AND e.position > $1 AND e.position <= $2
                             ORDER BY e.position DESC LIMIT 1) h`,
      [this.#scannedTo, mark],
    );
    for (const row of rows) this.#heads.set(row.tenant_id, row.head);
    this.#scannedTo = mark;
  }
}

/** The lane of a tenant: tenant mod lanes, also for negative ids. */
export function laneOf(tenantId: number, lanes: number): number {
  return ((tenantId % lanes) + lanes) % lanes;
}
