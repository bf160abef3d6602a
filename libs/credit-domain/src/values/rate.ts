import { Decimal } from './decimal';
import { PLAIN_DECIMAL } from './plain-decimal';

/** Digits a rate may be sent with after and before the point. */
export const RATE_DECIMALS_MAX = 24;
const RATE_WHOLE_DIGITS_MAX = 12;

/** A plain decimal (`0.0615`): no exponent, percent sign or comma. `undefined` for anything else, or for more digits than the limits. */
export function parseRate(text: string): Decimal | undefined {
  const parts = PLAIN_DECIMAL.exec(text);
  if (parts === null) return undefined;
  const [, , whole = '', decimals = ''] = parts;
  if (whole.length > RATE_WHOLE_DIGITS_MAX || decimals.length > RATE_DECIMALS_MAX) return undefined;
  return new Decimal(text);
}

/** Every digit kept, no exponent, no trailing zeros: `0.0615`, `0`, `1`. */
export function formatRate(rate: Decimal): string {
  return rate.isZero() ? '0' : rate.toFixed();
}

/** A loss rate is a share of the exposure: between 0 and 1, both allowed. */
export function isFraction(rate: Decimal): boolean {
  return rate.gte(0) && rate.lte(1);
}

/** `part / whole` as a displayed rate, `undefined` (printed "n/a", not 0 %) when there is no exposure. */
export function rateOf(part: bigint, whole: bigint, decimals: number): string | undefined {
  if (whole === 0n) return undefined;
  return new Decimal(part.toString()).div(whole.toString()).toDecimalPlaces(decimals, Decimal.ROUND_HALF_UP).toFixed();
}
