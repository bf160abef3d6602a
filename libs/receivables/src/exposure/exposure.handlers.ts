import { Inject } from '@nestjs/common';
import type { IQueryHandler } from '@nestjs/cqrs';
import { QueryHandler } from '@nestjs/cqrs';
import type { AgeingScheme, FxRate } from '@app/credit-domain';
import { localDate } from '@app/credit-domain';
import type { EventStore } from '@app/event-store';
import { EVENT_STORE } from '@app/platform';
import { fxRatesAt } from '../ageing/fx-rates';
import { presentationCurrency } from '../ageing/presentation-currency';
import { schemeAt } from '../ageing/schemes';
import type { ExposureRequest } from './exposure.queries';
import {
  FindUnknownDebtorsQuery,
  GetPresentationCurrencyQuery,
  ReadDebtorExposureQuery,
  ReadExposureQuery,
  ReadFxRatesQuery,
  ResolveSchemeQuery,
} from './exposure.queries';
import { readAtPosition } from './read-at';
import type { DebtorExposureCell, ExposureCell } from './read-exposure';
import { readDebtorExposure, readExposure } from './read-exposure';

const chosenBy =
  ({ kinds, assessed = 'all' }: ExposureRequest) =>
  (cell: ExposureCell): boolean =>
    (kinds === undefined || kinds.includes(cell.kind)) && (assessed === 'all' || cell.assessed === (assessed === 'individual'));

const readingOf = (tenantId: number, { asOf, position, scheme }: ExposureRequest) => ({
  tenantId,
  asOf: localDate(asOf),
  position,
  scheme,
});

@QueryHandler(ReadExposureQuery)
export class ReadExposureHandler implements IQueryHandler<ReadExposureQuery> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  async execute({ tenantId, request }: ReadExposureQuery): Promise<ExposureCell[]> {
    const cells = await readAtPosition(this.store, tenantId, request.position, (tx) => readExposure(tx, readingOf(tenantId, request)));
    return cells.filter(chosenBy(request));
  }
}

@QueryHandler(ReadDebtorExposureQuery)
export class ReadDebtorExposureHandler implements IQueryHandler<ReadDebtorExposureQuery> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  async execute({ tenantId, request }: ReadDebtorExposureQuery): Promise<DebtorExposureCell[]> {
    if (request.debtorIds.length === 0) return [];
    const cells = await readAtPosition(this.store, tenantId, request.position, (tx) =>
      readDebtorExposure(tx, readingOf(tenantId, request), request.debtorIds),
    );
    return cells.filter(chosenBy(request));
  }
}

@QueryHandler(ReadFxRatesQuery)
export class ReadFxRatesHandler implements IQueryHandler<ReadFxRatesQuery> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  execute({ tenantId, request }: ReadFxRatesQuery): Promise<FxRate[]> {
    return readAtPosition(this.store, tenantId, request.position, (tx) => fxRatesAt(tx, tenantId, request.asOf, request.position));
  }
}

@QueryHandler(ResolveSchemeQuery)
export class ResolveSchemeHandler implements IQueryHandler<ResolveSchemeQuery> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  execute({ tenantId, schemeId, position }: ResolveSchemeQuery): Promise<AgeingScheme> {
    return this.store.database.read(tenantId, (tx) => schemeAt(this.store, tx, schemeId, position));
  }
}

@QueryHandler(GetPresentationCurrencyQuery)
export class GetPresentationCurrencyHandler implements IQueryHandler<GetPresentationCurrencyQuery> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  execute({ tenantId, requested, position }: GetPresentationCurrencyQuery): Promise<string> {
    return readAtPosition(this.store, tenantId, position, (tx) => presentationCurrency(this.store, tx, tenantId, requested, position));
  }
}

@QueryHandler(FindUnknownDebtorsQuery)
export class FindUnknownDebtorsHandler implements IQueryHandler<FindUnknownDebtorsQuery> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  execute({ tenantId, debtorIds }: FindUnknownDebtorsQuery): Promise<string[]> {
    return this.store.database.read(tenantId, async (tx) => {
      const known = await tx.query<{ debtor_id: string }>(
        'SELECT debtor_id FROM rc.debtor WHERE tenant_id = $1 AND debtor_id = ANY($2::text[])',
        [tenantId, debtorIds],
      );
      const ids = new Set(known.map((row) => row.debtor_id));
      return debtorIds.filter((id) => !ids.has(id));
    });
  }
}
