import { Query } from '@nestjs/cqrs';

export const METRIC_UNITS = ['days', 'fraction'] as const;

/** One measure with how it is counted. `value` is null exactly when `reason` says why. */
export interface Metric {
  readonly name: string;
  readonly value: string | null;
  readonly unit: (typeof METRIC_UNITS)[number];
  readonly formula: string;
  /** a `MeasureGap`, or the code for which the allowance or an exchange rate is missing. */
  readonly reason: string | null;
}

/** What the measures are counted from, in minor units of the currency of the answer. */
export interface MetricAmounts {
  readonly receivables: bigint;
  readonly notPastDue: bigint;
  readonly overdue: bigint;
  readonly over90: bigint;
  /** receivables at the start of the period. */
  readonly beginning: bigint;
  /** credit sales of the period, net of tax where it is known; null when they cannot be told. */
  readonly sales: bigint | null;
  readonly salesWithTax: bigint | null;
  /** payments less reversals and refunds in the period; null when they cannot be told. */
  readonly collections: bigint | null;
  /** of the collections: on account of debtors, without a receivable. */
  readonly unappliedCash: bigint | null;
  /** money on what had been written off: no collection. */
  readonly recoveries: bigint | null;
  readonly unclassified: bigint;
  readonly allowance: bigint | null;
  readonly net: bigint | null;
}

export interface MetricsRequest {
  readonly asOf: string;
  readonly knownAt?: string | undefined;
  readonly currency?: string | undefined;
  /** the period is after this day up to asOf; default twelve months before. */
  readonly from?: string | undefined;
  /** default every kind with expected credit losses. */
  readonly kind?: string | undefined;
  readonly entityId?: string | undefined;
  /** credit sales of the period in the currency of the answer; default those of the book. */
  readonly sales?: string | undefined;
  /** default the days of the period. */
  readonly daysInPeriod?: number | undefined;
  /** how many debtors the top share is of. */
  readonly top: number;
}

export interface Metrics {
  readonly asOf: string;
  readonly knownAt: string;
  readonly position: bigint;
  readonly currency: string;
  readonly from: string;
  readonly daysInPeriod: number;
  readonly salesSource: 'given' | 'derived';
  readonly debtors: number;
  readonly amounts: MetricAmounts;
  readonly metrics: readonly Metric[];
}

/**
 * Measures of collection, coverage and concentration on two dates. Refused `evidence-window-invalid`, `kind-without-ecl`, `fx-rate-missing` for
 * closing balances, and by the code of the amount for given sales that are none.
 */
export class GetMetricsQuery extends Query<Metrics> {
  constructor(
    readonly tenantId: number,
    readonly request: MetricsRequest,
  ) {
    super();
  }
}

export interface ForwardAgeingRequest {
  readonly asOf: string;
  readonly knownAt?: string | undefined;
  readonly currency?: string | undefined;
  readonly kind: string;
  readonly entityId?: string | undefined;
  readonly months: number;
}

export interface ForwardCrossing {
  readonly segment: string;
  readonly fromBucket: string;
  readonly toBucket: string;
  readonly amount: bigint;
  readonly charge: bigint;
  readonly receivables: number;
}

export interface ForwardMonth {
  /** 1 = the first month after asOf. */
  readonly month: number;
  readonly until: string;
  readonly charge: bigint;
  readonly crossings: readonly ForwardCrossing[];
}

export interface ForwardAgeing {
  readonly asOf: string;
  readonly knownAt: string;
  readonly position: bigint;
  readonly currency: string;
  readonly kind: string;
  readonly scheme: string;
  readonly lossRateSetId: string;
  readonly gross: bigint;
  readonly charge: bigint;
  readonly months: readonly ForwardMonth[];
}

/**
 * What of today's collective balances passes into an older bucket month by month, before any collection, and the charge that causes at the rates
 * in force on asOf, scenarios included. Refused `loss-rate-missing`, `kind-without-ecl`, `fx-rate-missing`.
 */
export class GetForwardAgeingQuery extends Query<ForwardAgeing> {
  constructor(
    readonly tenantId: number,
    readonly request: ForwardAgeingRequest,
  ) {
    super();
  }
}
