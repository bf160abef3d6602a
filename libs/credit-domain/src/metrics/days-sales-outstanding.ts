import { Ratio } from '../values/ratio';
import { measured, measureOf, undefinedMeasure, type Measure } from './measure';

/** Receivables / credit sales of the period x days of the period (domain reference 14). Days. Numerator and denominator of one scope. */
export function daysSalesOutstanding(receivables: bigint, sales: bigint, days: number): Measure {
  return measured(receivables * BigInt(days), sales, 'no-sales');
}

/** What DSO would be if nobody paid late: current receivables / credit sales x days. Days. */
export function bestPossibleDso(notPastDue: bigint, sales: bigint, days: number): Measure {
  return daysSalesOutstanding(notPastDue, sales, days);
}

/** Average days delinquent: DSO - best possible DSO. Days. */
export function averageDaysDelinquent(receivables: bigint, notPastDue: bigint, sales: bigint, days: number): Measure {
  return daysSalesOutstanding(receivables - notPastDue, sales, days);
}

/** Credit sales of one calendar month, or of its part up to the date of the figure. */
export interface MonthSales {
  /** YYYY-MM. */
  readonly month: string;
  readonly sales: bigint;
  readonly days: number;
}

/**
 * Count-back DSO: the sales of whole months are taken off the receivables backwards from the latest, each adding its days; the month that is not
 * used up adds its share. Days. `months` run from the latest back without a gap; `sales-exhausted` when they do not make up the receivables.
 */
export function countBackDso(receivables: bigint, months: readonly MonthSales[]): Measure {
  let left = receivables;
  let days = 0n;
  if (left <= 0n) return measureOf(Ratio.ZERO);
  for (const month of months) {
    if (month.sales >= left && month.sales > 0n) {
      return measureOf(Ratio.of(days).plus(Ratio.of(left * BigInt(month.days), month.sales)));
    }
    left -= month.sales;
    days += BigInt(month.days);
  }
  return undefinedMeasure('sales-exhausted');
}

/** Open invoices of one month: the sum of amount x days since the invoice, and the credit sales of that month. */
export interface OpenMonth {
  readonly month: string;
  readonly amountDays: bigint;
  readonly sales: bigint;
}

/**
 * True DSO: the sum over open invoices of days since invoice x amount / net credit sales of the month of the invoice. Days.
 * `sales-by-month-unknown` when invoices are open of a month without sales, as with items taken on from another system.
 */
export function trueDso(months: readonly OpenMonth[]): Measure {
  const terms: Ratio[] = [];
  for (const { amountDays, sales } of months) {
    if (amountDays === 0n) continue;
    if (sales <= 0n) return undefinedMeasure('sales-by-month-unknown');
    terms.push(Ratio.of(amountDays, sales));
  }
  return measureOf(Ratio.sum(terms));
}
