import { Inject } from '@nestjs/common';
import type { IQueryHandler } from '@nestjs/cqrs';
import { QueryHandler } from '@nestjs/cqrs';
import type { AgeingScheme } from '@app/credit-domain';
import { KINDS_WITH_ECL, localDate } from '@app/credit-domain';
import type { EventStore, Position, Tx } from '@app/event-store';
import { EVENT_STORE } from '@app/platform';
import { creditBalancesAt } from '../exposure/credit-balances';
import type { ExposureCell } from '../exposure/read-exposure';
import { readDebtorExposure, readExposure } from '../exposure/read-exposure';
import { readAt } from '../exposure/read-at';
import { Translator, fxRatesAt } from './fx-rates';
import type { Ageing, AgeingGroup, AgeingGrouping, AgeingRequest } from './get-ageing.query';
import { GetAgeingQuery } from './get-ageing.query';
import { presentationCurrency } from './presentation-currency';
import { policySchemeId, schemeAt } from './schemes';

const TOTAL_KEY = 'total';

@QueryHandler(GetAgeingQuery)
export class GetAgeingHandler implements IQueryHandler<GetAgeingQuery> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  execute({ request }: GetAgeingQuery): Promise<Ageing> {
    return readAt(this.store, request.tenantId, request.knownAt, (tx, known) => this.ageingAt(tx, request, known));
  }

  private async ageingAt(tx: Tx, request: AgeingRequest, known: { position: Position; knownAt: string }): Promise<Ageing> {
    const { tenantId, asOf } = request;
    const scheme = await this.schemeOf(tx, request, known.position);
    const currency = await presentationCurrency(this.store, tx, tenantId, request.currency, known.position);
    const reading = { tenantId, asOf: localDate(asOf), position: known.position, scheme };
    const cells = request.groupBy === 'debtor' ? await readDebtorExposure(tx, reading) : await readExposure(tx, reading);
    const credits = await creditBalancesAt(tx, tenantId, asOf, known.position);
    const isForeign = [...cells, ...credits].some((amount) => amount.currency !== currency);
    const rates = isForeign ? await fxRatesAt(tx, tenantId, asOf, known.position) : [];
    const translator = new Translator(rates, asOf, currency);

    const groups = groupCells(cells.filter(chosenBy(request)), request.groupBy, scheme, translator);
    const creditByKey = new Map<string, bigint>();
    let creditBalance = 0n;
    for (const credit of credits) {
      const translated = translator.translate(credit.amount, credit.currency);
      creditBalance += translated;
      const key = creditKey(credit, request.groupBy);
      if (key !== undefined) creditByKey.set(key, (creditByKey.get(key) ?? 0n) + translated);
    }
    for (const key of creditByKey.keys()) {
      if (!groups.has(key)) groups.set(key, emptyBuckets(scheme));
    }
    return {
      asOf,
      ...known,
      currency,
      scheme: scheme.id,
      basis: scheme.basis,
      labels: scheme.buckets.map((bucket) => bucket.label),
      groups: [...groups]
        .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
        .map(([key, buckets]): AgeingGroup => {
          const credit = creditByKey.get(key);
          return {
            key,
            buckets,
            total: buckets.reduce((sum, amount) => sum + amount, 0n),
            ...(credit === undefined ? {} : { creditBalance: credit }),
          };
        }),
      creditBalance,
    };
  }

  private async schemeOf(tx: Tx, request: AgeingRequest, position: Position): Promise<AgeingScheme> {
    const { scheme: schemeId, basis } = request;
    if (schemeId === undefined && basis === 'due') return schemeAt(this.store, tx, 'days-past-due-30-60-90', position);
    const scheme = await schemeAt(
      this.store,
      tx,
      schemeId ?? (await policySchemeId(this.store, tx, request.kind, request.asOf, position)),
      position,
    );
    return basis === undefined ? scheme : { ...scheme, basis };
  }
}

function chosenBy(request: AgeingRequest): (cell: ExposureCell) => boolean {
  const kinds: readonly string[] = request.kind === undefined ? KINDS_WITH_ECL : [request.kind];
  return (cell) => kinds.includes(cell.kind) && (request.assessed === 'all' || cell.assessed === (request.assessed === 'individual'));
}

const emptyBuckets = (scheme: AgeingScheme): bigint[] => scheme.buckets.map(() => 0n);

/** Amounts are summed by currency first and translated once a cell, so that splitting a figure does not add roundings. */
function groupCells(
  cells: readonly (ExposureCell & { debtorId?: string })[],
  groupBy: AgeingGrouping,
  scheme: AgeingScheme,
  translator: Translator,
): Map<string, bigint[]> {
  const byCurrency = new Map<string, Map<string, bigint[]>>();
  for (const cell of cells) {
    const key = groupKey(cell, groupBy);
    const currencies = byCurrency.get(key) ?? new Map<string, bigint[]>();
    byCurrency.set(key, currencies);
    const buckets = currencies.get(cell.currency) ?? emptyBuckets(scheme);
    currencies.set(cell.currency, buckets);
    buckets[cell.bucket] = (buckets[cell.bucket] ?? 0n) + cell.amount;
  }
  const groups = new Map<string, bigint[]>();
  if (groupBy === 'total') groups.set(TOTAL_KEY, emptyBuckets(scheme));
  for (const [key, currencies] of byCurrency) {
    const translated = groups.get(key) ?? emptyBuckets(scheme);
    for (const [currency, buckets] of currencies) {
      buckets.forEach((amount, index) => (translated[index] = (translated[index] ?? 0n) + translator.translate(amount, currency)));
    }
    groups.set(key, translated);
  }
  return groups;
}

function groupKey(cell: ExposureCell & { debtorId?: string }, groupBy: AgeingGrouping): string {
  switch (groupBy) {
    case 'total':
      return TOTAL_KEY;
    case 'debtor':
      return cell.debtorId ?? '';
    case 'segment':
      return cell.segment;
    case 'currency':
      return cell.currency;
    case 'class':
      return cell.class;
    case 'related':
      return String(cell.related);
    case 'entity':
      return cell.entityId;
    case 'kind':
      return cell.kind;
  }
}

function creditKey(credit: { debtorId: string; entityId: string; currency: string }, groupBy: AgeingGrouping): string | undefined {
  switch (groupBy) {
    case 'total':
      return TOTAL_KEY;
    case 'debtor':
      return credit.debtorId;
    case 'currency':
      return credit.currency;
    case 'entity':
      return credit.entityId;
    case 'segment':
    case 'class':
    case 'related':
    case 'kind':
      return undefined;
  }
}
