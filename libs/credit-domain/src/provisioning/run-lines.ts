import { translate } from '../fx';
import { byCodeUnit } from './order';
import type { CollectiveCell, KindMeasure, LineAmounts, ProvisionInput, ProvisionProblem } from './provision';

/** Amounts of a line, translated once at the closing rate. Throws when the rate was not checked before. */
export function lineAmounts(input: ProvisionInput, currency: string, gross: bigint, allowance: bigint): LineAmounts {
  return {
    currency,
    gross,
    allowance,
    presentationGross: inPresentation(input, currency, gross),
    presentationAllowance: inPresentation(input, currency, allowance),
  };
}

/** Minor units of the presentation currency, rounded once half up. */
export function inPresentation(input: ProvisionInput, currency: string, amount: bigint): bigint {
  if (amount === 0n) return 0n;
  const rate = input.closingRates.get(currency);
  if (rate === undefined) throw new Error(`No closing rate for ${currency} after the rates were checked.`);
  return translate(amount, rate);
}

export function measureOf(input: Pick<ProvisionInput, 'measures'>, kind: string): KindMeasure {
  const measure = input.measures.find((each) => each.kind === kind);
  if (measure === undefined) throw new Error(`The run has exposure of kind '${kind}' but no measure for it.`);
  return measure;
}

type Pool = Pick<CollectiveCell, 'entityId' | 'kind' | 'segment' | 'currency'>;

/** Entity, kind in the order of the run, segment, currency. */
export function comparePools(input: ProvisionInput, a: Pool, b: Pool): number {
  const order = (kind: string): number => input.measures.findIndex((measure) => measure.kind === kind);
  return (
    byCodeUnit(a.entityId, b.entityId) ||
    order(a.kind) - order(b.kind) ||
    byCodeUnit(a.segment, b.segment) ||
    byCodeUnit(a.currency, b.currency)
  );
}

/** No receivable is below zero on any date as known, so a pool below zero is a defect of the reading and must not become a figure. */
export function notNegative(gross: bigint, cell: CollectiveCell, what: string): bigint {
  if (gross < 0n) throw new Error(`Gross of '${cell.kind}' (${what}, ${cell.currency}) is below zero: ${String(gross)}.`);
  return gross;
}

export function fxRateMissing(currencies: readonly string[], quote: string, asOf: string): ProvisionProblem {
  const pairs = currencies.map((base) => `${base} to ${quote}`).join(', ');
  return {
    code: 'fx-rate-missing',
    detail: `No exchange rate is known on ${asOf} for ${pairs}.`,
    errors: currencies.map((base) => ({ code: 'fx-rate-missing', base, quote, asOf })),
  };
}
