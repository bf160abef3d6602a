import type { JsonObject } from '@app/event-store';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { matrixOf, stagesOf } from '../closes/close-outcome';
import { provisionRunCompletedData } from '../events';
import { PROVISION_RUN_CATEGORY } from './provision-run.fold';
import { ReadSealedFiguresQuery, type SealedFigures } from './sealed-figures.query';

/** A run of some kinds only is no figure of the book. */
const SEALED = `
  WITH approved AS (
    SELECT DISTINCT ON (e.effective_on) e.stream_id
      FROM es.stream s
      JOIN es.event e ON e.tenant_id = $1 AND e.stream_id = s.stream_id
      JOIN es.event_type t ON t.code = e.type
     WHERE s.tenant_id = $1 AND s.category = $2 AND t.name = 'ProvisionRunApproved' AND e.data -> 'kinds' = 'null'::jsonb
     ORDER BY e.effective_on, e.position DESC)
  SELECT c.data
    FROM approved a
    JOIN es.event c ON c.tenant_id = $1 AND c.stream_id = a.stream_id
    JOIN es.event_type t ON t.code = c.type
   WHERE t.name = 'ProvisionRunCompleted'
   ORDER BY c.effective_on`;

@QueryHandler(ReadSealedFiguresQuery)
export class ReadSealedFiguresHandler implements IQueryHandler<ReadSealedFiguresQuery> {
  async execute({ tx, tenantId }: ReadSealedFiguresQuery): Promise<SealedFigures[]> {
    const rows = await tx.query<{ data: JsonObject }>(SEALED, [tenantId, PROVISION_RUN_CATEGORY]);
    return rows.map(({ data }) => {
      const run = provisionRunCompletedData.parse(data);
      return { asOf: run.asOf, currency: run.currency, kinds: run.totals, buckets: matrixOf(run), stages: stagesOf(run) };
    });
  }
}
