import { divideHalfUp } from '../values/rounding';

/** Decimals a ratio is written with in events: far more than any threshold or display needs. */
const RATIO_DECIMALS = 18;
const DECIMAL_FORM = /^(-?)([0-9]+)(?:\.([0-9]+))?$/;

/**
 * An exact fraction of two integers. Shares, coverages and their differences are quotients of amounts, which no number of decimals holds
 * exactly; comparing a threshold with a rounded quotient would decide an alert by its rounding. Never shortened: sums here are short.
 */
export class Ratio {
  static readonly zero = new Ratio(0n, 1n);

  private constructor(
    readonly numerator: bigint,
    readonly denominator: bigint,
  ) {}

  /** Throws a RangeError for a denominator of zero. */
  static of(numerator: bigint, denominator: bigint): Ratio {
    if (denominator === 0n) throw new RangeError('a ratio needs a denominator other than zero');
    return denominator < 0n ? new Ratio(-numerator, -denominator) : new Ratio(numerator, denominator);
  }

  /** Reads a plain decimal such as `0.10`. Throws a RangeError for anything else: the edge has checked it. */
  static parse(text: string): Ratio {
    const parts = DECIMAL_FORM.exec(text);
    if (parts === null) throw new RangeError(`not a decimal: ${text}`);
    const [, sign, whole = '', decimals = ''] = parts;
    const digits = BigInt(whole + decimals);
    return new Ratio(sign === '-' ? -digits : digits, 10n ** BigInt(decimals.length));
  }

  /** The sum, added in pairs so that the terms stay of similar length. */
  static sum(terms: readonly Ratio[]): Ratio {
    if (terms.length === 0) return Ratio.zero;
    let level = [...terms];
    while (level.length > 1) {
      const next: Ratio[] = [];
      for (let index = 0; index < level.length; index += 2) {
        const left = level[index] ?? Ratio.zero;
        const right = level[index + 1];
        next.push(right === undefined ? left : left.plus(right));
      }
      level = next;
    }
    return level[0] ?? Ratio.zero;
  }

  plus(other: Ratio): Ratio {
    if (this.denominator === other.denominator) return new Ratio(this.numerator + other.numerator, this.denominator);
    return new Ratio(this.numerator * other.denominator + other.numerator * this.denominator, this.denominator * other.denominator);
  }

  minus(other: Ratio): Ratio {
    return this.plus(new Ratio(-other.numerator, other.denominator));
  }

  times(other: Ratio): Ratio {
    return new Ratio(this.numerator * other.numerator, this.denominator * other.denominator);
  }

  absolute(): Ratio {
    return this.numerator < 0n ? new Ratio(-this.numerator, this.denominator) : this;
  }

  /** Negative when smaller than the other, zero when equal, positive when larger. */
  compare(other: Ratio): number {
    const difference = this.numerator * other.denominator - other.numerator * this.denominator;
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  }

  /** Rounded to whole units of 10^-decimals, a half away from zero. */
  toUnits(decimals: number): bigint {
    return divideHalfUp(this.numerator * 10n ** BigInt(decimals), this.denominator);
  }

  /** A plain decimal with exactly so many decimals, a half away from zero: `0.194847484546746628`. */
  toDecimal(decimals: number = RATIO_DECIMALS): string {
    return unitsToDecimal(this.toUnits(decimals), decimals);
  }
}

/** Whole units of 10^-decimals as a plain decimal: (-1273n, 2) is `-12.73`. */
export function unitsToDecimal(units: bigint, decimals: number): string {
  const negative = units < 0n;
  const digits = (negative ? -units : units).toString().padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  return `${negative ? '-' : ''}${whole}${decimals === 0 ? '' : `.${digits.slice(digits.length - decimals)}`}`;
}
