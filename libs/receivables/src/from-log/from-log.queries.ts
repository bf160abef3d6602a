import type { DebtorHistory, FxRate } from '@app/credit-domain';
import type { Position } from '@app/event-store';
import { Query } from '@nestjs/cqrs';
import type { ExposureRequest } from '../exposure/exposure.queries';
import type { ReadDebtorHistoriesQuery } from '../histories/histories.queries';
import type { DebtorExposureCell, ExposureCell } from '../exposure/read-exposure';

/**
 * The same figures as the queries of `exposure` and `histories` give, computed from the events alone and by statements of their own: what
 * a sealed run is checked against. They read no table of the book, wait for no projection, and cost a pass over the log each.
 */

export class ReadExposureFromLogQuery extends Query<ExposureCell[]> {
  constructor(
    readonly tenantId: number,
    readonly request: ExposureRequest,
  ) {
    super();
  }
}

export class ReadDebtorExposureFromLogQuery extends Query<DebtorExposureCell[]> {
  constructor(
    readonly tenantId: number,
    readonly request: ExposureRequest & { readonly debtorIds: readonly string[] },
  ) {
    super();
  }
}

export class ReadFxRatesFromLogQuery extends Query<FxRate[]> {
  constructor(
    readonly tenantId: number,
    readonly request: { readonly asOf: string; readonly position: Position },
  ) {
    super();
  }
}

/** Refused `currency-unknown`, `presentation-currency-missing`. */
export class GetPresentationCurrencyFromLogQuery extends Query<string> {
  constructor(
    readonly tenantId: number,
    readonly requested: string | undefined,
    readonly position: Position,
  ) {
    super();
  }
}

export class ReadDebtorHistoriesFromLogQuery extends Query<DebtorHistory[]> {
  constructor(
    readonly tenantId: number,
    readonly request: ReadDebtorHistoriesQuery['request'],
  ) {
    super();
  }
}
