import { Decimal } from '../../values/decimal';

/**
 * Quantiles of the chi-square and the F distribution, from their series and by bisection: no table. The quantiles are good to
 * QUANTILE_DECIMALS decimals, and the same on every machine, so that an evaluation can be repeated exactly.
 *
 * Sources: Abramowitz and Stegun, Handbook of Mathematical Functions, 6.5.29 (incomplete gamma function as a series), 26.4.19 (chi-square) and
 * 26.5.6 (incomplete beta function as a finite sum where its second parameter is whole), 26.6.2 (F).
 */
export const QUANTILE_DECIMALS = 12;

/** Beyond so many degrees of freedom below an F quantile is taken as that of chi-square / d: they differ by some two hundredths. */
export const DENOMINATOR_DEGREES_MAX = 400;

const ZERO = new Decimal(0);
const ONE = new Decimal(1);
const HALF = new Decimal('0.5');
const BISECTIONS = 64;
const TERM_NEGLIGIBLE = new Decimal('1e-30');
const PI = Decimal.acos(-1);

/** The value a chi-square variable with so many degrees of freedom (a whole number above 0) stays below with this probability, 0 < p < 1. */
export function chiSquareQuantile(degrees: number, probability: Decimal): Decimal {
  return bisect(probability, (value) => chiSquareBelow(degrees, value));
}

/**
 * The value an F variable with so many degrees of freedom stays below with this probability, 0 < p < 1. The degrees below are rounded down to an
 * even number of at least 2, which only makes the quantile larger; above DENOMINATOR_DEGREES_MAX they are taken as unlimited.
 */
export function fQuantile(degreesAbove: number, degreesBelow: number, probability: Decimal): Decimal {
  const even = degreesBelow > DENOMINATOR_DEGREES_MAX ? Infinity : Math.max(2, Math.floor(degreesBelow / 2) * 2);
  const key = `${String(degreesAbove)}|${String(even)}|${probability.toString()}`;
  const known = found.get(key) ?? fQuantileOf(degreesAbove, even, probability);
  if (found.size >= FOUND_MAX) found.clear();
  found.set(key, known);
  return known;
}

/** Quantiles already worked out: the looks of a back-test ask for the same few again and again. */
const found = new Map<string, Decimal>();
const FOUND_MAX = 1_000;

function fQuantileOf(degreesAbove: number, even: number, probability: Decimal): Decimal {
  if (even === Infinity) return chiSquareQuantile(degreesAbove, probability).div(degreesAbove);
  return bisect(probability, (value) => {
    const share = value.times(degreesAbove).div(value.times(degreesAbove).plus(even));
    return incompleteBeta(new Decimal(degreesAbove).div(2), even / 2, share);
  });
}

/** Regularised lower incomplete gamma function P(d/2, x/2) = (x/2)^a e^(-x/2) / Gamma(a + 1) x sum of (x/2)^n / ((a + 1) ... (a + n)). */
function chiSquareBelow(degrees: number, value: Decimal): Decimal {
  const a = new Decimal(degrees).div(2);
  const x = value.div(2);
  let term = ONE;
  let sum = ONE;
  for (let n = 1; term.greaterThan(TERM_NEGLIGIBLE.times(sum)); n++) {
    term = term.times(x).div(a.plus(n));
    sum = sum.plus(term);
  }
  return x
    .pow(a)
    .times(x.negated().exp())
    .div(gammaOfHalves(degrees + 2))
    .times(sum);
}

/** Gamma(n / 2) for a whole n above 0, by Gamma(z + 1) = z Gamma(z) from Gamma(1) = 1 and Gamma(1/2) = sqrt(pi). */
function gammaOfHalves(n: number): Decimal {
  let gamma = n % 2 === 0 ? ONE : PI.sqrt();
  for (let below = n % 2 === 0 ? 2 : 1; below < n; below += 2) gamma = gamma.times(new Decimal(below).div(2));
  return gamma;
}

/** I_x(a, b) = x^a x sum over j < b of a (a + 1) ... (a + j - 1) / j! x (1 - x)^j, for a whole b. */
function incompleteBeta(a: Decimal, b: number, x: Decimal): Decimal {
  const rest = ONE.minus(x);
  let term = ONE;
  let sum = ONE;
  for (let j = 1; j < b; j++) {
    term = term
      .times(a.plus(j - 1))
      .div(j)
      .times(rest);
    sum = sum.plus(term);
  }
  return x.pow(a).times(sum);
}

/** Where a rising function of values from 0 reaches the probability. */
function bisect(probability: Decimal, below: (value: Decimal) => Decimal): Decimal {
  let high = ONE;
  while (below(high).lessThan(probability)) high = high.times(2);
  let low = high.equals(ONE) ? ZERO : high.times(HALF);
  for (let step = 0; step < BISECTIONS; step++) {
    const middle = low.plus(high).times(HALF);
    if (below(middle).lessThan(probability)) low = middle;
    else high = middle;
  }
  return high.toDecimalPlaces(QUANTILE_DECIMALS);
}
