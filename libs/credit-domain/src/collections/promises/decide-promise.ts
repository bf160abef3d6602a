import type { Refused } from '../../refusals';
import { formatAmount, type LocalDate } from '../../values';
import { aboveBalance, currencyDiffers, notPositive, type OwedItem, owedIn } from '../owed-items';

export interface PromiseTerms {
  readonly amount: bigint;
  readonly currency: string;
  readonly dueOn: LocalDate;
}

/** What an open promise of the debtor still asks for; minor units. */
export interface PromisedAlready {
  readonly currency: string;
  /** null = the account as a whole. */
  readonly receivableIds: readonly string[] | null;
  readonly left: bigint;
}

/**
 * Whether a promise can be taken: for a day that is not past, above zero, in the currency of what it is for, and not above it: neither by itself nor
 * together with what is promised for the same items already.
 */
export function decidePromise(
  terms: PromiseTerms,
  today: LocalDate,
  items: readonly OwedItem[],
  areNamed: boolean,
  already: readonly PromisedAlready[] = [],
): Refused | null {
  if (terms.amount <= 0n) return notPositive('amount');
  if (terms.dueOn < today) {
    return { code: 'promise-in-the-past', detail: `nobody promises for ${terms.dueOn}, which is before ${today}`, field: 'dueOn' };
  }
  if (areNamed && items.some(({ currency }) => currency !== terms.currency)) return currencyDiffers(items, terms.currency);
  return aboveBalance('promise-above-balance', terms, items) ?? aboveTogether(terms, items, areNamed ? within(already, items) : already);
}

/** All open promises of a debtor together, against its whole account: nobody can keep more than that. */
export function aboveAccount(terms: PromiseTerms, account: readonly OwedItem[], already: readonly PromisedAlready[]): Refused | null {
  return aboveTogether(terms, account, already);
}

/** Those that are for these items and no others. */
function within(already: readonly PromisedAlready[], items: readonly OwedItem[]): PromisedAlready[] {
  const named = new Set(items.map(({ receivableId }) => receivableId));
  return already.filter(({ receivableIds }) => receivableIds?.every((receivableId) => named.has(receivableId)) ?? false);
}

function aboveTogether(
  { amount, currency }: PromiseTerms,
  items: readonly OwedItem[],
  already: readonly PromisedAlready[],
): Refused | null {
  const promised = already.reduce((sum, promise) => (promise.currency === currency ? sum + promise.left : sum), 0n);
  const owed = owedIn(currency, items);
  if (promised === 0n || amount + promised <= owed) return null;
  const each = (minor: bigint): string => `${formatAmount(minor, currency)} ${currency}`;
  const detail = `${each(amount)} with the ${each(promised)} promised already is more than the ${each(owed)} that is owed`;
  return { code: 'promise-above-balance', detail, field: 'amount' };
}
