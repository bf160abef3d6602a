import { Ratio } from '../values/ratio';
import type { FigureBridge } from './evaluation';

type Leg = FigureBridge['legs'][number];

/** Far below anything that is printed or decided by. */
const LEG_DECIMALS = 18;

/**
 * Legs as short fractions that lead to `total` exactly: each is cut to 18 decimals and the largest takes what the cuts leave over. Effects over many
 * cells are quotients by the product of all their amounts; written out, the bridge of a book of ten thousand segments would fill a volume.
 */
export function shortLegs(legs: readonly Leg[], total: Ratio): Leg[] {
  const cut = legs.map(({ cause, amount }) => ({ cause, amount: Ratio.of(amount.toUnits(LEG_DECIMALS), 10n ** BigInt(LEG_DECIMALS)) }));
  const largest = cut.reduce(
    (best, { amount }, index) => (amount.absolute().exceeds(cut[best]?.amount.absolute() ?? Ratio.ZERO) ? index : best),
    0,
  );
  const others = Ratio.sum(cut.filter((_, index) => index !== largest).map(({ amount }) => amount));
  return cut.map((leg, index) => (index === largest ? { cause: leg.cause, amount: total.minus(others) } : leg));
}
