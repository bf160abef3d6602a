import { Ratio } from '../../values/ratio';
import type { FigureBridge } from '../evaluation';
import { figureBridge } from '../evaluation';

/** A bucket at one date: what is owed in it, the rate in force, and what is held against it. */
export interface RatedBucket {
  readonly gross: bigint;
  readonly rate: Ratio;
  readonly allowance: bigint;
}

/**
 * Why the allowance of a bucket moved, in currency: its volume at the rate of the base, and the change of rate on the closing gross. What rounding by
 * debtor and covers keep off the rate in force is a leg of its own, so that the legs lead to the allowance as it was computed.
 */
export function lossRateBridges(subject: string, currency: string, before: RatedBucket, after: RatedBucket): FigureBridge[] {
  const volume = before.rate.times(Ratio.of(after.gross - before.gross));
  const rate = after.rate.minus(before.rate).times(Ratio.of(after.gross));
  const rest = Ratio.of(after.allowance - before.allowance).minus(volume.plus(rate));
  const legs = [
    { cause: 'volume', amount: volume },
    { cause: 'loss rate', amount: rate },
    { cause: 'covers and rounding by debtor', amount: rest },
  ];
  return [
    figureBridge({
      subject,
      unit: 'minor-units',
      currency,
      opening: Ratio.of(before.allowance),
      legs: legs.filter(({ amount }) => !amount.isZero()),
      closing: Ratio.of(after.allowance),
    }),
  ];
}
