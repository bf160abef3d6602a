import published from './published-sensetime.json';

/** One row of the printed provision matrix, in RMB'000. */
interface PublishedBucket {
  readonly label: string;
  readonly gross: number;
  readonly ratePct: number;
  readonly allowance: number;
}

interface LabelledGross {
  readonly label: string;
  readonly gross: number;
}

/** What note 11 prints for one year end, in RMB'000. */
export interface PublishedYear {
  readonly asOf: string;
  readonly buckets: readonly PublishedBucket[];
  readonly individual: { readonly gross: number; readonly ratePct: number; readonly allowance: number; readonly reason: string };
  readonly collectiveGross: number;
  readonly collectiveAllowance: number;
  readonly grossTotal: number;
  readonly allowanceTotal: number;
  readonly net: number;
  readonly ageingAll: readonly LabelledGross[];
  readonly relatedParties: number;
  readonly thirdParties: number;
  readonly notes: { readonly gross: number; readonly allowance: number; readonly net: number; readonly ageing: readonly LabelledGross[] };
  readonly other: {
    readonly refundableDeposits: number;
    readonly loansToRelatedParties: number;
    readonly paymentsOnBehalfOfCustomers: number;
    readonly others: number;
    readonly gross: number;
    readonly allowance: number;
    readonly net: number;
  };
  readonly contractAssets: {
    readonly current: { readonly gross: number; readonly allowance: number };
    readonly nonCurrent: { readonly gross: number; readonly allowance: number };
    readonly net: number;
  };
  readonly prepayments: number;
  readonly inputVat: number;
  readonly totalNote11: number;
  /** Gross of the note without contract assets, RMB first. */
  readonly currencies: readonly { readonly currency: string; readonly gross: number }[];
  readonly currenciesTotal: number;
  readonly revenue: number;
  readonly netImpairmentCharge: number;
}

interface PublishedNote {
  readonly source: string;
  readonly unit: string;
  readonly basis: string;
  readonly fy2023: PublishedYear;
  readonly fy2024: PublishedYear;
}

export const PUBLISHED: PublishedNote = published;

/** The book's own currency as the note names it. */
export const PRESENTATION = { currency: 'CNY', published: 'RMB' } as const;

/** Minor units (fen) in one RMB'000, the unit of the note. */
export const MINOR_PER_THOUSAND = 100_000n;

export const thousands = (amount: number): bigint => BigInt(amount) * MINOR_PER_THOUSAND;
