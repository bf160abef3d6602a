import { PLAIN_DECIMAL, plainDecimal } from './plain-decimal';
import { divideHalfUp } from './rounding';

/** Decimals a ratio is written with unless asked otherwise: far more than any threshold or display needs. */
const RATIO_DECIMALS = 18;

/**
 * An exact quotient of two integers. Shares, coverages, roll rates and their differences are quotients of amounts, which no number of decimals
 * holds exactly: a threshold compared with a rounded quotient would be decided by its rounding, and products of rounded rates drift. Round once,
 * at the end.
 *
 * Arithmetic does not shorten. Most results are a few operations away from their amounts, and finding the common divisor of long terms costs more
 * than carrying it; calculations that feed results back into themselves shorten by `reduced`.
 */
export class Ratio {
  static readonly ZERO = new Ratio(0n, 1n);
  static readonly ONE = new Ratio(1n, 1n);

  /** The denominator is above zero. */
  private constructor(
    readonly numerator: bigint,
    readonly denominator: bigint,
  ) {}

  /** Throws a RangeError for a denominator of zero. */
  static of(numerator: bigint, denominator = 1n): Ratio {
    if (denominator === 0n) throw new RangeError('a ratio needs a denominator other than zero');
    return denominator < 0n ? new Ratio(-numerator, -denominator) : new Ratio(numerator, denominator);
  }

  /** Null for a denominator of zero: a quotient nobody can give is not 0. */
  static ofOrNull(numerator: bigint, denominator: bigint): Ratio | null {
    return denominator === 0n ? null : Ratio.of(numerator, denominator);
  }

  /** Reads a plain decimal such as `0.10`. Throws a RangeError for anything else: the edge has checked it. */
  static parse(text: string): Ratio {
    const parts = PLAIN_DECIMAL.exec(text);
    if (parts === null) throw new RangeError(`not a plain decimal: ${text}`);
    const [, sign = '', whole = '', decimals = ''] = parts;
    return new Ratio(BigInt(`${sign}${whole}${decimals}`), 10n ** BigInt(decimals.length));
  }

  /** The sum, added in pairs so that the terms stay of similar length. */
  static sum(terms: readonly Ratio[]): Ratio {
    let level = terms;
    while (level.length > 1) {
      const next: Ratio[] = [];
      for (let index = 0; index < level.length; index += 2) {
        const left = level[index] ?? Ratio.ZERO;
        const right = level[index + 1];
        next.push(right === undefined ? left : left.plus(right));
      }
      level = next;
    }
    return level[0] ?? Ratio.ZERO;
  }

  /** The mean of the defined ones; null when none is. */
  static meanOfDefined(terms: readonly (Ratio | null)[]): Ratio | null {
    const defined = terms.filter((term) => term !== null);
    return defined.length === 0
      ? null
      : Ratio.sum(defined)
          .dividedBy(Ratio.of(BigInt(defined.length)))
          .reduced();
  }

  /** The product of the factors; null when one of them is undefined. */
  static productOfDefined(factors: readonly (Ratio | null)[]): Ratio | null {
    return factors.reduce<Ratio | null>(
      (product, factor) => (product === null || factor === null ? null : product.times(factor)),
      Ratio.ONE,
    );
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

  /** Throws a RangeError when `other` is zero. */
  dividedBy(other: Ratio): Ratio {
    return Ratio.of(this.numerator * other.denominator, this.denominator * other.numerator);
  }

  absolute(): Ratio {
    return this.isNegative() ? new Ratio(-this.numerator, this.denominator) : this;
  }

  /** The same ratio in lowest terms. */
  reduced(): Ratio {
    const divisor = greatestCommonDivisor(this.absolute().numerator, this.denominator);
    return divisor === 1n ? this : new Ratio(this.numerator / divisor, this.denominator / divisor);
  }

  isZero(): boolean {
    return this.numerator === 0n;
  }

  isNegative(): boolean {
    return this.numerator < 0n;
  }

  /** -1 when smaller than the other, 0 when equal, 1 when larger. */
  compare(other: Ratio): -1 | 0 | 1 {
    const difference = this.numerator * other.denominator - other.numerator * this.denominator;
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  }

  exceeds(other: Ratio): boolean {
    return this.compare(other) > 0;
  }

  /** This share of an amount of minor units, rounded once, a half away from zero. */
  shareOf(amount: bigint): bigint {
    return divideHalfUp(amount * this.numerator, this.denominator);
  }

  /** Whole units of 10^-decimals, rounded a half away from zero. */
  toUnits(decimals: number): bigint {
    return this.shareOf(10n ** BigInt(decimals));
  }

  /** A plain decimal with exactly so many decimals, rounded a half away from zero: `0.194847484546746628`. */
  toDecimal(decimals: number = RATIO_DECIMALS): string {
    return plainDecimal(this.toUnits(decimals), decimals);
  }

  /** A plain decimal as rates are written, without trailing zeros: rounded a half away from zero at `decimals`. */
  toRate(decimals: number = RATIO_DECIMALS): string {
    const text = this.toDecimal(decimals);
    return decimals === 0 ? text : text.replace(/\.?0+$/, '');
  }
}

/** Of two numbers that are not negative, not both zero. */
function greatestCommonDivisor(left: bigint, right: bigint): bigint {
  let [larger, smaller] = [left, right];
  while (smaller !== 0n) [larger, smaller] = [smaller, larger % smaller];
  return larger;
}
