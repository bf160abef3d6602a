import type { EventStore, JsonObject } from '@app/event-store';
import { EVENT_STORE, Refusal } from '@app/platform';
import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { CLOSE_CATEGORY, foldClose, type CloseState } from './close.fold';
import { GetCloseQuery, ListClosesQuery, type CloseSummary } from './closes.query';

@QueryHandler(GetCloseQuery)
export class GetCloseHandler implements IQueryHandler<GetCloseQuery> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  async execute({ tenantId, closeId }: GetCloseQuery): Promise<CloseState> {
    const close = foldClose(await this.store.database.read(tenantId, (tx) => this.store.readStream(tx, CLOSE_CATEGORY, closeId)));
    if (close === null) throw new Refusal('close-not-found', `There is no close '${closeId}'.`);
    return close;
  }
}

interface CloseRow {
  as_of: string;
  request: bigint;
  outcome: string | null;
  outcome_position: bigint | null;
  outcome_data: JsonObject | null;
  snapshot: JsonObject | null;
  provision: JsonObject | null;
}

/** Of each close the latest event of a kind, without the cells a list does not show. */
const SUMMARIES = `
  WITH page AS (
    SELECT stream_id, key FROM es.stream WHERE tenant_id = $1 AND category = $2 AND ($3::text IS NULL OR key < $3) ORDER BY key DESC LIMIT $4),
  latest AS (
    SELECT DISTINCT ON (p.key, group_name) p.key,
           CASE WHEN t.name IN ('CloseCompleted', 'CloseFailed') THEN 'outcome' ELSE t.name END AS group_name, t.name, e.position,
           e.data - ARRAY['byAge', 'concentration', 'buckets', 'kinds', 'lossRateSets', 'warnings'] AS data
      FROM page p JOIN es.event e ON e.tenant_id = $1 AND e.stream_id = p.stream_id JOIN es.event_type t ON t.code = e.type
     ORDER BY p.key, group_name, e.version DESC)
  SELECT p.key AS as_of, r.position AS request, o.name AS outcome, o.position AS outcome_position, o.data AS outcome_data, s.data AS snapshot, v.data AS provision
    FROM page p
    JOIN latest r ON r.key = p.key AND r.group_name = 'CloseRequested'
    LEFT JOIN latest o ON o.key = p.key AND o.group_name = 'outcome'
    LEFT JOIN latest s ON s.key = p.key AND s.group_name = 'AgeingSnapshotTaken'
    LEFT JOIN latest v ON v.key = p.key AND v.group_name = 'ProvisionRecomputed'
   ORDER BY p.key DESC`;

const outcomeSchema = z.object({ position: z.int(), problem: z.object({ code: z.string() }).nullable() });
const snapshotSchema = z.object({ currency: z.string(), total: z.string() });
const provisionSchema = z.object({ total: z.object({ allowance: z.string() }) });

@QueryHandler(ListClosesQuery)
export class ListClosesHandler implements IQueryHandler<ListClosesQuery> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  execute({ tenantId, page }: ListClosesQuery): Promise<CloseSummary[]> {
    return this.store.database.read(tenantId, async (tx) =>
      (await tx.query<CloseRow>(SUMMARIES, [tenantId, CLOSE_CATEGORY, page.before ?? null, page.limit])).map(summaryOf),
    );
  }
}

function summaryOf(row: CloseRow): CloseSummary {
  const pending = row.outcome_position === null || row.outcome_position < row.request;
  const outcome = row.outcome_data === null ? null : outcomeSchema.parse(row.outcome_data);
  const snapshot = row.snapshot === null ? null : snapshotSchema.parse(row.snapshot);
  const provision = row.provision === null || outcome?.problem != null ? null : provisionSchema.parse(row.provision);
  return {
    id: row.as_of,
    asOf: row.as_of,
    status: pending ? 'queued' : row.outcome === 'CloseFailed' ? 'failed' : 'completed',
    position: outcome === null ? null : BigInt(outcome.position),
    currency: snapshot?.currency ?? null,
    gross: snapshot === null ? null : BigInt(snapshot.total),
    allowance: provision === null ? null : BigInt(provision.total.allowance),
    problemCode: outcome?.problem?.code ?? null,
  };
}
