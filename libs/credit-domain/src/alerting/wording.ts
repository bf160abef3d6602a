import type { AgeLimit } from '../ageing/scheme';
import { formatAmount } from '../values/money';
import { plainDecimal } from '../values/plain-decimal';
import { Ratio } from '../values/ratio';
import type { FigureUnit } from './evaluation';

const PERCENT_DECIMALS = 2;
/** A percentage with two decimals is a fraction with four. */
const FRACTION_DECIMALS = PERCENT_DECIMALS + 2;
const INDEX_DECIMALS = 3;
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

/** `1,541,637,000`, for the second amount of a sentence that has named the currency. */
export function bareAmount(minor: bigint, currency: string): string {
  const [whole = '', decimals = ''] = formatAmount(minor, currency).split('.');
  const grouped = whole.replace(GROUPS_OF_THREE, ',');
  return /^0*$/.test(decimals) ? grouped : `${grouped}.${decimals}`;
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
 * Parts of a change in points of two decimals that sum to the printed change. Each part is rounded half up first; what the roundings leave over
 * goes to the largest part, so that a reader who adds them up finds no difference.
 */
export function pointsOfParts(parts: readonly Ratio[], change: Ratio): string[] {
  const units = parts.map((part) => part.toUnits(FRACTION_DECIMALS));
  const left = change.toUnits(FRACTION_DECIMALS) - units.reduce((sum, unit) => sum + unit, 0n);
  const largest = units.reduce((best, unit, index) => (magnitude(unit) > magnitude(units[best] ?? 0n) ? index : best), 0);
  return units.map((unit, index) => pointsOfUnits(index === largest ? unit + left : unit));
}

function pointsOfUnits(units: bigint): string {
  return `${units > 0n ? '+' : ''}${plainDecimal(units, PERCENT_DECIMALS)} points`;
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}
