import type { AgeingScheme, Crossing, LocalDate } from '@app/credit-domain';
import {
  anchorThresholds,
  appliedRate,
  bucketByThresholds,
  chargeOf,
  inForceForKind,
  localDate,
  lossRateSetInForce,
  monthsFrom,
  outstandingAt,
  rateFor,
} from '@app/credit-domain';
import type { EventStore } from '@app/event-store';
import { EVENT_STORE, Refusal } from '@app/platform';
import { GetPresentationCurrencyQuery, ResolveSchemeQuery } from '@app/receivables';
import { Inject } from '@nestjs/common';
import { QueryBus, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { anchorOf, BookHistories, type PoolFilter } from '../evidence/book-histories';
import { requireKindsWithLosses } from '../policy/kinds';
import { placeOf } from '../policy/refusal-places';
import { CurrencySums } from './book-sums';
import { GetForwardAgeingQuery, type ForwardAgeing, type ForwardCrossing, type ForwardMonth } from './metrics.query';

@QueryHandler(GetForwardAgeingQuery)
export class GetForwardAgeingHandler implements IQueryHandler<GetForwardAgeingQuery> {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(QueryBus) private readonly queries: QueryBus,
  ) {}

  async execute({ tenantId, request }: GetForwardAgeingQuery): Promise<ForwardAgeing> {
    const { asOf, kind, months } = request;
    requireKindsWithLosses([kind], 'kind');
    const known = await this.store.database.read(tenantId, (tx) => this.store.resolveKnownAt(tx, request.knownAt));
    const book = await BookHistories.open(this.store, this.queries, tenantId, known.position);
    const set = lossRateSetInForce(book.policy.lossRateSets, { kind, asOf });
    if (set === null) {
      throw new Refusal('loss-rate-missing', `No approved loss rates for '${kind}' are in force on ${asOf}.`, [placeOf('kind')]);
    }
    const currency = await this.queries.execute(new GetPresentationCurrencyQuery(tenantId, request.currency, known.position));
    const scheme = await this.queries.execute(new ResolveSchemeQuery(tenantId, set.scheme, known.position));
    const scenarios = inForceForKind(book.policy.forwardLookingSets, { kind, asOf });
    const rateOf = (segment: string, bucket: number): string => {
      const label = scheme.buckets[bucket]?.label ?? '';
      const rate = rateFor(set.rates, segment, label);
      if (rate === null) throw new Refusal('loss-rate-missing', `Set '${set.setId}' has no rate for '${label}' of segment '${segment}'.`);
      return appliedRate(rate, scenarios);
    };
    const filter = { kinds: [kind], entityId: request.entityId ?? null, segment: null, assessed: 'collective' as const };
    const { crossings, gross } = await crossingsOf(book, filter, scheme, asOf, months);
    const translate = await book.translation(asOf, currency);
    const shown = monthsOf(crossings, asOf, months, (crossing) => ({
      ...{ segment: crossing.segment, receivables: crossing.receivables, amount: translate(crossing.amount, crossing.currency) },
      ...{ fromBucket: scheme.buckets[crossing.from]?.label ?? '', toBucket: scheme.buckets[crossing.to]?.label ?? '' },
      charge: translate(
        chargeOf(crossing, rateOf(crossing.segment, crossing.from), rateOf(crossing.segment, crossing.to)),
        crossing.currency,
      ),
    }));
    return {
      ...{ asOf, ...known, currency, kind, scheme: scheme.id, lossRateSetId: set.setId, months: shown },
      gross: gross.total(translate),
      charge: shown.reduce((sum, { charge }) => sum + charge, 0n),
    };
  }
}

/** Every passing from bucket to bucket within so many months, at the balances of asOf. */
async function crossingsOf(
  book: BookHistories,
  filter: PoolFilter,
  scheme: AgeingScheme,
  asOf: string,
  months: number,
): Promise<{ crossings: Crossing[]; gross: CurrencySums }> {
  const ends = Array.from({ length: months + 1 }, (_, month) => anchorThresholds(scheme, monthsFrom(localDate(asOf), month)));
  const sums = new Map<string, { -readonly [Key in keyof Crossing]: Crossing[Key] }>();
  const gross = new CurrencySums();
  for await (const page of book.walk()) {
    for (const history of page) {
      const member = book.memberAt(history, filter, asOf);
      const amount = member === null ? 0n : outstandingAt(history, { asOf, position: book.position });
      if (member === null || amount === 0n) continue;
      gross.add(history.currency, amount);
      const anchor = anchorOf(history, member.classification, scheme.basis);
      for (const { month, from, to } of anchor === null ? [] : passagesOf(ends, anchor)) {
        const key = JSON.stringify([month, member.segment, history.currency, from, to]);
        const sum = sums.get(key) ?? { month, segment: member.segment, currency: history.currency, from, to, amount: 0n, receivables: 0 };
        sums.set(key, sum);
        sum.amount += amount;
        sum.receivables += 1;
      }
    }
  }
  return { crossings: [...sums.values()], gross };
}

function passagesOf(ends: readonly (readonly LocalDate[])[], anchor: LocalDate): { month: number; from: number; to: number }[] {
  let from = bucketByThresholds(ends[0] ?? [], anchor);
  return ends.flatMap((thresholds, month) => {
    const to = bucketByThresholds(thresholds, anchor);
    const passage = { month, from, to };
    from = to;
    return passage.from === to ? [] : [passage];
  });
}

/** Crossings by month; those of several currencies come together once translated. */
function monthsOf(
  crossings: readonly Crossing[],
  asOf: string,
  months: number,
  shown: (crossing: Crossing) => ForwardCrossing,
): ForwardMonth[] {
  return Array.from({ length: months }, (_, index): ForwardMonth => {
    const month = index + 1;
    const merged = new Map<string, ForwardCrossing>();
    for (const crossing of crossings.filter((each) => each.month === month)) {
      const own = shown(crossing);
      const key = JSON.stringify([own.segment, crossing.from, crossing.to]);
      const before = merged.get(key);
      merged.set(key, {
        ...own,
        amount: own.amount + (before?.amount ?? 0n),
        charge: own.charge + (before?.charge ?? 0n),
        receivables: own.receivables + (before?.receivables ?? 0),
      });
    }
    const list = [...merged].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, crossing]) => crossing);
    const until = monthsFrom(localDate(asOf), month);
    return { month, until, charge: list.reduce((sum, { charge }) => sum + charge, 0n), crossings: list };
  });
}
