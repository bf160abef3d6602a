import { Ratio } from '../../values/ratio';
import type { MoneyFloor } from '../rule-definition';

/** Whether an effect on the allowance, in minor units of the floor's currency, is too small to matter. No floor: nothing is. */
export function isBelowFloor(floor: MoneyFloor | null | undefined, effect: Ratio): boolean {
  if (floor === null || floor === undefined) return false;
  return effect.absolute().compare(Ratio.of(BigInt(floor.minor))) < 0;
}

/**
 * How far a change has got towards firing, 1 = there: of the absolute threshold, and of the relative one where there is one, the lesser. A figure that
 * was nothing has changed by more than any fraction of it.
 */
export function shiftLevel(
  movement: { readonly before: Ratio; readonly change: Ratio },
  rule: { readonly enter: string; readonly enterRelative?: string | null | undefined },
): Ratio {
  const change = movement.change.absolute();
  const absolute = change.dividedBy(Ratio.parse(rule.enter));
  if (rule.enterRelative === null || rule.enterRelative === undefined || movement.before.isZero()) return absolute;
  const relative = change.dividedBy(movement.before.absolute()).dividedBy(Ratio.parse(rule.enterRelative));
  return relative.compare(absolute) < 0 ? relative : absolute;
}

/** Where `shiftLevel` stands once an alert may resolve. */
export function exitLevel(rule: { readonly enter: string; readonly exit: string }): Ratio {
  return Ratio.parse(rule.exit).dividedBy(Ratio.parse(rule.enter));
}
