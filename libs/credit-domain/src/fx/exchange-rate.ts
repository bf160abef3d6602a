import type { Refused } from '../refusals';
import { currencyExponent } from '../values/currency';
import type { LocalDate } from '../values/local-date';
import { RATE_DECIMALS_MAX, parseRate } from '../values/rate';
import { divideHalfUp } from '../values/rounding';

/** One unit of `base` is worth `rate` units of `quote` from `effectiveOn` until the next rate of the pair. */
export interface FxRate {
  readonly base: string;
  readonly quote: string;
  readonly rate: string;
  readonly effectiveOn: string;
}

/** An exact ratio: one unit of `from` is `numerator / denominator` units of `to`. `path` names the currencies gone through. */
export interface ExchangeRate {
  readonly from: string;
  readonly to: string;
  readonly numerator: bigint;
  readonly denominator: bigint;
  readonly path: readonly string[];
}

export type FoundRate = { readonly ok: true; readonly rate: ExchangeRate } | { readonly ok: false; readonly refused: Refused };

const SCALE = 10n ** BigInt(RATE_DECIMALS_MAX);

interface Leg {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/**
 * The rate from one currency to another at `asOf`, in this order: the pair itself, the inverse pair, then one intermediate currency, the
 * alphabetically first that reaches both. Of several rates of a pair the latest not after `asOf` counts. Refused `fx-rate-missing` otherwise.
 */
export function findRate(rates: readonly FxRate[], from: string, to: string, asOf: LocalDate): FoundRate {
  if (from === to) return { ok: true, rate: { from, to, numerator: 1n, denominator: 1n, path: [from] } };
  const direct = findLeg(rates, from, to, asOf);
  if (direct !== undefined) return { ok: true, rate: { from, to, ...direct, path: [from, to] } };
  const currencies = [...new Set(rates.flatMap(({ base, quote }) => [base, quote]))].sort();
  for (const middle of currencies) {
    if (middle === from || middle === to) continue;
    const first = findLeg(rates, from, middle, asOf);
    const second = findLeg(rates, middle, to, asOf);
    if (first === undefined || second === undefined) continue;
    const numerator = first.numerator * second.numerator;
    const denominator = first.denominator * second.denominator;
    return { ok: true, rate: { from, to, numerator, denominator, path: [from, middle, to] } };
  }
  return {
    ok: false,
    refused: { code: 'fx-rate-missing', detail: `no exchange rate from ${from} to ${to} on ${asOf}`, field: 'currency' },
  };
}

function findLeg(rates: readonly FxRate[], from: string, to: string, asOf: LocalDate): Leg | undefined {
  const direct = latest(rates, from, to, asOf);
  if (direct !== undefined) return { numerator: direct, denominator: SCALE };
  const inverse = latest(rates, to, from, asOf);
  return inverse === undefined ? undefined : { numerator: SCALE, denominator: inverse };
}

/** The scaled rate of the pair in force at `asOf`; of two on one date the later in the list. */
function latest(rates: readonly FxRate[], base: string, quote: string, asOf: LocalDate): bigint | undefined {
  let found: FxRate | undefined;
  for (const rate of rates) {
    if (rate.base !== base || rate.quote !== quote || rate.effectiveOn > asOf) continue;
    if (found === undefined || rate.effectiveOn >= found.effectiveOn) found = rate;
  }
  return found === undefined ? undefined : scaled(found);
}

function scaled({ base, quote, rate }: FxRate): bigint {
  const parsed = parseRate(rate);
  if (parsed === undefined || parsed.lte(0)) throw new RangeError(`the rate ${base}/${quote} is not a positive decimal: ${rate}`);
  return BigInt(parsed.times(SCALE.toString()).toFixed(0));
}

/** Minor units of `rate.from` as minor units of `rate.to`: one exact multiplication, rounded once, a half away from zero. */
export function translate(minor: bigint, rate: ExchangeRate): bigint {
  if (rate.from === rate.to) return minor;
  const shift = currencyExponent(rate.to) - currencyExponent(rate.from);
  const numerator = minor * rate.numerator * (shift > 0 ? 10n ** BigInt(shift) : 1n);
  return divideHalfUp(numerator, rate.denominator * (shift < 0 ? 10n ** BigInt(-shift) : 1n));
}
