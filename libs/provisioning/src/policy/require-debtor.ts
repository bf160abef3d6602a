import { Refusal, type RequestContext } from '@app/platform';
import { FindUnknownDebtorsQuery } from '@app/receivables';
import type { QueryBus } from '@nestjs/cqrs';
import { placeOf } from './refusal-places';

/** Refused `debtor-unknown`: a policy for nobody would never be used, and nobody would notice. */
export async function requireDebtor(queries: QueryBus, { tenantId }: RequestContext, debtorId: string): Promise<void> {
  const unknown = await queries.execute(new FindUnknownDebtorsQuery(tenantId, [debtorId]));
  if (unknown.length > 0) throw new Refusal('debtor-unknown', `There is no debtor '${debtorId}'.`, [placeOf('debtorId')]);
}
