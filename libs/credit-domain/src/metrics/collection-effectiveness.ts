import { measured, type Measure } from './measure';

export interface CollectionFigures {
  /** receivables at the start of the period. */
  readonly beginning: bigint;
  readonly sales: bigint;
  /** receivables at its end, in total and not past due. */
  readonly ending: bigint;
  readonly endingNotPastDue: bigint;
}

/**
 * Collection effectiveness index: (beginning + sales - ending) / (beginning + sales - ending not past due). A fraction: 1 = everything that
 * became due was settled. `nothing-became-due` when the denominator is not above zero (domain reference 14).
 */
export function collectionEffectiveness({ beginning, sales, ending, endingNotPastDue }: CollectionFigures): Measure {
  return measured(beginning + sales - ending, beginning + sales - endingNotPastDue, 'nothing-became-due');
}
