import type { Concentration, Measure, MeasureGap, MonthSales } from '@app/credit-domain';
import {
  addMonths,
  averageDaysDelinquent,
  bestPossibleDso,
  collectionEffectiveness,
  concentrationOf,
  countBackDso,
  daysBetween,
  daysSalesOutstanding,
  endOfMonth,
  KINDS_WITH_ECL,
  localDate,
  measured,
  monthsFrom,
  trueDso,
  undefinedMeasure,
} from '@app/credit-domain';
import type { EventStore } from '@app/event-store';
import { EVENT_STORE, Refusal } from '@app/platform';
import { GetPresentationCurrencyQuery, ReadUnappliedCashQuery } from '@app/receivables';
import { Inject } from '@nestjs/common';
import { QueryBus, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { ProvisionCalculator } from '../calculate/provision-calculator';
import { BookHistories } from '../evidence/book-histories';
import { givenSales } from '../evidence/evidence-plan';
import { requireKindsWithLosses } from '../policy/kinds';
import { placeOf } from '../policy/refusal-places';
import { allowanceAt, type AllowanceAt } from './allowance-at';
import { addUnapplied, monthOf, sumBook, type BookSums, type DatedSums } from './book-sums';
import { GetMetricsQuery, type Metric, type MetricAmounts, type Metrics, type MetricsRequest } from './metrics.query';

/** Period of a request that names none: a year, so that no season is over-weighted. */
const DEFAULT_PERIOD_MONTHS = 12;
/** Fifty years: further back no month of sales is counted off the receivables. */
const COUNT_BACK_MONTHS_MAX = 600;

interface Counted {
  readonly request: MetricsRequest;
  readonly amounts: MetricAmounts;
  readonly days: number;
  readonly allowance: AllowanceAt;
  readonly months: readonly MonthSales[];
  readonly openMonths: Parameters<typeof trueDso>[0];
  readonly concentration: Concentration;
  readonly sales: Flow;
  readonly salesWithTax: Flow;
}

/** What happened over the period in the currency of the answer, or why that cannot be told. */
type Flow = { readonly amount: bigint; readonly gap: null } | { readonly amount: null; readonly gap: MeasureGap };

/** A measure, or the code for which the allowance it needs is missing. */
type Valued = Measure | { readonly value: null; readonly gap: string };

@QueryHandler(GetMetricsQuery)
export class GetMetricsHandler implements IQueryHandler<GetMetricsQuery> {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(ProvisionCalculator) private readonly calculator: ProvisionCalculator,
  ) {}

  async execute({ tenantId, request }: GetMetricsQuery): Promise<Metrics> {
    const { asOf, kind, entityId } = request;
    if (kind !== undefined) requireKindsWithLosses([kind], 'kind');
    const from = request.from ?? monthsFrom(localDate(asOf), -DEFAULT_PERIOD_MONTHS);
    const days = request.daysInPeriod ?? daysBetween(localDate(from), localDate(asOf));
    if (from >= asOf) throw new Refusal('evidence-window-invalid', `The period from ${from} to ${asOf} has no day.`, [placeOf('from')]);
    const known = await this.store.database.read(tenantId, (tx) => this.store.resolveKnownAt(tx, request.knownAt));
    const { position } = known;
    const currency = await this.queries.execute(new GetPresentationCurrencyQuery(tenantId, request.currency, position));
    const book = await BookHistories.open(this.store, this.queries, tenantId, position);
    const filter = {
      kinds: kind === undefined ? KINDS_WITH_ECL : [kind],
      entityId: entityId ?? null,
      segment: null,
      assessed: 'all' as const,
    };
    const sums = await sumBook(book, filter, { from, to: asOf });
    if (kind === undefined) {
      addUnapplied(sums, await this.queries.execute(new ReadUnappliedCashQuery(tenantId, { from, to: asOf, position })), entityId ?? null);
    }
    const asked = { kind: kind ?? null, entityId: entityId ?? null, currency };
    const allowance = await allowanceAt(this.calculator, { tenantId, asOf, position }, asked);
    const counted = await count(book, sums, { request, from, days, currency, allowance });
    return {
      ...{ asOf, ...known, currency, from, daysInPeriod: days, debtors: counted.concentration.debtors },
      salesSource: request.sales === undefined ? 'derived' : 'given',
      amounts: counted.amounts,
      metrics: metricsOf(counted),
    };
  }
}

async function count(
  book: BookHistories,
  sums: BookSums,
  {
    request,
    from,
    days,
    currency,
    allowance,
  }: { request: MetricsRequest; from: string; days: number; currency: string; allowance: AllowanceAt },
): Promise<Counted> {
  const translate = await book.translation(request.asOf, currency);
  const atStart = await flowOrGap(async () => sums.beginning.total(await book.translation(from, currency)));
  const flow = (dated: DatedSums) => flowOrGap(() => dated.total(book, currency));
  const given = givenSales(request.sales, currency);
  const sales: Flow = given === null ? await flow(sums.sales) : { amount: given, gap: null };
  const salesWithTax = given === null ? await flow(sums.salesWithTax) : sales;
  const receivables = sums.outstanding.total(translate);
  const amounts: MetricAmounts = {
    ...{ receivables, notPastDue: sums.notPastDue.total(translate), over90: sums.over90.total(translate), overdue: 0n },
    // Without a rate for the first day the closing rate is the nearest there is: the book may have had no foreign currency then.
    beginning: atStart.amount ?? sums.beginning.total(translate),
    ...{ sales: sales.amount, salesWithTax: salesWithTax.amount, collections: (await flow(sums.collections)).amount },
    ...{ unappliedCash: (await flow(sums.unappliedCash)).amount, recoveries: (await flow(sums.recoveries)).amount },
    unclassified: sums.unclassified.total(translate),
    ...{ allowance: allowance.ok ? allowance.total.allowance : null, net: allowance.ok ? receivables - allowance.total.allowance : null },
  };
  return {
    ...{ request, days, allowance, sales, salesWithTax },
    amounts: { ...amounts, overdue: receivables - amounts.notPastDue },
    months: monthsBack(sums, request.asOf, translate),
    openMonths: [...sums.openDaysByMonth].map(([month, open]) => ({
      ...{ month, amountDays: open.total(translate), sales: sums.salesByMonth.get(month)?.total(translate) ?? 0n },
    })),
    concentration: concentrationOf(
      [...sums.byDebtor.values()].map((balance) => balance.total(translate)),
      request.top,
    ),
  };
}

/** A flow is translated at the rates of its days; a day without one leaves the flow unknown, and says so. */
async function flowOrGap(total: () => Promise<bigint>): Promise<Flow> {
  try {
    return { amount: await total(), gap: null };
  } catch (error) {
    if (error instanceof Refusal && error.code === 'fx-rate-missing') return { amount: null, gap: error.code };
    throw error;
  }
}

/** The sales of calendar months from that of asOf back to the first there is; the month of asOf up to that day. */
function monthsBack(sums: BookSums, asOf: string, translate: (minor: bigint, currency: string) => bigint): MonthSales[] {
  const first = [...sums.salesByMonth.keys()].sort()[0];
  if (first === undefined) return [];
  const months: MonthSales[] = [];
  let last = localDate(asOf);
  while (monthOf(last) >= first && months.length < COUNT_BACK_MONTHS_MAX) {
    const month = monthOf(last);
    const days = Number(last.slice(-2));
    months.push({ month, days, sales: sums.salesByMonth.get(month)?.total(translate) ?? 0n });
    last = endOfMonth(addMonths(localDate(`${month}-01`), -1));
  }
  return months;
}

function metricsOf(counted: Counted): Metric[] {
  const { amounts, days, allowance, request, concentration } = counted;
  const { receivables, notPastDue, overdue, over90, beginning } = amounts;
  const bySales = (measure: (sales: bigint) => Measure, { amount, gap }: Flow = counted.sales): Measure =>
    gap === null ? measure(amount) : undefinedMeasure(gap);
  const byAllowance = (measure: (given: Extract<AllowanceAt, { ok: true }>) => Measure): Valued =>
    allowance.ok ? measure(allowance) : { value: null, gap: allowance.reason };
  const metric = (name: string, unit: Metric['unit'], formula: string, measure: Valued): Metric => ({
    ...{ name, unit, formula, value: measure.value, reason: measure.gap },
  });
  return [
    metric(
      'dso',
      'days',
      'receivables x days / sales',
      bySales((sales) => daysSalesOutstanding(receivables, sales, days)),
    ),
    metric(
      'netDso',
      'days',
      '(receivables - allowance) x days / sales',
      byAllowance(({ total }) => bySales((sales) => daysSalesOutstanding(receivables - total.allowance, sales, days))),
    ),
    metric(
      'countBackDso',
      'days',
      'whole months of sales with tax taken off the receivables from the latest month back, and a share of the last',
      countBackDso(receivables, counted.months),
    ),
    metric(
      'trueDso',
      'days',
      'sum over open invoices of days since invoice x amount / sales with tax of the month of the invoice',
      trueDso(counted.openMonths),
    ),
    metric(
      'bestPossibleDso',
      'days',
      'receivables not past due x days / sales',
      bySales((sales) => bestPossibleDso(notPastDue, sales, days)),
    ),
    metric(
      'averageDaysDelinquent',
      'days',
      'dso - bestPossibleDso',
      bySales((sales) => averageDaysDelinquent(receivables, notPastDue, sales, days)),
    ),
    metric(
      'collectionEffectiveness',
      'fraction',
      '(beginning + sales with tax - receivables) / (beginning + sales with tax - receivables not past due), unclassified settlements taken out of both',
      bySales(
        (sales) =>
          collectionEffectiveness({
            ...{ beginning, sales, ending: receivables, endingNotPastDue: notPastDue, unclassified: amounts.unclassified },
          }),
        counted.salesWithTax,
      ),
    ),
    metric(
      'coverage',
      'fraction',
      'allowance / gross',
      byAllowance(({ total }) => measured(total.allowance, total.gross, 'no-receivables')),
    ),
    ...(['collective', 'staged', 'individual'] as const).map((side) =>
      metric(
        `${side}Coverage`,
        'fraction',
        `allowance / gross of the ${side} side`,
        byAllowance((given) => measured(given[side].allowance, given[side].gross, 'no-receivables')),
      ),
    ),
    metric('overdueShare', 'fraction', 'past due / receivables', measured(overdue, receivables, 'no-receivables')),
    metric('over90Share', 'fraction', 'more than 90 days past due / receivables', measured(over90, receivables, 'no-receivables')),
    metric(
      'allowanceToOver90',
      'fraction',
      'allowance / more than 90 days past due',
      byAllowance(({ total }) => measured(total.allowance, over90, 'nothing-past-90-days')),
    ),
    metric('topShare', 'fraction', `balances of the ${String(request.top)} largest debtors / receivables`, concentration.topShare),
    metric('herfindahl', 'fraction', 'sum over debtors of (balance / receivables) squared; 1 = one debtor', concentration.herfindahl),
  ];
}
