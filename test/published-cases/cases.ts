import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { currencyExponent, Decimal } from '@app/credit-domain';

/** A filed account or worked example, as its publisher printed it. Amounts are in `unit` of the currency, rates in per cent. */
export interface PublishedCase {
  readonly id: string;
  readonly kind: readonly string[];
  readonly currency: string | null;
  readonly unit: number;
  readonly asOf: string | null;
  /** decimals of a printed rate. */
  readonly rateDp: number | null;
  /** step of a printed amount. */
  readonly amountStep: number;
  readonly buckets: readonly PublishedBucket[];
  readonly individual: readonly { readonly gross: number | null; readonly allowance: number | null }[];
  readonly movement: PublishedMovement & {
    readonly years?: readonly PublishedMovement[];
    readonly byStage?: Readonly<Record<string, readonly PublishedMovement[]>>;
  };
  readonly expected: Readonly<Record<string, unknown>>;
  readonly comparative?: { readonly asOf: string; readonly buckets?: readonly PublishedBucket[]; readonly movement?: PublishedMovement };
  readonly paymentProfile?: { readonly sales: number; readonly paid: readonly (readonly [string, number])[]; readonly notPaid: number };
  readonly markov?: {
    readonly states: readonly string[];
    readonly absorbing: readonly string[];
    readonly P: readonly (readonly number[])[];
  };
  readonly derived?: Readonly<Record<string, unknown>>;
  readonly snapshots?: readonly { readonly asOf: string; readonly buckets: readonly (readonly [string, number])[] }[];
  readonly ageing?: { readonly columns: readonly string[]; readonly rows: readonly (readonly [string, ...number[]])[] };
  readonly kpi?: {
    readonly totalReceivables: number;
    readonly currentReceivables: number;
    readonly creditSales: number;
    readonly days: number;
  };
  readonly verification: { readonly footing?: readonly { readonly what: string; readonly ok: boolean }[] };
}

export interface PublishedBucket {
  readonly label: string;
  readonly from: number | null;
  readonly to: number | null;
  readonly unit: 'day' | 'month' | 'year' | null;
  readonly gross: number | null;
  readonly ratePct: number | null;
  readonly allowance: number | null;
}

export interface PublishedMovement {
  readonly year?: number | string;
  readonly opening?: number;
  readonly lines?: readonly { readonly type: string; readonly amount: number }[];
  readonly closing?: number;
}

/** The cases of this repository, or of the file that `ARREARS_PUBLISHED_CASES` names. */
export function publishedCases(): readonly PublishedCase[] {
  const path = process.env['ARREARS_PUBLISHED_CASES'] ?? join(__dirname, 'published.json');
  const { cases } = JSON.parse(readFileSync(path, 'utf8')) as { cases: readonly PublishedCase[] };
  return cases;
}

/** Fictitious units of account ("CU") are put on the books in US dollars: only the figures matter. */
export function currencyOf({ currency }: PublishedCase): string {
  return currency === null || currency === 'CU' ? 'USD' : currency;
}

/** Worked examples are dated 20X1, or not at all. */
export function dateOf({ asOf }: PublishedCase): string {
  const year = (asOf ?? '20X1').slice(0, 4).replace('20X', '202');
  return asOf !== null && asOf.length === 10 ? `${year}${asOf.slice(4)}` : `${year}-12-31`;
}

/** A printed amount as plain decimals of the currency, exactly. */
export function amountText(printed: number, unit: number, currency: string): string {
  return new Decimal(String(printed)).times(unit).toFixed(currencyExponent(currency));
}

/** An amount on the wire in the unit of the note. */
export function inUnits(amount: string, unit: number): Decimal {
  return new Decimal(amount).div(unit);
}

/** How far an allowance may lie from gross x printed rate: half a digit of the rate on the gross, and half a step of the amount. */
export function toleranceOf({ rateDp, amountStep }: PublishedCase, gross: number): Decimal {
  const halfDigit = rateDp === null ? new Decimal(0) : new Decimal(10).pow(-rateDp).div(200);
  return new Decimal(String(gross)).times(halfDigit).plus(new Decimal(String(amountStep)).div(2));
}

/** allowance / gross with every decimal a rate can have. */
export function exactRate(allowance: number, gross: number): string {
  return gross === 0 ? '0' : new Decimal(String(allowance)).div(String(gross)).toDecimalPlaces(24).toFixed();
}
