import type { ReceivableHistory } from '@app/credit-domain';
import type { QueryBus } from '@nestjs/cqrs';
import { ReadReceivableHistoriesQuery, type HistoriesRequest } from './histories.queries';

/** Every receivable of the request, page by page: memory stays flat whatever the size of the book. */
export async function* walkHistories(
  queries: QueryBus,
  tenantId: number,
  request: Omit<HistoriesRequest, 'after'>,
): AsyncGenerator<readonly ReceivableHistory[]> {
  let after: bigint | undefined;
  for (;;) {
    const page = await queries.execute(new ReadReceivableHistoriesQuery(tenantId, { ...request, after }));
    if (page.items.length > 0) yield page.items;
    if (page.next === null) return;
    after = page.next;
  }
}
