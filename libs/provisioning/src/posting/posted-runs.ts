import type { JsonObject, Position, Tx } from '@app/event-store';
import { Refusal } from '@app/platform';
import { z } from 'zod';
import { PROVISION_RUN_CATEGORY, type CompletedRun } from '../provision-runs/provision-run.fold';

export interface PostedRun {
  readonly runId: string;
  readonly asOf: string;
  /** null = every kind with exposure. */
  readonly kinds: readonly string[] | null;
  readonly currency: string;
  readonly postedPosition: Position;
}

const rowSchema = z.object({ kinds: z.array(z.string()).nullable() });

/** Every posted run, the latest date first, and on one date the latest posting first; without the lines of any. */
export async function postedRuns(tx: Tx, tenantId: number): Promise<PostedRun[]> {
  const rows = await tx.query<{ run_id: string; as_of: string; requested: JsonObject; currency: string; position: Position }>(
    `SELECT s.key AS run_id, e.effective_on AS as_of, r.data AS requested, e.data ->> 'currency' AS currency, e.position
       FROM es.stream s
       JOIN es.event e ON e.tenant_id = $1 AND e.stream_id = s.stream_id
       JOIN es.event_type t ON t.code = e.type AND t.name = 'ProvisionRunPosted'
       JOIN es.event r ON r.tenant_id = $1 AND r.stream_id = s.stream_id AND r.version = 1
      WHERE s.tenant_id = $1 AND s.category = $2
      ORDER BY e.effective_on DESC, e.position DESC`,
    [tenantId, PROVISION_RUN_CATEGORY],
  );
  return rows.map(({ run_id: runId, as_of: asOf, requested, currency, position: postedPosition }) => ({
    ...{ runId, asOf, currency, postedPosition },
    kinds: rowSchema.parse(requested).kinds,
  }));
}

/**
 * The run whose figures the books hold already: the latest one posted for the same kinds. Null when nothing was. Refused `later-run-posted`
 * when the books are past the date of this run, and `posted-kinds-differ` when they hold some of its kinds by a run of other kinds: posting it
 * would book them twice.
 */
export function postedBefore(posted: readonly PostedRun[], { request }: CompletedRun): PostedRun | null {
  const others = posted.filter(({ runId }) => runId !== request.runId);
  const overlapping = others.find((each) => !isSameKinds(each.kinds, request.kinds) && overlaps(each.kinds, request.kinds));
  if (overlapping !== undefined) {
    throw new Refusal(
      'posted-kinds-differ',
      `Run '${overlapping.runId}' of other kinds is posted for ${overlapping.asOf}; booking a movement needs runs of the same kinds.`,
    );
  }
  const latest = others.find((each) => isSameKinds(each.kinds, request.kinds)) ?? null;
  if (latest !== null && latest.asOf > request.asOf) {
    throw new Refusal('later-run-posted', `Run '${latest.runId}' is posted for ${latest.asOf}, after ${request.asOf}.`);
  }
  return latest;
}

function isSameKinds(a: readonly string[] | null, b: readonly string[] | null): boolean {
  const text = (kinds: readonly string[] | null): string => (kinds === null ? '*' : [...new Set(kinds)].sort().join());
  return text(a) === text(b);
}

function overlaps(a: readonly string[] | null, b: readonly string[] | null): boolean {
  return a === null || b === null || a.some((kind) => b.includes(kind));
}
