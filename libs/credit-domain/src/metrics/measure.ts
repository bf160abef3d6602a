import { Decimal } from '../values';
import type { RefusalCode } from '../refusals';

/** Decimals of a measure on the wire; inside, amounts are multiplied before they are divided. */
export const MEASURE_DECIMALS = 12;

/** Why a measure has no value. Undefined is not zero, and never NaN. */
export type MeasureGap =
  | 'nothing-became-due'
  | 'no-allowance'
  | 'no-receivables'
  | 'no-sales'
  | 'nothing-past-90-days'
  | 'sales-by-month-unknown'
  | 'sales-exhausted'
  | RefusalCode;

export type Measure = { readonly value: string; readonly gap: null } | { readonly value: null; readonly gap: MeasureGap };

export const undefinedMeasure = (gap: MeasureGap): Measure => ({ value: null, gap });

/** numerator / denominator, half up at `MEASURE_DECIMALS`; the gap when the denominator is not above zero. */
export function measured(numerator: bigint, denominator: bigint, gap: MeasureGap): Measure {
  if (denominator <= 0n) return undefinedMeasure(gap);
  const value = new Decimal(numerator.toString()).div(denominator.toString()).toDecimalPlaces(MEASURE_DECIMALS, Decimal.ROUND_HALF_UP);
  return { value: value.toFixed(), gap: null };
}
