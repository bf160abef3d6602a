import { Refusal, type RequestContext } from '@app/platform';
import { FindUnknownDebtorsQuery, ListEntitiesQuery } from '@app/receivables';
import type { QueryBus } from '@nestjs/cqrs';
import { placeOf } from './refusal-places';

/** Refused `debtor-unknown`: a policy for nobody would never be used, and nobody would notice. */
export async function requireDebtor(queries: QueryBus, { tenantId }: RequestContext, debtorId: string): Promise<void> {
  const unknown = await queries.execute(new FindUnknownDebtorsQuery(tenantId, [debtorId]));
  if (unknown.length > 0) throw new Refusal('debtor-unknown', `There is no debtor '${debtorId}'.`, [placeOf('debtorId')]);
}

/** Refused `entity-unknown`. Null is every entity. */
export async function requireEntity(
  queries: QueryBus,
  { tenantId }: RequestContext,
  { entityId, effectiveOn }: { readonly entityId: string | null; readonly effectiveOn: string },
): Promise<void> {
  if (entityId === null) return;
  const { items } = await queries.execute(new ListEntitiesQuery(tenantId, { asOf: effectiveOn, knownAt: undefined }));
  if (items.some((entity) => entity.entityId === entityId)) return;
  throw new Refusal('entity-unknown', `There is no legal entity '${entityId}', neither registered nor named by a receivable.`, [
    placeOf('entityId'),
  ]);
}
