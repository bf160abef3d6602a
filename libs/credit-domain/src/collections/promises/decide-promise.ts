import type { Refused } from '../../refusals';
import type { LocalDate } from '../../values';
import { aboveBalance, currencyDiffers, notPositive, type OwedItem } from '../owed-items';

export interface PromiseTerms {
  readonly amount: bigint;
  readonly currency: string;
  readonly dueOn: LocalDate;
}

/** Whether a promise can be taken: for a day that is not past, above zero, in the currency of what it is for and not above it. */
export function decidePromise(terms: PromiseTerms, today: LocalDate, items: readonly OwedItem[], areNamed: boolean): Refused | null {
  if (terms.amount <= 0n) return notPositive('amount');
  if (terms.dueOn < today) {
    return { code: 'promise-in-the-past', detail: `nobody promises for ${terms.dueOn}, which is before ${today}`, field: 'dueOn' };
  }
  if (areNamed && items.some(({ currency }) => currency !== terms.currency)) return currencyDiffers(items, terms.currency);
  return aboveBalance('promise-above-balance', terms, items);
}
