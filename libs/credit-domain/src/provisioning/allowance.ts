import { divideHalfUp, parseRate, RATE_DECIMALS_MAX } from '../values';

const SCALE = 10n ** BigInt(RATE_DECIMALS_MAX);

/**
 * gross x rate in whole minor units, exact until it is rounded once, half up, and held between nothing and the gross.
 * Throws a RangeError for a rate that is no plain decimal: rates are checked when they are proposed.
 */
export function allowanceOn(gross: bigint, rate: string): bigint {
  return clampToGross(divideHalfUp(gross * scaledRate(rate), SCALE), gross);
}

/** Sum of gross x rate over several items, rounded once. */
export function allowanceOnSum(items: readonly { readonly gross: bigint; readonly rate: string }[]): bigint {
  return divideHalfUp(
    items.reduce((sum, { gross, rate }) => sum + gross * scaledRate(rate), 0n),
    SCALE,
  );
}

/** Holds an allowance between 0 and the gross it belongs to; published figures that break this are data, never our output. */
export function clampToGross(allowance: bigint, gross: bigint): bigint {
  if (allowance <= 0n || gross <= 0n) return 0n;
  return allowance > gross ? gross : allowance;
}

function scaledRate(rate: string): bigint {
  const parsed = parseRate(rate);
  if (parsed === undefined) throw new RangeError(`not a rate: ${rate}`);
  return BigInt(parsed.times(SCALE.toString()).toFixed(0));
}
