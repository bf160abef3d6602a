/**
 * How the book of FY2023 became the book of FY2024. The note prints stocks, not flows: this flow is feasible and adds up to both printed
 * stocks, but it is assumed, and the demo says so. RMB'000.
 */

/** Collective cohorts by the bucket they are in at FY2023: cash received and balances moved to individual assessment during 2024. */
interface CohortFlow {
  readonly bucket: string;
  readonly cash: number;
  readonly toIndividual: number;
}

/** The cash of the items up to one year old (1,020,137) is shared between its two buckets in proportion to their gross. */
export const COHORT_FLOWS: readonly CohortFlow[] = [
  { bucket: 'Up to 6 months', cash: 827_026, toIndividual: 82 },
  { bucket: '6 months to 1 year', cash: 193_111, toIndividual: 0 },
  { bucket: '1 to 2 years', cash: 143_699, toIndividual: 98_134 },
  { bucket: '2 to 3 years', cash: 413_545, toIndividual: 287_294 },
  { bucket: '3 to 4 years', cash: 114_252, toIndividual: 0 },
];

/** Individually impaired gross at FY2023 by age. Up to three years it follows from the two printed tables; the split beyond is assumed. */
export const INDIVIDUAL_BY_AGE_2023: readonly { readonly bucket: string; readonly gross: number; readonly splitAssumed: boolean }[] = [
  { bucket: 'Up to 6 months', gross: 107, splitAssumed: false },
  { bucket: '6 months to 1 year', gross: 110, splitAssumed: false },
  { bucket: '1 to 2 years', gross: 176_008, splitAssumed: false },
  { bucket: '2 to 3 years', gross: 391_530, splitAssumed: false },
  { bucket: '3 to 4 years', gross: 257_324, splitAssumed: true },
  { bucket: 'Over 4 years', gross: 134_598, splitAssumed: true },
];

/** New in 2024 and individually assessed at its end. */
export const NEW_INDIVIDUAL: readonly { readonly bucket: string; readonly gross: number }[] = [
  { bucket: 'Up to 6 months', gross: 3_338 },
  { bucket: '6 months to 1 year', gross: 133 },
];

/** Billed and collected within 2024; brings collections to 4,623,000. */
export const BILLED_AND_COLLECTED_2024 = 2_931_367;
/** Revenue and 7.98 % of value-added tax. */
export const SALES_BILLED_2024 = 4_073_203;
export const COLLECTIONS_2024 = 4_623_000;

/** Related parties: printed 2,992 and 13,852. The 2024 figure is made of survivors, one debtor that joined the group, and new items. */
export const RELATED_PAID_2024 = 1_492;
export const RELATED_JOINED_2024 = 5_000;
export const RELATED_JOINED_ON = '2024-07-01';

/** Where the items in foreign currencies stand at FY2023, in percent of each currency; all of them are collected in 2024. */
export const FOREIGN_SHARES_2023: readonly { readonly bucket: string; readonly percent: number }[] = [
  { bucket: 'Up to 6 months', percent: 45 },
  { bucket: '6 months to 1 year', percent: 15 },
  { bucket: '1 to 2 years', percent: 12 },
  { bucket: '2 to 3 years', percent: 20 },
  { bucket: '3 to 4 years', percent: 8 },
];
export const FOREIGN_SHARES_2024: readonly { readonly bucket: string; readonly percent: number }[] = [
  { bucket: 'Up to 6 months', percent: 75 },
  { bucket: '6 months to 1 year', percent: 25 },
];

/**
 * Closing rates in CNY. An item in a foreign currency is a whole number of lots; a lot is worth a whole number of fen at its rate,
 * so translation leaves no remainder whichever cells it is done by. "Others" of the note are put in EUR.
 */
export interface ForeignCurrency {
  readonly published: string;
  readonly currency: string;
  readonly country: string;
  readonly lotMinor: bigint;
  readonly rate: string;
}

export const FOREIGN_CURRENCIES: readonly ForeignCurrency[] = [
  { published: 'USD', currency: 'USD', country: 'US', lotMinor: 10_000n, rate: '7.0827' },
  { published: 'MYR', currency: 'MYR', country: 'MY', lotMinor: 10_000n, rate: '1.5415' },
  { published: 'SGD', currency: 'SGD', country: 'SG', lotMinor: 10_000n, rate: '5.3772' },
  { published: 'SAR', currency: 'SAR', country: 'SA', lotMinor: 10_000n, rate: '1.8926' },
  { published: 'HKD', currency: 'HKD', country: 'HK', lotMinor: 10_000n, rate: '0.9062' },
  { published: 'JPY', currency: 'JPY', country: 'JP', lotMinor: 10_000n, rate: '0.050213' },
  { published: 'Others', currency: 'EUR', country: 'DE', lotMinor: 10_000n, rate: '7.8592' },
];

/** Printed with the tables: what the published note does not say and this book had to choose. */
export const ASSUMPTIONS: readonly string[] = [
  'Receivables, debtors, their names, countries, segments, terms and due dates are generated; only their sums are published.',
  'The individually impaired by age follow from the two printed tables up to three years; 257,324 and 134,598 at three to four and over four years are assumed.',
  'The flow from FY2023 to FY2024 is assumed: cash of 1,691,633 on opening items, 385,510 moved to individual assessment, 388,656 written off (all over five years old).',
  'The 388,656 is the charge of 780,956 less the rise of all allowances in scope, 392,300; that it is all trade write-off is assumed.',
  'No cash from individually assessed debtors, no return to the collective, no disposal, credit note or exchange difference in the year.',
  'Sales billed in 2024 are revenue plus 7.98 % VAT, 4,073,203, of which 2,931,367 are collected within the year; collections are 4,623,000.',
  'All amounts in foreign currencies of the note are put in trade; those of FY2023 are collected in 2024, those of FY2024 are new. "Others" is put in EUR.',
  'Closing exchange rates are assumed and the same at both year ends, so that no exchange difference arises; in each bucket one RMB item absorbs what translation leaves.',
  'Related parties of 13,852: 1,500 survive from 2,992, a debtor owing 5,000 joined the group on 1 July 2024, 7,352 are new.',
  'Of the tax in those sales, 301,102, all is on receivables in RMB: sales abroad are zero-rated.',
  'Notes, other receivables, contract assets, prepayments and input VAT are in RMB; which opening items are still there a year later is assumed.',
  'Other receivables are staged by assumption: 403,000 paid on behalf of customers are over 90 days past due at both ends (stage 3), 4,000 and then 6,000 of the others 31 to 89 days (stage 2), the rest is stage 1. Probabilities and losses given default are assumed but for one: that of payments on behalf is what gives the printed allowance.',
  'Commercial notes over one year are provided in full; one rate on the younger notes gives the rest of the printed allowance. Contract assets have one rate for all ages.',
  'Individual loss rates: items over four years old at FY2023 in full, one rate for the others that gives the printed allowance.',
];
