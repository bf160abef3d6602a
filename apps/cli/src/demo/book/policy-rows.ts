import { Decimal } from '@app/credit-domain';
import type { PublishedYear } from '../published';
import { FOREIGN_CURRENCIES } from './assumed-flow';
import type { Debtor } from './debtors';
import type { Item } from './items';
import { sumOf } from './items';
import type { Random } from './random';
import type { Row } from './rows';

const RATE_DECIMALS = 18;
const UP_TO_ONE_YEAR: readonly string[] = ['Up to 6 months', '6 months to 1 year'];

/** Enough decimals that rate times gross gives the allowance back to the fen. */
export function exactRate(allowance: bigint, gross: bigint): string {
  return new Decimal(allowance.toString()).div(gross.toString()).toFixed(RATE_DECIMALS, Decimal.ROUND_HALF_UP);
}

/** Printed allowance over printed gross: of each bucket for trade, of the whole for notes and contract assets. All segments alike. */
export function lossRateRows(year: PublishedYear): Row[] {
  const { notes, contractAssets } = year;
  const rows = (kind: string, rateOf: (bucket: PublishedYear['buckets'][number]) => string): Row[] =>
    year.buckets.map((bucket) => ({ kind, segment: '*', bucket: bucket.label, rate: rateOf(bucket), basis: 'derived' }));
  const overOneYear = notes.ageing.find(({ label }) => label.endsWith('over 1 year'))?.gross ?? 0;
  // The allowance equals the commercial notes over one year and a little more: those in full, one rate for the younger notes.
  const young = exactRate(BigInt(notes.allowance - overOneYear), BigInt(notes.gross - overOneYear));
  const { current, nonCurrent } = contractAssets;
  const ofContracts = exactRate(BigInt(current.allowance + nonCurrent.allowance), BigInt(current.gross + nonCurrent.gross));
  return [
    ...rows('trade', ({ gross, allowance }) => exactRate(BigInt(allowance), BigInt(gross))),
    ...['note_bank', 'note_commercial'].flatMap((kind) => rows(kind, ({ label }) => (UP_TO_ONE_YEAR.includes(label) ? young : '1'))),
    ...rows('contract_asset', () => ofContracts),
  ];
}

export function fxRateRows(asOf: string): Row[] {
  return FOREIGN_CURRENCIES.map(({ currency, rate }) => ({
    base: currency,
    quote: 'CNY',
    rate,
    effective_on: asOf,
    basis: 'assumed',
  }));
}

/** The opening assessments: the items over four years old in full, one rate for the others that gives the printed allowance. */
export function openingAssessments(year: PublishedYear, items: readonly Item[], total: bigint): Row[] {
  const oldest = items.filter(({ bucket }) => bucket === 'Over 4 years');
  const others = items.filter(({ bucket }) => bucket !== 'Over 4 years');
  const rate = exactRate(total - sumOf(oldest), sumOf(others));
  const row = (debtor: Debtor, lossRate: string): Row => assessmentRow(debtor, year.asOf, lossRate, year.individual.reason);
  return [...debtorsOf(others).map((debtor) => row(debtor, rate)), ...debtorsOf(oldest).map((debtor) => row(debtor, '1'))];
}

/** The assessments of 2024: debtors newly carved out on a day of the year, the others assessed again at its end, all at one rate. */
export function closingAssessments(
  year: PublishedYear,
  survivors: readonly Item[],
  joined: readonly Item[],
  total: bigint,
  random: Random,
): Row[] {
  const rate = exactRate(total, sumOf(survivors) + sumOf(joined));
  const reason = year.individual.reason;
  return [
    ...debtorsOf(survivors).map((debtor) => assessmentRow(debtor, year.asOf, rate, reason)),
    ...debtorsOf(joined).map((debtor) => assessmentRow(debtor, random.pick(['2024-03-31', '2024-06-30', '2024-09-30']), rate, reason)),
  ];
}

function debtorsOf(items: readonly Item[]): Debtor[] {
  return [...new Map(items.map(({ debtor }) => [debtor.id, debtor])).values()];
}

function assessmentRow(debtor: Debtor, effectiveOn: string, lossRate: string, reason: string): Row {
  return { debtor_id: debtor.id, effective_on: effectiveOn, loss_rate: lossRate, reason, basis: 'assumed' };
}
