import type { EventStore, Position } from '@app/event-store';
import { EVENT_STORE } from '@app/platform';
import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { EVENT_CODES } from '../events';
import { ListLateFactsQuery, type LateFact } from './late-facts.query';

/** What can change a figure of the book. Credits of debtors stand outside every bucket. */
const FACTS = [
  EVENT_CODES.DebtorRegistered,
  EVENT_CODES.DebtorAmended,
  EVENT_CODES.ReceivableRecognised,
  EVENT_CODES.ReceivableMovementRecorded,
  EVENT_CODES.ReceivableReclassified,
  EVENT_CODES.FxRateRecorded,
];

interface FactRow {
  position: Position;
  type: string;
  category: string;
  key: string;
  effective_on: string;
  recorded_at: Date;
  principal_id: string;
  debtor_id: string | null;
  entity_id: string | null;
  kind: string | null;
  movement_type: string | null;
  currency: string | null;
  gross: bigint | null;
}

/** $1 tenant, $2 after, $3 up to, $4 as of, $5 types, $6 entity or null, $7 limit. */
const LATE_FACTS = `
  SELECT e.position, t.name AS type, s.category, s.key, e.effective_on, e.recorded_at, e.principal_id, e.data->>'debtorId' AS debtor_id,
         coalesce(e.data->>'entityId', e.data->'to'->>'entityId') AS entity_id, coalesce(e.data->>'kind', e.data->'to'->>'kind') AS kind,
         CASE e.type WHEN ${String(EVENT_CODES.ReceivableMovementRecorded)} THEN e.data->>'type' END AS movement_type, e.data->>'currency' AS currency,
         CASE e.type WHEN ${String(EVENT_CODES.ReceivableRecognised)} THEN (e.data->>'amount')::bigint
                     WHEN ${String(EVENT_CODES.ReceivableMovementRecorded)} THEN (e.data->>'gross')::bigint END AS gross
    FROM es.event e
    JOIN es.stream s ON s.tenant_id = $1 AND s.stream_id = e.stream_id
    JOIN es.event_type t ON t.code = e.type
   WHERE e.tenant_id = $1 AND e.position > $2 AND e.position <= $3 AND e.effective_on <= $4 AND e.type = ANY($5::smallint[])
     AND ($6::text IS NULL OR $6 IN (coalesce(e.data->>'entityId', e.data->'to'->>'entityId', $6), coalesce(e.data->'from'->>'entityId', '')))
   ORDER BY e.position LIMIT $7`;

@QueryHandler(ListLateFactsQuery)
export class ListLateFactsHandler implements IQueryHandler<ListLateFactsQuery> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  execute({ tenantId, request }: ListLateFactsQuery): Promise<LateFact[]> {
    const { asOf, after, upTo, entityId, limit } = request;
    return this.store.database.read(tenantId, async (tx) =>
      (await tx.query<FactRow>(LATE_FACTS, [tenantId, after, upTo, asOf, FACTS, entityId, limit])).map(factOf),
    );
  }
}

function factOf(row: FactRow): LateFact {
  return {
    ...{ position: row.position, type: row.type, stream: { category: row.category, key: row.key }, effectiveOn: row.effective_on },
    ...{ recordedAt: row.recorded_at.toISOString(), principalId: row.principal_id, debtorId: row.debtor_id, entityId: row.entity_id },
    ...{ kind: row.kind, movementType: row.movement_type, currency: row.currency, gross: row.gross },
  };
}
