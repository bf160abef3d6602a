import type { JsonObject, Position, Tx } from '@app/event-store';
import { z } from 'zod';
import { provisionRunApprovedData, type ProvisionRunApprovedData } from '../events/run-lifecycle';
import { PROVISION_RUN_CATEGORY } from './provision-run.fold';

export interface ApprovedRun extends ProvisionRunApprovedData {
  /** events on the run's stream. */
  readonly version: number;
  readonly approvedPosition: Position;
  readonly lifecycle: 'approved' | 'posted' | 'superseded';
}

const lifecycleSchema = z.enum(['ProvisionRunApproved', 'ProvisionRunPosted', 'ProvisionRunSuperseded']);
const LIFECYCLE = { ProvisionRunApproved: 'approved', ProvisionRunPosted: 'posted', ProvisionRunSuperseded: 'superseded' } as const;

/** Every run that was ever approved for a date by a position, the latest approval last, without the lines of any. */
export async function approvedRunsOf(tx: Tx, tenantId: number, asOf: string, upTo: Position | null): Promise<ApprovedRun[]> {
  const rows = await tx.query<{ version: number; position: Position; data: JsonObject; latest: string }>(
    `SELECT s.version, e.position, e.data,
            (SELECT n.name FROM es.event l JOIN es.event_type n ON n.code = l.type
              WHERE l.tenant_id = $1 AND l.stream_id = s.stream_id AND l.position <= coalesce($4::bigint, l.position) ORDER BY l.version DESC LIMIT 1) AS latest
       FROM es.stream s
       JOIN es.event e ON e.tenant_id = $1 AND e.stream_id = s.stream_id
       JOIN es.event_type t ON t.code = e.type
      WHERE s.tenant_id = $1 AND s.category = $2 AND t.name = 'ProvisionRunApproved' AND e.effective_on = $3
        AND e.position <= coalesce($4::bigint, e.position)
      ORDER BY e.position`,
    [tenantId, PROVISION_RUN_CATEGORY, asOf, upTo],
  );
  return rows.map((row) => ({
    ...provisionRunApprovedData.parse(row.data),
    version: row.version,
    approvedPosition: row.position,
    lifecycle: LIFECYCLE[lifecycleSchema.parse(row.latest)],
  }));
}

/** Same date, kinds, scheme and currency: figures of one and the same thing. */
export function isSameScope(
  a: Pick<ProvisionRunApprovedData, 'asOf' | 'kinds' | 'scheme' | 'currency'>,
  b: Pick<ProvisionRunApprovedData, 'asOf' | 'kinds' | 'scheme' | 'currency'>,
): boolean {
  const kindsOf = (run: { readonly kinds: readonly string[] | null }): string => (run.kinds === null ? '*' : [...run.kinds].sort().join());
  return a.asOf === b.asOf && kindsOf(a) === kindsOf(b) && a.scheme === b.scheme && a.currency === b.currency;
}
