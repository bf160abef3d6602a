import type { Position, Tx } from '@app/event-store';

/** The category of the streams: one a debtor. */
export const ACTIVITIES = 'debtor-activities';

/** $1 tenant, $2 category, $3 debtors, $4 position, $5 as-of date: the last next contact that was said, unless somebody got in touch on or after it. */
const NEXT_CONTACTS = `
  SELECT w.debtor_id, n.next_on
  FROM unnest($3::text[]) AS w(debtor_id)
  JOIN es.stream s ON s.tenant_id = $1 AND s.category = $2 AND s.key = w.debtor_id COLLATE "C"
  CROSS JOIN LATERAL (
    SELECT e.version, e.data->>'nextContactOn' AS next_on FROM es.event e
    WHERE e.tenant_id = $1 AND e.stream_id = s.stream_id AND e.position <= $4 AND e.effective_on <= $5 AND e.data->>'nextContactOn' IS NOT NULL
    ORDER BY e.version DESC LIMIT 1
  ) n
  WHERE NOT EXISTS (
    SELECT FROM es.event l
    WHERE l.tenant_id = $1 AND l.stream_id = s.stream_id AND l.position <= $4 AND l.effective_on <= $5 AND l.version > n.version
      AND l.data->>'type' <> 'note' AND l.effective_on >= n.next_on::date
  )`;

/** When somebody is to take debtors up again, by debtor; missing = nobody said. */
export async function nextContacts(
  tx: Tx,
  tenantId: number,
  debtorIds: readonly string[],
  { asOf, position }: { readonly asOf: string; readonly position: Position },
): Promise<Map<string, string>> {
  const rows = await tx.query<{ debtor_id: string; next_on: string }>(NEXT_CONTACTS, [tenantId, ACTIVITIES, debtorIds, position, asOf]);
  return new Map(rows.map((row) => [row.debtor_id, row.next_on]));
}

/** $1 tenant, $2 category, $3 debtor, $4 position, $5 below this version, $6 how many: positions of the latest activities. */
const LATEST = `
  SELECT e.position FROM es.stream s JOIN es.event e ON e.tenant_id = $1 AND e.stream_id = s.stream_id
  WHERE s.tenant_id = $1 AND s.category = $2 AND s.key = $3 AND e.position <= $4 AND e.version < $5
  ORDER BY e.version DESC LIMIT $6`;

export async function latestActivities(
  tx: Tx,
  tenantId: number,
  debtorId: string,
  { position, below, limit }: { readonly position: Position; readonly below: number; readonly limit: number },
): Promise<Position[]> {
  const rows = await tx.query<{ position: Position }>(LATEST, [tenantId, ACTIVITIES, debtorId, position, below, limit]);
  return rows.map((row) => row.position);
}
