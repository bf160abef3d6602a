import type { RefusalCode } from '../refusals';
import { Ratio } from '../values/ratio';

/** Decimals of a measure on the wire; inside, measures are exact. */
const MEASURE_DECIMALS = 12;

/** Why a measure has no value. Undefined is not zero, and never NaN. */
export type MeasureGap =
  | 'nothing-became-due'
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
  return measureOf(Ratio.of(numerator, denominator));
}

/** A measure that has a value, half up at `MEASURE_DECIMALS`. */
export function measureOf(value: Ratio): Measure {
  return { value: value.toRate(MEASURE_DECIMALS), gap: null };
}
