/**
 * A decimal in plain text: an optional minus, digits, perhaps a point and digits. No plus, exponent, percent sign, comma or separator: what one
 * exporter means by them another does not. Captures sign, whole digits and decimals.
 */
export const PLAIN_DECIMAL = /^(-?)([0-9]+)(?:\.([0-9]+))?$/;

/** Whole units of 10^-decimals as a plain decimal, every decimal written: (-1273n, 2) is `-12.73`. */
export function plainDecimal(units: bigint, decimals: number): string {
  const negative = units < 0n;
  const digits = (negative ? -units : units).toString().padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  return `${negative ? '-' : ''}${whole}${decimals === 0 ? '' : `.${digits.slice(digits.length - decimals)}`}`;
}
