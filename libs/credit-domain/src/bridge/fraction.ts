import type { ExchangeRate } from '../fx';
import { currencyExponent, divideHalfUp, parseRate, RATE_DECIMALS_MAX } from '../values';

/** An exact ratio; the denominator is above zero. Not reduced: it is multiplied a few times and then divided once. */
export interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

export const NOTHING: Fraction = { numerator: 0n, denominator: 1n };
export const WHOLE: Fraction = { numerator: 1n, denominator: 1n };
const RATE_SCALE = 10n ** BigInt(RATE_DECIMALS_MAX);

/** Throws a RangeError for what is no plain decimal: rates are checked when they are proposed. */
export function fractionOfRate(rate: string): Fraction {
  const parsed = parseRate(rate);
  if (parsed === undefined) throw new RangeError(`not a rate: ${rate}`);
  return { numerator: BigInt(parsed.times(RATE_SCALE.toString()).toFixed(0)), denominator: RATE_SCALE };
}

/** `part / whole`; nothing of nothing is nothing. */
export function fractionOf(part: bigint, whole: bigint): Fraction {
  return whole === 0n ? NOTHING : whole < 0n ? { numerator: -part, denominator: -whole } : { numerator: part, denominator: whole };
}

export function sameFraction(left: Fraction, right: Fraction): boolean {
  return left === right || left.numerator * right.denominator === right.numerator * left.denominator;
}

/** Minor units of `rate.to` for one minor unit of `rate.from`. */
export function minorUnitRate(rate: ExchangeRate): Fraction {
  if (rate.from === rate.to) return WHOLE;
  const shift = currencyExponent(rate.to) - currencyExponent(rate.from);
  return {
    numerator: rate.numerator * (shift > 0 ? 10n ** BigInt(shift) : 1n),
    denominator: rate.denominator * (shift < 0 ? 10n ** BigInt(-shift) : 1n),
  };
}

/** amount x ratios, rounded once, a half away from zero. */
export function shareOf(amount: bigint, ...ratios: readonly Fraction[]): bigint {
  if (amount === 0n) return 0n;
  let numerator = amount;
  let denominator = 1n;
  for (const ratio of ratios) {
    if (ratio.numerator === 0n) return 0n;
    if (ratio === WHOLE) continue;
    numerator *= ratio.numerator;
    denominator *= ratio.denominator;
  }
  return denominator === 1n ? numerator : divideHalfUp(numerator, denominator);
}
