import type { EventStore, JsonObject, Tx } from '@app/event-store';
import { EVENT_STORE } from '@app/platform';
import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { PROVISION_RUN_CATEGORY, type RunLifecycle } from './provision-run.fold';
import { ListProvisionRunsQuery, type ProvisionRunSummary } from './provision-runs.query';
import { PROVISION_RUN_JOB } from './request-run.handler';

interface RunRow {
  id: string;
  stream_id: bigint;
  requested_by: string;
  requested_at: Date;
  requested: JsonObject;
  outcome: string | null;
  signed: string | null;
  job: string | null;
  result: JsonObject | null;
}

/** The lines of a completed run stay in the log: only what a list shows is taken out of the event. */
const SUMMARIES = `
  SELECT s.key AS id, s.stream_id, r.principal_id::text AS requested_by, r.recorded_at AS requested_at, r.data AS requested, t.name AS outcome,
         (SELECT n.name FROM es.event l JOIN es.event_type n ON n.code = l.type
           WHERE l.tenant_id = $1 AND l.stream_id = s.stream_id AND l.version > 2 ORDER BY l.version DESC LIMIT 1) AS signed,
         jsonb_strip_nulls(jsonb_build_object('currency', o.data->'currency', 'hash', o.data->'hash', 'total', o.data->'total', 'problem', o.data->'problem')) AS result,
         i.state AS job
    FROM (SELECT stream_id, key FROM es.stream
           WHERE tenant_id = $1 AND category = $2 AND ($3::bigint IS NULL OR stream_id < $3) ORDER BY stream_id DESC LIMIT $4) s
    JOIN es.event r ON r.tenant_id = $1 AND r.stream_id = s.stream_id AND r.version = 1
    LEFT JOIN es.event o ON o.tenant_id = $1 AND o.stream_id = s.stream_id AND o.version = 2
    LEFT JOIN es.event_type t ON t.code = o.type
    LEFT JOIN pf.intent i ON i.tenant_id = $1 AND i.kind = $5 AND i.key = s.key
   ORDER BY s.stream_id DESC`;
const LIFECYCLE: ReadonlyMap<string, RunLifecycle> = new Map([
  ['ProvisionRunApproved', 'approved'],
  ['ProvisionRunPosted', 'posted'],
  ['ProvisionRunSuperseded', 'superseded'],
]);

const requestedSchema = z.object({ asOf: z.string(), knownAt: z.string(), position: z.int() });
const resultSchema = z.object({
  currency: z.string().optional(),
  hash: z.string().optional(),
  total: z.object({ gross: z.string(), allowance: z.string() }).optional(),
  problem: z.object({ code: z.string() }).optional(),
});

@QueryHandler(ListProvisionRunsQuery)
export class ListProvisionRunsHandler implements IQueryHandler<ListProvisionRunsQuery> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  execute({ tenantId, page }: ListProvisionRunsQuery): Promise<ProvisionRunSummary[]> {
    const before = page.before === undefined ? null : BigInt(page.before);
    return this.store.database.read(tenantId, async (tx: Tx) =>
      (await tx.query<RunRow>(SUMMARIES, [tenantId, PROVISION_RUN_CATEGORY, before, page.limit, PROVISION_RUN_JOB])).map(summaryOf),
    );
  }
}

function summaryOf(row: RunRow): ProvisionRunSummary {
  const { asOf, knownAt, position } = requestedSchema.parse(row.requested);
  const result = resultSchema.parse(row.result ?? {});
  return {
    id: row.id,
    status: statusOf(row),
    lifecycle: row.outcome === 'ProvisionRunCompleted' ? (LIFECYCLE.get(row.signed ?? '') ?? 'computed') : null,
    ...{ asOf, knownAt, position: BigInt(position) },
    requestedAt: row.requested_at.toISOString(),
    requestedBy: row.requested_by,
    currency: result.currency ?? null,
    total: result.total === undefined ? null : { gross: BigInt(result.total.gross), allowance: BigInt(result.total.allowance) },
    hash: result.hash ?? null,
    problemCode: result.problem?.code ?? null,
    cursor: row.stream_id.toString(),
  };
}

function statusOf({ outcome, job }: RunRow): ProvisionRunSummary['status'] {
  if (outcome === 'ProvisionRunCompleted') return 'completed';
  if (outcome === 'ProvisionRunFailed') return 'failed';
  return job === 'running' ? 'running' : 'queued';
}
