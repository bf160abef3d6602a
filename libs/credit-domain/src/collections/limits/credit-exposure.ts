import { type FxRate, findRate, translate } from '../../fx';
import { type LocalDate, Ratio } from '../../values';

/** How much of a limit is used: below 80 %, from 80 %, from 90 %, and 100 % or more. */
export const LIMIT_BANDS = ['below-80', '80', '90', '100'] as const;
export type LimitBand = (typeof LIMIT_BANDS)[number];

/** Minor units of a currency. */
export interface MinorMoney {
  readonly minor: bigint;
  readonly currency: string;
}

/** The use of a limit. `used` is a share of one; null for a limit of zero, of which no share can be given. */
export interface LimitUse {
  readonly band: LimitBand;
  readonly used: Ratio | null;
  /** What may still be sold, in minor units of the limit; negative once it is exceeded. */
  readonly headroom: bigint;
}

export type CreditExposure =
  | { readonly measured: true; readonly exposure: MinorMoney; readonly limit: MinorMoney; readonly use: LimitUse }
  /** Nothing is granted, so nothing is used up: what is owed, by currency. */
  | { readonly measured: false; readonly why: 'no-limit'; readonly owed: readonly MinorMoney[] }
  /** A sum with a part left out would look like room. */
  | { readonly measured: false; readonly why: 'fx-rate-missing'; readonly from: string; readonly to: string; readonly limit: MinorMoney };

const HUNDRED = 100n;

/** Compared by whole numbers: 79.999… % is never rounded up into a band, and 80 % exactly is in it. */
export function limitUse(exposure: bigint, limit: bigint): LimitUse {
  const reaches = (percent: bigint): boolean => exposure > 0n && exposure * HUNDRED >= limit * percent;
  const band = reaches(100n) ? '100' : reaches(90n) ? '90' : reaches(80n) ? '80' : 'below-80';
  return { band, used: Ratio.ofOrNull(exposure, limit), headroom: limit - exposure };
}

/** Translates at the rates of one date; each pair is looked up once. Undefined where there is no rate. */
export type Translation = (money: MinorMoney, to: string) => bigint | undefined;

export function translationAt(rates: readonly FxRate[], asOf: LocalDate): Translation {
  const found = new Map<string, ReturnType<typeof findRate>>();
  return ({ minor, currency }, to) => {
    if (currency === to) return minor;
    const pair = `${currency}/${to}`;
    const rate = found.get(pair) ?? findRate(rates, currency, to, asOf);
    found.set(pair, rate);
    return rate.ok ? translate(minor, rate.rate) : undefined;
  };
}

/**
 * The exposure across entities in the limit's currency. Balances of one currency are summed before they are translated, so that it is rounded
 * once a currency; unapplied credit does not lower it: it can be paid back.
 */
export function creditExposure(limit: MinorMoney | null, balances: readonly MinorMoney[], translation: Translation): CreditExposure {
  const owed = sumByCurrency(balances);
  if (limit === null) return { measured: false, why: 'no-limit', owed };
  let exposure = 0n;
  for (const money of owed) {
    const translated = translation(money, limit.currency);
    if (translated === undefined) return { measured: false, why: 'fx-rate-missing', from: money.currency, to: limit.currency, limit };
    exposure += translated;
  }
  return { measured: true, exposure: { minor: exposure, currency: limit.currency }, limit, use: limitUse(exposure, limit.minor) };
}

/** In the order of their codes; currencies in which nothing is owed are left out. */
export function sumByCurrency(balances: readonly MinorMoney[]): MinorMoney[] {
  const sums = new Map<string, bigint>();
  for (const { minor, currency } of balances) sums.set(currency, (sums.get(currency) ?? 0n) + minor);
  return [...sums]
    .filter(([, minor]) => minor !== 0n)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([currency, minor]) => ({ minor, currency }));
}
