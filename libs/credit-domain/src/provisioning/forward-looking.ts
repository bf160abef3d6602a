import { Decimal, formatRate, parseRate, RATE_DECIMALS_MAX } from '../values';
import { meanScalar } from './forward-looking-set.check';
import type { ForwardLookingSet } from './policies';

/** The rate applied where there are scenarios, rounded half up to this many decimals; a rate without scenarios is kept digit by digit. */
export const APPLIED_RATE_DECIMALS = RATE_DECIMALS_MAX;

const ONE = new Decimal(1);

/**
 * A rate after scenarios: sum of weight x min(1, rate x scalar). The cap comes after scaling and before weighting (IFRS 9 5.5.17(a),
 * B5.5.42: weigh losses, never inputs). With `keepFullRates` a rate of 1 is a judgement and stays 1. Applies to the rates of a matrix and
 * to default probabilities, never to an individual assessment. Throws a RangeError for a rate that is no plain decimal.
 */
export function appliedRate(base: string, set: ForwardLookingSet | null): string {
  if (set === null) return base;
  return formatRate(scaledByScenarios(decimalRate(base), set).toDecimalPlaces(APPLIED_RATE_DECIMALS));
}

/** `appliedRate` without the last rounding. */
export function scaledByScenarios(base: Decimal, set: ForwardLookingSet | null): Decimal {
  if (set === null || (set.keepFullRates && base.eq(1))) return base;
  return weighted(set, (scalar) => Decimal.min(ONE, base.times(scalar)));
}

/** sum of weight x value(scalar) over the scenarios. */
export function weighted(set: ForwardLookingSet, value: (scalar: Decimal) => Decimal): Decimal {
  return set.scenarios.reduce((sum, { weight, scalar }) => sum.plus(value(decimalRate(scalar)).times(decimalRate(weight))), new Decimal(0));
}

/** B5.5.52: the driver is said to have worsened, and yet the scenarios lower the losses on average. */
export function pointsTheWrongWay(set: ForwardLookingSet): boolean {
  return set.driverWorsened === true && meanScalar(set.scenarios).lt(1);
}

export function decimalRate(rate: string): Decimal {
  const parsed = parseRate(rate);
  if (parsed === undefined) throw new RangeError(`not a rate: ${rate}`);
  return parsed;
}
