import DecimalBase from 'decimal.js';

/** decimal.js with 40 significant digits, half up, never exponent notation: amounts of 17 digits times rates of 18 decimals stay exact. */
export const Decimal = DecimalBase.clone({
  precision: 40,
  rounding: DecimalBase.ROUND_HALF_UP,
  toExpNeg: -100,
  toExpPos: 100,
});
export type Decimal = DecimalBase;
