import type { AgeingScheme, DebtorHistory, ExchangeRate, FxRate } from '@app/credit-domain';
import { findRate, localDate } from '@app/credit-domain';
import type { Position } from '@app/event-store';
import type { DebtorExposureCell, DebtorSpread, DebtorSpreadRequest, ExposureCell } from '@app/receivables';
import {
  GetPresentationCurrencyQuery,
  ReadDebtorExposureQuery,
  ReadDebtorHistoriesQuery,
  ReadDebtorSpreadQuery,
  ReadExposureQuery,
  ReadFxRatesQuery,
  ResolveSchemeQuery,
} from '@app/receivables';
import type { QueryBus } from '@nestjs/cqrs';

/**
 * The book at one (asOf, position), read through the queries of receivables, each figure once: a close asks for the same cells for
 * its snapshot and for its provision, and both must be the same reading.
 */
export class BookReading {
  private readonly schemes = new Map<string, Promise<AgeingScheme>>();
  private readonly exposures = new Map<string, Promise<readonly ExposureCell[]>>();
  private readonly debtors = new Map<string, Promise<readonly DebtorExposureCell[]>>();
  private rates: Promise<readonly FxRate[]> | undefined;
  private impaired: Promise<readonly DebtorHistory[]> | undefined;

  constructor(
    private readonly queries: QueryBus,
    readonly tenantId: number,
    readonly asOf: string,
    readonly position: Position,
  ) {}

  /** Refused `ageing-scheme-unknown`. */
  scheme(id: string): Promise<AgeingScheme> {
    return remember(this.schemes, id, () => this.queries.execute(new ResolveSchemeQuery(this.tenantId, id, this.position)));
  }

  /** Every pool, collective and individual, of every kind. */
  exposure(scheme: AgeingScheme): Promise<readonly ExposureCell[]> {
    const { asOf, position } = this;
    return remember(this.exposures, scheme.id, () =>
      this.queries.execute(new ReadExposureQuery(this.tenantId, { asOf, position, scheme })),
    );
  }

  /** Pools of the named debtors, each debtor apart: those assessed individually, or those that are not. */
  debtorExposure(
    scheme: AgeingScheme,
    debtorIds: readonly string[],
    assessed: 'collective' | 'individual',
  ): Promise<readonly DebtorExposureCell[]> {
    if (debtorIds.length === 0) return Promise.resolve([]);
    const { asOf, position } = this;
    return remember(this.debtors, JSON.stringify([scheme.id, assessed, debtorIds]), () =>
      this.queries.execute(new ReadDebtorExposureQuery(this.tenantId, { asOf, position, scheme, debtorIds, assessed })),
    );
  }

  /** How the book is spread over its debtors; null for a book larger than asked for. */
  debtorSpread(request: Omit<DebtorSpreadRequest, 'asOf' | 'position'>): Promise<DebtorSpread | null> {
    const { asOf, position } = this;
    return this.queries.execute(new ReadDebtorSpreadQuery(this.tenantId, { asOf, position, ...request }));
  }

  /** Facts of every debtor that was ever flagged as credit-impaired. */
  debtorsEverImpaired(): Promise<readonly DebtorHistory[]> {
    const { position } = this;
    this.impaired ??= this.queries.execute(new ReadDebtorHistoriesQuery(this.tenantId, { position, everImpaired: true }));
    return this.impaired;
  }

  /** Refused `currency-unknown`, `presentation-currency-missing`. */
  presentationCurrency(requested: string | null): Promise<string> {
    return this.queries.execute(new GetPresentationCurrencyQuery(this.tenantId, requested ?? undefined, this.position));
  }

  /** Closing rates of the currencies into the presentation currency; a currency without a rate is left out. */
  async closingRates(currencies: Iterable<string>, presentation: string): Promise<Map<string, ExchangeRate>> {
    const known = await this.knownRates();
    const found = new Map<string, ExchangeRate>();
    for (const currency of [...new Set(currencies)].sort()) {
      const rate = findRate(known, currency, presentation, localDate(this.asOf));
      if (rate.ok) found.set(currency, rate.rate);
    }
    return found;
  }

  /** The exchange rates in force, one a pair. */
  protected knownRates(): Promise<readonly FxRate[]> {
    const { asOf, position } = this;
    this.rates ??= this.queries.execute(new ReadFxRatesQuery(this.tenantId, { asOf, position }));
    return this.rates;
  }
}

function remember<Value>(cache: Map<string, Promise<Value>>, key: string, read: () => Promise<Value>): Promise<Value> {
  const known = cache.get(key);
  if (known !== undefined) return known;
  const reading = read();
  cache.set(key, reading);
  return reading;
}
