import { Ratio } from '../values/ratio';

/** What passes from one bucket to another within one month, in minor units of one currency, with the loss rates of both. */
export interface Crossing {
  /** 1 = the first month after the date of the figure. */
  readonly month: number;
  readonly segment: string;
  readonly currency: string;
  /** bucket indexes of the scheme. */
  readonly from: number;
  readonly to: number;
  readonly amount: bigint;
  readonly receivables: number;
}

/** The charge a crossing causes before any collection: amount x (rate of the bucket entered - rate of the bucket left), rounded once. */
export function chargeOf(crossing: Pick<Crossing, 'amount'>, fromRate: string, toRate: string): bigint {
  return Ratio.parse(toRate).minus(Ratio.parse(fromRate)).shareOf(crossing.amount);
}
