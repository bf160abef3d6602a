import {
  GetPresentationCurrencyFromLogQuery,
  GetPresentationCurrencyQuery,
  ReadDebtorExposureFromLogQuery,
  ReadDebtorExposureQuery,
  ReadDebtorHistoriesFromLogQuery,
  ReadDebtorHistoriesQuery,
  ReadExposureFromLogQuery,
  ReadExposureQuery,
  ReadFxRatesFromLogQuery,
  ReadFxRatesQuery,
  ResolveSchemeQuery,
} from '@app/receivables';
import type { QueryBus } from '@nestjs/cqrs';

/**
 * The questions a run asks of the book, each answered from the log instead of the read models. A question without an answer from the log
 * is refused as a defect: nothing may slip from a read model into a verification.
 */
export function queriesFromLog(queries: QueryBus): QueryBus {
  // The engine asks by `execute` and by nothing else.
  return { execute: (query: unknown) => queries.execute(fromLog(query) as never) } as unknown as QueryBus;
}

function fromLog(query: unknown): unknown {
  if (query instanceof ReadExposureQuery) return new ReadExposureFromLogQuery(query.tenantId, query.request);
  if (query instanceof ReadDebtorExposureQuery) return new ReadDebtorExposureFromLogQuery(query.tenantId, query.request);
  if (query instanceof ReadDebtorHistoriesQuery) return new ReadDebtorHistoriesFromLogQuery(query.tenantId, query.request);
  if (query instanceof ReadFxRatesQuery) return new ReadFxRatesFromLogQuery(query.tenantId, query.request);
  if (query instanceof GetPresentationCurrencyQuery) {
    return new GetPresentationCurrencyFromLogQuery(query.tenantId, query.requested, query.position);
  }
  // Schemes are folded from their events everywhere.
  if (query instanceof ResolveSchemeQuery) return query;
  throw new Error(`${query?.constructor.name ?? 'This question'} has no answer from the log, so a run that asks it cannot be verified.`);
}
