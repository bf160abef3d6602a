import type { Database } from '../database';

/** How long a lane stays with a process that is not heard of, and how often a living one renews. */
export const LEASE_SECONDS = 10;
export const LEASE_RENEWAL_MS = 3_000;

/** A lane as this process holds it. The fence rises with every change of hands; an old number can no longer write. */
export interface LaneLease {
  name: string;
  lane: number;
  fence: bigint;
}

/** Takes a lane that is free or whose lease has run out. */
export async function takeLane(
  database: Database,
  request: { name: string; lane: number; lanes: number; types: readonly number[] | null; owner: string },
): Promise<LaneLease | undefined> {
  const [row] = await database.statement<{ fence: bigint | null }>('SELECT es.take_lane($1, $2, $3, $4::smallint[], $5, $6) AS fence', [
    request.name,
    request.lane,
    request.lanes,
    request.types,
    request.owner,
    LEASE_SECONDS,
  ]);
  const fence = row?.fence ?? null;
  return fence === null ? undefined : { name: request.name, lane: request.lane, fence };
}

/** Renews the leases and answers those that are still held. */
export async function renewLanes(database: Database, leases: readonly LaneLease[]): Promise<LaneLease[]> {
  const rows = await database.statement<{ name: string; lane: number; fence: bigint }>(
    `UPDATE es.lane l SET lease_until = clock_timestamp() + make_interval(secs => $4)
       FROM unnest($1::text[], $2::int[], $3::bigint[]) AS u(name, lane, fence)
      WHERE l.name = u.name COLLATE "C" AND l.lane = u.lane AND l.fence = u.fence
     RETURNING l.name, l.lane, l.fence`,
    [...columnsOf(leases), LEASE_SECONDS],
  );
  return leases.filter((lease) => rows.some((row) => row.name === lease.name && row.lane === lease.lane && row.fence === lease.fence));
}

/** Gives lanes up, so that another process can take them at once. */
export async function releaseLanes(database: Database, leases: readonly LaneLease[]): Promise<void> {
  await database.statement(
    `UPDATE es.lane l SET lease_until = '-infinity' FROM unnest($1::text[], $2::int[], $3::bigint[]) AS u(name, lane, fence)
      WHERE l.name = u.name COLLATE "C" AND l.lane = u.lane AND l.fence = u.fence`,
    columnsOf(leases),
  );
}

function columnsOf(leases: readonly LaneLease[]): unknown[] {
  return [leases.map((l) => l.name), leases.map((l) => l.lane), leases.map((l) => l.fence)];
}
