import { measured, type Measure } from './measure';

export interface CollectionFigures {
  /** receivables at the start of the period. */
  readonly beginning: bigint;
  readonly sales: bigint;
  /** receivables at its end, in total and not past due. */
  readonly ending: bigint;
  readonly endingNotPastDue: bigint;
  /** settled in the period in a way nobody has classified: neither a success nor a failure of collecting. */
  readonly unclassified: bigint;
}

/**
 * Collection effectiveness index: (beginning + sales - ending) / (beginning + sales - ending not past due), unclassified
 * settlements taken out of both. A fraction: 1 = everything that became due was settled. `nothing-became-due` when the denominator is not above
 * zero (domain reference 14).
 */
export function collectionEffectiveness({ beginning, sales, ending, endingNotPastDue, unclassified }: CollectionFigures): Measure {
  const collectable = beginning + sales - unclassified;
  return measured(collectable - ending, collectable - endingNotPastDue, 'nothing-became-due');
}
