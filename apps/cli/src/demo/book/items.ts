import type { LocalDate, ReceivableKind } from '@app/credit-domain';
import { addDays, daysBetween, formatAmount, largestRemainder, localDate } from '@app/credit-domain';
import { MINOR_PER_THOUSAND } from '../published';
import type { ForeignCurrency } from './assumed-flow';
import type { Debtor } from './debtors';
import type { Random } from './random';
import type { Basis, Row } from './rows';

/** One receivable of the generated book. `minor` is in its own currency, `value` in fen at the closing rate of the year it is generated for. */
export interface Item {
  readonly id: string;
  readonly debtor: Debtor;
  readonly currency: string;
  readonly minor: bigint;
  readonly value: bigint;
  readonly bucket: string;
  readonly recognisedOn: LocalDate;
  /** null = repayable on demand, or not billed yet. */
  readonly dueOn: LocalDate | null;
  readonly kind: ReceivableKind;
  /** '' = no class. */
  readonly className: string;
  /** value-added tax in `minor`; null = none. */
  readonly tax: bigint | null;
  readonly basis: Basis;
}

/** Recognition dates that fall in each bucket at both year ends as the flow says; both ends of a window belong to it. */
export const WINDOWS_2023: Readonly<Record<string, readonly [string, string]>> = {
  'Up to 6 months': ['2023-07-01', '2023-12-30'],
  '6 months to 1 year': ['2022-12-31', '2023-06-30'],
  '1 to 2 years': ['2021-12-31', '2022-12-30'],
  '2 to 3 years': ['2020-12-31', '2021-12-30'],
  '3 to 4 years': ['2019-12-31', '2020-12-30'],
  // Over five years old when written off.
  'Over 4 years': ['2016-01-01', '2018-12-31'],
};
export const WINDOWS_2024: Readonly<Record<string, readonly [string, string]>> = {
  'Up to 6 months': ['2024-07-01', '2024-12-30'],
  '6 months to 1 year': ['2024-01-01', '2024-06-30'],
};

export const sumOf = (items: readonly { readonly value: bigint }[]): bigint => items.reduce((sum, { value }) => sum + value, 0n);

export function dateWithin(random: Random, from: string, to: string): LocalDate {
  const first = localDate(from);
  return addDays(first, random.below(daysBetween(first, localDate(to)) + 1));
}

/** Makes receivables with ids in one sequence. */
export class ItemMaker {
  private made = 0;

  constructor(
    private readonly random: Random,
    private readonly prefix: string,
    private readonly windows: Readonly<Record<string, readonly [string, string]>>,
  ) {}

  /** Splits `total` fen over `count` receivables in RMB. What is no whole number of RMB'000 goes to the first, which absorbs translation. */
  inRmb(bucket: string, total: bigint, count: number, debtors: readonly Debtor[], basis: Basis): Item[] {
    const rest = total % MINOR_PER_THOUSAND;
    const parts = largestRemainder(total - rest, this.random.weights(count));
    return parts.map((part, index) => {
      const minor = index === 0 ? part + rest : part;
      const debtor = index < debtors.length ? (debtors[index] ?? this.random.pick(debtors)) : this.random.pick(debtors);
      return this.make(bucket, debtor, 'CNY', minor, minor, index === 0 && rest !== 0n ? 'derived' : basis);
    });
  }

  /** Splits whole lots of a foreign currency worth about `total` fen over buckets by percent. */
  inForeign(
    foreign: ForeignCurrency,
    total: bigint,
    shares: readonly { readonly bucket: string; readonly percent: number }[],
    debtors: readonly Debtor[],
  ): Item[] {
    const lotValue = lotValueOf(foreign);
    const lots = (total + lotValue / 2n) / lotValue;
    const byBucket = largestRemainder(
      lots,
      shares.map(({ percent }) => BigInt(percent)),
    );
    return shares.flatMap(({ bucket }, index) => {
      const lotsOfBucket = byBucket[index] ?? 0n;
      const count = lotsOfBucket < 120n ? 2 : this.random.between(5, 12);
      return largestRemainder(lotsOfBucket, this.random.weights(count))
        .filter((itemLots) => itemLots > 0n)
        .map((itemLots) =>
          this.make(bucket, this.random.pick(debtors), foreign.currency, itemLots * foreign.lotMinor, itemLots * lotValue, 'assumed'),
        );
    });
  }

  make(bucket: string, debtor: Debtor, currency: string, minor: bigint, value: bigint, basis: Basis): Item {
    const window = this.windows[bucket];
    if (window === undefined) throw new RangeError(`no window for ${bucket}`);
    const id = `${this.prefix}${String(++this.made).padStart(5, '0')}`;
    const recognisedOn = dateWithin(this.random, ...window);
    const dueOn = addDays(recognisedOn, debtor.termsDays);
    return { ...{ id, debtor, currency, minor, value, bucket, recognisedOn, dueOn, basis }, kind: 'trade', className: '', tax: null };
  }
}

/** Fen in one lot at the closing rate; exact, or the currency's lot is too small for its rate. */
function lotValueOf({ currency, lotMinor, rate }: ForeignCurrency): bigint {
  const [whole = '', decimals = ''] = rate.split('.');
  const fenPerUnit = currency === 'JPY' ? 100n : 1n;
  const scaled = lotMinor * BigInt(whole + decimals) * fenPerUnit;
  const scale = 10n ** BigInt(decimals.length);
  if (scaled % scale !== 0n) throw new RangeError(`a lot of ${currency} is not worth a whole number of fen at ${rate}`);
  return scaled / scale;
}

export function receivableRow(item: Item, takenOn: string): Row {
  return {
    receivable_id: item.id,
    debtor_id: item.debtor.id,
    kind: item.kind,
    currency: item.currency,
    amount: formatAmount(item.minor, item.currency),
    recognised_on: item.recognisedOn,
    invoiced_on: item.recognisedOn,
    due_on: item.dueOn ?? '',
    document_no: `INV-${item.id}`,
    class: item.className,
    tax_amount: item.tax === null ? '' : formatAmount(item.tax, item.currency),
    on_demand: item.dueOn === null ? 'true' : '',
    taken_on: takenOn,
    basis: item.basis,
  };
}
