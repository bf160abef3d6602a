import { localDate, type DebtorHistory, type FxRate } from '@app/credit-domain';
import type { EventStore } from '@app/event-store';
import { EVENT_STORE } from '@app/platform';
import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { ExposureRequest } from '../exposure/exposure.queries';
import type { DebtorExposureCell, ExposureCell, ExposureReading } from '../exposure/read-exposure';
import { debtorExposureFromLog, exposureFromLog } from './exposure-from-log';
import { debtorHistoriesFromLog, fxRatesFromLog, presentationCurrencyFromLog } from './facts-from-log';
import {
  GetPresentationCurrencyFromLogQuery,
  ReadDebtorExposureFromLogQuery,
  ReadDebtorHistoriesFromLogQuery,
  ReadExposureFromLogQuery,
  ReadFxRatesFromLogQuery,
} from './from-log.queries';

@QueryHandler(ReadExposureFromLogQuery)
export class ReadExposureFromLogHandler implements IQueryHandler<ReadExposureFromLogQuery> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  async execute({ tenantId, request }: ReadExposureFromLogQuery): Promise<ExposureCell[]> {
    const cells = await this.store.database.read(tenantId, (tx) => exposureFromLog(tx, readingOf(tenantId, request)));
    return cells.filter((cell) => isChosen(request, cell));
  }
}

@QueryHandler(ReadDebtorExposureFromLogQuery)
export class ReadDebtorExposureFromLogHandler implements IQueryHandler<ReadDebtorExposureFromLogQuery> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  async execute({ tenantId, request }: ReadDebtorExposureFromLogQuery): Promise<DebtorExposureCell[]> {
    if (request.debtorIds.length === 0) return [];
    const cells = await this.store.database.read(tenantId, (tx) =>
      debtorExposureFromLog(tx, readingOf(tenantId, request), request.debtorIds),
    );
    return cells.filter((cell) => isChosen(request, cell));
  }
}

@QueryHandler(ReadFxRatesFromLogQuery)
export class ReadFxRatesFromLogHandler implements IQueryHandler<ReadFxRatesFromLogQuery> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  execute({ tenantId, request }: ReadFxRatesFromLogQuery): Promise<FxRate[]> {
    return this.store.database.read(tenantId, (tx) => fxRatesFromLog(tx, tenantId, request.asOf, request.position));
  }
}

@QueryHandler(GetPresentationCurrencyFromLogQuery)
export class GetPresentationCurrencyFromLogHandler implements IQueryHandler<GetPresentationCurrencyFromLogQuery> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  execute({ tenantId, requested, position }: GetPresentationCurrencyFromLogQuery): Promise<string> {
    return this.store.database.read(tenantId, (tx) => presentationCurrencyFromLog(this.store, tx, { tenantId, requested, position }));
  }
}

@QueryHandler(ReadDebtorHistoriesFromLogQuery)
export class ReadDebtorHistoriesFromLogHandler implements IQueryHandler<ReadDebtorHistoriesFromLogQuery> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  execute({ tenantId, request }: ReadDebtorHistoriesFromLogQuery): Promise<DebtorHistory[]> {
    return this.store.database.read(tenantId, (tx) => debtorHistoriesFromLog(tx, tenantId, request));
  }
}

/** Every handler of this folder, for the module. */
export const FROM_LOG_HANDLERS = [
  ReadExposureFromLogHandler,
  ReadDebtorExposureFromLogHandler,
  ReadFxRatesFromLogHandler,
  GetPresentationCurrencyFromLogHandler,
  ReadDebtorHistoriesFromLogHandler,
];

function readingOf(tenantId: number, { asOf, position, scheme }: ExposureRequest): ExposureReading {
  return { tenantId, asOf: localDate(asOf), position, scheme };
}

function isChosen({ kinds, assessed = 'all' }: ExposureRequest, cell: ExposureCell): boolean {
  return (kinds === undefined || kinds.includes(cell.kind)) && (assessed === 'all' || cell.assessed === (assessed === 'individual'));
}
