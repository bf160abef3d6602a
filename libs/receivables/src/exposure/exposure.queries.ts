import { Query } from '@nestjs/cqrs';
import type { AgeingScheme, FxRate } from '@app/credit-domain';
import type { Position } from '@app/event-store';
import type { DebtorExposureCell, ExposureCell } from './read-exposure';

/** What other features ask of the book. All of them read at a pinned position and wait until the projection has reached it. */

export interface ExposureRequest {
  readonly asOf: string;
  readonly position: Position;
  readonly scheme: AgeingScheme;
  readonly kinds?: readonly string[] | undefined;
  readonly assessed?: 'all' | 'collective' | 'individual' | undefined;
}

/** Exposure by pool, currency and bucket. */
export class ReadExposureQuery extends Query<ExposureCell[]> {
  constructor(
    readonly tenantId: number,
    readonly request: ExposureRequest,
  ) {
    super();
  }
}

/** The same of named debtors, each apart. */
export class ReadDebtorExposureQuery extends Query<DebtorExposureCell[]> {
  constructor(
    readonly tenantId: number,
    readonly request: ExposureRequest & { readonly debtorIds: readonly string[] },
  ) {
    super();
  }
}

/** The exchange rates in force at (asOf, position), one a pair. */
export class ReadFxRatesQuery extends Query<FxRate[]> {
  constructor(
    readonly tenantId: number,
    readonly request: { readonly asOf: string; readonly position: Position },
  ) {
    super();
  }
}

/** A scheme by its id, as known at a position. Refused `ageing-scheme-unknown`. */
export class ResolveSchemeQuery extends Query<AgeingScheme> {
  constructor(
    readonly tenantId: number,
    readonly schemeId: string,
    readonly position: Position,
  ) {
    super();
  }
}

/** The currency a figure is presented in. Refused `currency-unknown`, `presentation-currency-missing`. */
export class GetPresentationCurrencyQuery extends Query<string> {
  constructor(
    readonly tenantId: number,
    readonly requested: string | undefined,
    readonly position: Position,
  ) {
    super();
  }
}

/** Whether debtors are on the books at a position: returns the ids that are not. */
export class FindUnknownDebtorsQuery extends Query<string[]> {
  constructor(
    readonly tenantId: number,
    readonly debtorIds: readonly string[],
  ) {
    super();
  }
}
