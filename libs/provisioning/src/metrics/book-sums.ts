import type { ExchangeRate, ReceivableHistory } from '@app/credit-domain';
import { daysBetween, localDate, outstandingAt, stepsWithin, translate } from '@app/credit-domain';
import type { UnappliedCash } from '@app/receivables';
import type { BookHistories, PoolFilter } from '../evidence/book-histories';

/** A claim counts as over 90 when it is more days past due than this. */
const OVER_90_DAYS = 90;
const CASH_TYPES: readonly string[] = ['payment', 'payment_reversal', 'refund'];

/** Amounts by currency. */
export class CurrencySums {
  private readonly sums = new Map<string, bigint>();

  add(currency: string, amount: bigint): void {
    if (amount !== 0n) this.sums.set(currency, (this.sums.get(currency) ?? 0n) + amount);
  }

  entries(): Iterable<[currency: string, amount: bigint]> {
    return this.sums;
  }

  total(translated: (minor: bigint, currency: string) => bigint): bigint {
    return [...this.sums].reduce((sum, [currency, amount]) => sum + translated(amount, currency), 0n);
  }
}

/** Amounts by day and currency, each translated at the rate of its own day; what has one rate is summed first and rounded once. */
export class DatedSums {
  private readonly byDate = new Map<string, CurrencySums>();

  add(date: string, currency: string, amount: bigint): void {
    if (amount === 0n) return;
    const sums = this.byDate.get(date) ?? new CurrencySums();
    this.byDate.set(date, sums);
    sums.add(currency, amount);
  }

  async total(book: BookHistories, currency: string): Promise<bigint> {
    const byRate = new Map<string, { readonly rate: ExchangeRate; amount: bigint }>();
    for (const [date, sums] of this.byDate) {
      const rateOf = await book.exchange(date, currency);
      for (const [own, amount] of sums.entries()) {
        const rate = rateOf(own);
        const key = JSON.stringify([own, rate.numerator.toString(), rate.denominator.toString()]);
        const sum = byRate.get(key) ?? { rate, amount: 0n };
        byRate.set(key, sum);
        sum.amount += amount;
      }
    }
    return [...byRate.values()].reduce((sum, { rate, amount }) => sum + translate(amount, rate), 0n);
  }
}

/** Everything the measures need of a book, gathered in one walk. */
export interface BookSums {
  readonly outstanding: CurrencySums;
  readonly notPastDue: CurrencySums;
  readonly over90: CurrencySums;
  readonly beginning: CurrencySums;
  readonly unclassified: CurrencySums;
  readonly sales: DatedSums;
  readonly salesWithTax: DatedSums;
  readonly collections: DatedSums;
  readonly unappliedCash: DatedSums;
  readonly recoveries: DatedSums;
  /** credit sales by month of the invoice, taxes included; items taken on from another system are no sales. */
  readonly salesByMonth: Map<string, CurrencySums>;
  /** open balance x days since the invoice, by month of the invoice. */
  readonly openDaysByMonth: Map<string, CurrencySums>;
  readonly byDebtor: Map<bigint, CurrencySums>;
}

export const monthOf = (date: string): string => date.slice(0, 7);

export async function sumBook(
  book: BookHistories,
  filter: PoolFilter,
  period: { readonly from: string; readonly to: string },
): Promise<BookSums> {
  const sums: BookSums = {
    ...{ outstanding: new CurrencySums(), notPastDue: new CurrencySums(), over90: new CurrencySums(), beginning: new CurrencySums() },
    ...{ unclassified: new CurrencySums(), sales: new DatedSums(), salesWithTax: new DatedSums(), collections: new DatedSums() },
    ...{ unappliedCash: new DatedSums(), recoveries: new DatedSums() },
    ...{ salesByMonth: new Map(), openDaysByMonth: new Map(), byDebtor: new Map() },
  };
  for await (const page of book.walk()) for (const history of page) addReceivable(sums, book, filter, period, history);
  return sums;
}

/** Cash of debtors without a receivable is cash of every kind together: it counts only where no kind is asked for. */
export function addUnapplied(sums: BookSums, cash: readonly UnappliedCash[], entityId: string | null): void {
  for (const { entityId: own, currency, effectiveOn, amount } of cash) {
    if (entityId !== null && own !== entityId) continue;
    sums.collections.add(effectiveOn, currency, amount);
    sums.unappliedCash.add(effectiveOn, currency, amount);
  }
}

function addReceivable(
  sums: BookSums,
  book: BookHistories,
  filter: PoolFilter,
  { from, to }: { readonly from: string; readonly to: string },
  history: ReceivableHistory,
): void {
  const { position } = book;
  const { currency } = history;
  if (book.memberAt(history, filter, from) !== null) sums.beginning.add(currency, outstandingAt(history, { asOf: from, position }));
  const member = book.memberAt(history, filter, to);
  if (member === null) return;
  addBalance(sums, history, member.classification, to, position);
  if (history.takenOn === null) {
    add(sums.salesByMonth, monthOf(member.classification.invoicedOn), currency, history.amount);
    if (history.recognisedOn > from) {
      sums.sales.add(history.recognisedOn, currency, history.amount - (history.taxAmount ?? 0n));
      sums.salesWithTax.add(history.recognisedOn, currency, history.amount);
    }
  }
  for (const step of stepsWithin(history, { from, to }, position)) {
    if (CASH_TYPES.includes(step.type)) sums.collections.add(step.effectiveOn, currency, step.credit - step.gross);
    if (step.type === 'unclassified') sums.unclassified.add(currency, -step.gross);
    sums.recoveries.add(step.effectiveOn, currency, step.recovered);
  }
}

function addBalance(
  sums: BookSums,
  history: ReceivableHistory,
  { dueOn, invoicedOn }: { readonly dueOn: string | null; readonly invoicedOn: string },
  asOf: string,
  position: bigint,
): void {
  const { currency } = history;
  const owed = outstandingAt(history, { asOf, position });
  if (owed === 0n) return;
  sums.outstanding.add(currency, owed);
  const daysPastDue = dueOn === null ? 0 : daysBetween(localDate(dueOn), localDate(asOf));
  if (daysPastDue <= 0) sums.notPastDue.add(currency, owed);
  if (daysPastDue > OVER_90_DAYS) sums.over90.add(currency, owed);
  const daysSinceInvoice = daysBetween(localDate(invoicedOn), localDate(asOf));
  if (daysSinceInvoice > 0) add(sums.openDaysByMonth, monthOf(invoicedOn), currency, owed * BigInt(daysSinceInvoice));
  add(sums.byDebtor, history.debtorNo, currency, owed);
}

function add<Key>(map: Map<Key, CurrencySums>, key: Key, currency: string, amount: bigint): void {
  const sums = map.get(key) ?? new CurrencySums();
  map.set(key, sums);
  sums.add(currency, amount);
}
