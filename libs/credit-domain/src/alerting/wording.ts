import type { AgeLimit } from '../ageing/scheme';
import { formatAmount } from '../values/money';
import { plainDecimal } from '../values/plain-decimal';
import { Ratio } from '../values/ratio';
import type { FigureShift, FigureUnit } from './evaluation';

const PERCENT_DECIMALS = 2;
/** A percentage with two decimals is a fraction with four. */
export const FRACTION_DECIMALS = PERCENT_DECIMALS + 2;
export const INDEX_DECIMALS = 3;
const GROUPS_OF_THREE = /\B(?=(\d{3})+$)/g;

/** `19.48 %`. Half up from the exact quotient: 4,191,392 of 7,912,019 is 52.97 %, not the 52.98 % that 52.975 would give. */
export function percent(ratio: Ratio): string {
  return `${plainDecimal(ratio.toUnits(FRACTION_DECIMALS), PERCENT_DECIMALS)} %`;
}

/** `+12.73 points`. */
export function points(ratio: Ratio): string {
  return pointsOfUnits(ratio.toUnits(FRACTION_DECIMALS));
}

/** A figure in its own unit. Money is said with its currency by `amountText`; here it stands in minor units. */
export function valueText(value: Ratio, unit: FigureUnit): string {
  switch (unit) {
    case 'fraction':
      return percent(value);
    case 'index':
      return value.toDecimal(INDEX_DECIMALS);
    case 'days':
      return `${value.toDecimal(0)} ${value.compare(Ratio.ONE) === 0 ? 'day' : 'days'}`;
    case 'count':
    case 'minor-units':
      return value.toDecimal(0).replace(GROUPS_OF_THREE, ',');
  }
}

/** The same for a change, with its sign. */
export function changeText(change: Ratio, unit: FigureUnit): string {
  if (unit === 'fraction') return points(change);
  return `${change.numerator > 0n ? '+' : ''}${valueText(change, unit)}`;
}

/** `CNY 1,541,637,000`; the decimals are shown only where there are any. */
export function amountText(minor: bigint, currency: string): string {
  return `${currency} ${bareAmount(minor, currency)}`;
}

/** `1,541,637,000`, for the second amount of a sentence that has named the currency. `decimals`: where there are any, always, or never. */
export function bareAmount(minor: bigint, currency: string, shown: 'any' | 'all' | 'whole' = 'any'): string {
  const [whole = '', decimals = ''] = formatAmount(minor, currency).split('.');
  const grouped = whole.replace(GROUPS_OF_THREE, ',');
  const isShort = shown === 'whole' || decimals === '' || (shown === 'any' && /^0*$/.test(decimals));
  return isShort ? grouped : `${grouped}.${decimals}`;
}

/** A change says its direction: a text of something above zero gets its plus sign. */
export function signed(units: bigint, text: string): string {
  return units > 0n ? `+${text}` : text;
}

/** `36 months`, `1 day`. */
export function limitText({ unit, count }: AgeLimit): string {
  return `${String(count)} ${count === 1 ? unit.slice(0, -1) : unit}`;
}

/** `rose`, `fell` or `stayed`. */
export function direction(change: Ratio): 'rose' | 'fell' | 'stayed' {
  return change.numerator > 0n ? 'rose' : change.numerator < 0n ? 'fell' : 'stayed';
}

/**
 * A change as a reader finds it who subtracts the printed figures: 10.004 % to 20.006 % is printed 10.00 % to 20.01 %, hence 10.01 points, although
 * the exact change would be printed 10.00.
 */
export function printedChange({ before, after }: Pick<FigureShift, 'before' | 'after'>): Ratio {
  return Ratio.of(after.toUnits(FRACTION_DECIMALS) - before.toUnits(FRACTION_DECIMALS), 10n ** BigInt(FRACTION_DECIMALS));
}

/** Parts of a change in points of two decimals that sum to the printed change, so that a reader who adds them up finds no difference. */
export function pointsOfParts(parts: readonly Ratio[], change: Ratio): string[] {
  return unitsThatAddUp(parts, change.toUnits(FRACTION_DECIMALS), FRACTION_DECIMALS).map(pointsOfUnits);
}

/**
 * Parts in whole units of 10^-decimals that sum to `total`. Each part is rounded half up first; what the roundings leave over goes unit by unit to
 * the parts that were rounded furthest the other way, so that none is off by more than a unit or two.
 */
export function unitsThatAddUp(parts: readonly Ratio[], total: bigint, decimals: number): bigint[] {
  const scale = Ratio.of(10n ** BigInt(decimals));
  const units = parts.map((part) => part.toUnits(decimals));
  const left = total - units.reduce((sum, unit) => sum + unit, 0n);
  if (left === 0n || parts.length === 0) return units;
  const step = left < 0n ? -1n : 1n;
  const byShortfall = parts
    .map((part, index) => ({
      index,
      shortfall: part
        .times(scale)
        .minus(Ratio.of(units[index] ?? 0n))
        .times(Ratio.of(step)),
    }))
    .sort((one, other) => other.shortfall.compare(one.shortfall) || compareSizes(units[other.index], units[one.index]));
  for (let given = 0n; given < magnitude(left); given++) {
    const index = byShortfall[Number(given % BigInt(byShortfall.length))]?.index ?? 0;
    units[index] = (units[index] ?? 0n) + step;
  }
  return units;
}

export function pointsOfUnits(units: bigint): string {
  return signed(units, `${plainDecimal(units, PERCENT_DECIMALS)} points`);
}

function compareSizes(one = 0n, other = 0n): number {
  const difference = magnitude(one) - magnitude(other);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}
