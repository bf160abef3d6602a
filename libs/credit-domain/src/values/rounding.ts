import { Decimal } from './decimal';

/** To the whole minor unit, a half away from zero (112.5 is 113, -112.5 is -113). */
export function roundHalfUp(value: Decimal): bigint {
  return BigInt(value.toFixed(0, Decimal.ROUND_HALF_UP));
}

/** `numerator / denominator` to the whole unit, a half away from zero, exactly. The denominator is positive. */
export function divideHalfUp(numerator: bigint, denominator: bigint): bigint {
  if (denominator <= 0n) throw new RangeError('the denominator must be positive');
  const magnitude = numerator < 0n ? -numerator : numerator;
  const rounded = (magnitude * 2n + denominator) / (denominator * 2n);
  return numerator < 0n ? -rounded : rounded;
}

/**
 * Splits `total` in proportion to `weights` so that the parts sum to it exactly: every part is rounded towards zero, then the units left over go
 * one each to the largest remainders, the earlier index first on a tie. Weights are not negative; a total that is not zero needs one above zero.
 */
export function largestRemainder(total: bigint, weights: readonly bigint[]): bigint[] {
  if (weights.some((weight) => weight < 0n)) throw new RangeError('weights must not be negative');
  const sum = weights.reduce((left, right) => left + right, 0n);
  if (sum === 0n) {
    if (total === 0n) return weights.map(() => 0n);
    throw new RangeError('a total cannot be split over weights that sum to zero');
  }
  const unit = total < 0n ? -1n : 1n;
  const magnitude = total * unit;
  const parts = weights.map((weight) => (magnitude * weight) / sum);
  const remainders = weights.map((weight, index) => ({ index, remainder: (magnitude * weight) % sum }));
  let left = magnitude - parts.reduce((a, b) => a + b, 0n);
  remainders.sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1));
  for (const { index } of remainders) {
    if (left === 0n) break;
    parts[index] = (parts[index] ?? 0n) + 1n;
    left -= 1n;
  }
  return parts.map((part) => part * unit);
}
