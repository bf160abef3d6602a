import { divideHalfUp } from '../values/rounding';

/** Decimals of a rate worked out from experience, as text; inside, rates are exact. */
export const EVIDENCE_RATE_DECIMALS = 18;
const DECIMAL_FORM = /^(-?)([0-9]+)(?:\.([0-9]+))?$/;

/** An exact fraction: products of many roll rates and solved chains lose nothing before the one rounding at the end. */
export class Rational {
  static readonly ZERO = new Rational(0n, 1n);
  static readonly ONE = new Rational(1n, 1n);

  /** In lowest terms, the denominator positive. */
  private constructor(
    readonly numerator: bigint,
    readonly denominator: bigint,
  ) {}

  /** Throws a RangeError for a zero denominator. */
  static of(numerator: bigint, denominator = 1n): Rational {
    if (denominator === 0n) throw new RangeError('a fraction needs a denominator');
    const sign = denominator < 0n ? -1n : 1n;
    const divisor = greatestCommonDivisor(numerator < 0n ? -numerator : numerator, denominator * sign);
    return new Rational((numerator * sign) / divisor, (denominator * sign) / divisor);
  }

  /** Null when the denominator is zero: undefined is not 0. */
  static ratio(numerator: bigint, denominator: bigint): Rational | null {
    return denominator === 0n ? null : Rational.of(numerator, denominator);
  }

  /** A plain decimal (`0.0615`); throws a RangeError for anything else. */
  static parse(text: string): Rational {
    const parts = DECIMAL_FORM.exec(text);
    if (parts === null) throw new RangeError(`not a plain decimal: ${text}`);
    const [, sign = '', whole = '', decimals = ''] = parts;
    return Rational.of(BigInt(`${sign}${whole}${decimals}`), 10n ** BigInt(decimals.length));
  }

  plus(other: Rational): Rational {
    return Rational.of(this.numerator * other.denominator + other.numerator * this.denominator, this.denominator * other.denominator);
  }

  minus(other: Rational): Rational {
    return Rational.of(this.numerator * other.denominator - other.numerator * this.denominator, this.denominator * other.denominator);
  }

  times(other: Rational): Rational {
    return Rational.of(this.numerator * other.numerator, this.denominator * other.denominator);
  }

  /** Throws a RangeError when `other` is zero. */
  over(other: Rational): Rational {
    return Rational.of(this.numerator * other.denominator, this.denominator * other.numerator);
  }

  isZero(): boolean {
    return this.numerator === 0n;
  }

  isNegative(): boolean {
    return this.numerator < 0n;
  }

  exceeds(other: Rational): boolean {
    return this.numerator * other.denominator > other.numerator * this.denominator;
  }

  /** This share of an amount of minor units, rounded once, a half away from zero. */
  shareOf(amount: bigint): bigint {
    return divideHalfUp(amount * this.numerator, this.denominator);
  }

  /** Half up at `decimals`, without trailing zeros. */
  toText(decimals = EVIDENCE_RATE_DECIMALS): string {
    const scale = 10n ** BigInt(decimals);
    const scaled = divideHalfUp(this.numerator * scale, this.denominator);
    const magnitude = (scaled < 0n ? -scaled : scaled).toString().padStart(decimals + 1, '0');
    const whole = magnitude.slice(0, magnitude.length - decimals);
    const fraction = decimals === 0 ? '' : magnitude.slice(magnitude.length - decimals).replace(/0+$/, '');
    return `${scaled < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
  }
}

export function sumOfRationals(values: readonly Rational[]): Rational {
  return values.reduce((sum, value) => sum.plus(value), Rational.ZERO);
}

/** The mean of what is defined; null when nothing is. */
export function meanOfDefined(values: readonly (Rational | null)[]): Rational | null {
  const defined = values.filter((value) => value !== null);
  return defined.length === 0 ? null : sumOfRationals(defined).over(Rational.of(BigInt(defined.length)));
}

function greatestCommonDivisor(left: bigint, right: bigint): bigint {
  let [a, b] = [left, right];
  while (b !== 0n) [a, b] = [b, a % b];
  return a;
}
