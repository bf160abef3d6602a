import type { AverageChoice, FlowChoice, Period, ReceivableFlow, TailChoice, UnclassifiedChoice, WriteOffChoice } from '@app/credit-domain';
import { Query } from '@nestjs/cqrs';
import type { AssessedPool } from './book-histories';

export const EVIDENCE_METHODS = ['roll-rate', 'markov', 'payment-profile', 'vintage', 'loss-on-sales'] as const;
export type EvidenceMethod = (typeof EVIDENCE_METHODS)[number];
export const EVIDENCE_GROUPINGS = ['total', 'segment'] as const;

/** What rates are asked from experience, and how they are to be counted. Every choice has a default, which the answer repeats. */
export interface EvidenceRequest {
  readonly asOf: string;
  readonly knownAt?: string | undefined;
  readonly currency?: string | undefined;
  readonly method: EvidenceMethod;
  readonly kind: string;
  readonly entityId?: string | undefined;
  readonly segment?: string | undefined;
  readonly groupBy?: (typeof EVIDENCE_GROUPINGS)[number] | undefined;
  readonly assessed?: AssessedPool | undefined;
  readonly scheme?: string | undefined;
  /** start of the window; in place of `periods`. */
  readonly from?: string | undefined;
  /** payment profile: the last day of the sales looked at. */
  readonly until?: string | undefined;
  readonly periods?: number | undefined;
  readonly periodMonths?: number | undefined;
  /** sizes of groups of consecutive buckets. */
  readonly groups?: readonly number[] | undefined;
  readonly average?: AverageChoice | undefined;
  readonly writeOffs?: WriteOffChoice | undefined;
  readonly tail?: TailChoice | undefined;
  readonly flow?: FlowChoice | undefined;
  readonly unclassified?: UnclassifiedChoice | undefined;
  readonly terminalLoss?: string | undefined;
  /** rounds the rates; default full precision. */
  readonly rateDecimals?: number | undefined;
  /** loss on sales: the credit sales of the window, a plain decimal in the currency of the answer; default those of the book. */
  readonly sales?: string | undefined;
}

export interface EvidenceRate {
  readonly segment: string;
  /** label of a bucket of the scheme; `*` for a rate that is of no bucket. */
  readonly bucket: string;
  /** fraction as decimal text; null = undefined. */
  readonly rate: string | null;
  /** the rate if all unclassified settlements were collected, and if all were written off. */
  readonly low: string | null;
  readonly high: string | null;
  /** minor units of the currency of the answer; null where the rate is no single ratio. */
  readonly numerator: bigint | null;
  readonly denominator: bigint | null;
  readonly receivables: number;
  readonly flags: readonly string[];
}

export interface EvidenceRow {
  /** label of a bucket; `new` = recognised in the period, `arrived` = taken on or come from another kind or entity. */
  readonly from: string;
  readonly opening: bigint;
  readonly raised: bigint;
  readonly collected: bigint;
  readonly credited: bigint;
  readonly writtenOff: bigint;
  readonly disposed: bigint;
  readonly unclassified: bigint;
  readonly reclassified: bigint;
  readonly closing: readonly { readonly bucket: string; readonly amount: bigint }[];
  readonly receivables: number;
}

export interface EvidenceMigration extends Period {
  readonly segment: string;
  readonly rows: readonly EvidenceRow[];
}

export interface EvidenceRoll {
  readonly segment: string;
  readonly from: readonly string[];
  readonly to: string;
  readonly rate: string | null;
  readonly low: string | null;
  readonly high: string | null;
  readonly numerator: bigint;
  readonly denominator: bigint;
  readonly writtenOff: bigint;
  readonly receivables: number;
  readonly flags: readonly string[];
  readonly periods: readonly (Period & { readonly rate: string | null; readonly numerator: bigint; readonly denominator: bigint })[];
}

export interface EvidenceMatrix {
  readonly segment: string;
  readonly states: readonly string[];
  readonly rows: readonly { readonly state: string; readonly base: bigint; readonly probabilities: readonly string[] | null }[];
}

export interface EvidenceCohort extends Period {
  readonly segment: string;
  readonly sales: bigint;
  readonly netLosses: readonly bigint[];
  readonly outstanding: bigint;
  readonly ultimate: string | null;
  readonly remaining: string | null;
}

export interface EvidenceWarning {
  readonly code: string;
  readonly detail: string;
}

export interface EvidenceAnswer {
  readonly asOf: string;
  readonly knownAt: string;
  readonly position: bigint;
  readonly currency: string;
  readonly method: EvidenceMethod;
  readonly kind: string;
  readonly scheme: string;
  readonly window: Period & { readonly periodMonths: number; readonly periods: readonly Period[] };
  readonly groups: readonly { readonly label: string; readonly buckets: readonly string[] }[];
  /** every choice that was made, defaults included. */
  readonly choices: Readonly<Record<string, string>>;
  readonly rates: readonly EvidenceRate[];
  readonly rolls: readonly EvidenceRoll[];
  readonly migrations: readonly EvidenceMigration[];
  readonly matrices: readonly EvidenceMatrix[];
  readonly cohorts: readonly EvidenceCohort[];
  /** chain-ladder factors by segment. */
  readonly factors: readonly { readonly segment: string; readonly factors: readonly (string | null)[] }[];
  readonly sample: { readonly receivables: number; readonly amount: bigint };
  readonly warnings: readonly EvidenceWarning[];
}

/**
 * Loss rates as the book's own events give them. Refused `evidence-buckets-not-periods`, `evidence-groups-invalid`, `evidence-window-invalid`,
 * `markov-closed-class`, `ageing-scheme-unknown`, `fx-rate-missing`, `kind-without-ecl`, `rate-format` for a terminal loss that is no fraction, and
 * by the code of the amount for given sales that are none.
 */
export class GetLossRateEvidenceQuery extends Query<EvidenceAnswer> {
  constructor(
    readonly tenantId: number,
    readonly request: EvidenceRequest,
  ) {
    super();
  }
}

/** One receivable behind a cell, in minor units of its own currency. */
export interface EvidenceReceivable extends ReceivableFlow {
  readonly receivableNo: bigint;
  readonly periodIndex: number;
  readonly receivableId: string;
  readonly debtorId: string;
  readonly currency: string;
  readonly segment: string;
  readonly period: Period;
  readonly fromBucket: string;
  /** where it stands at the end; null when nothing is owed. */
  readonly toBucket: string | null;
}

export interface EvidenceReceivables {
  readonly asOf: string;
  readonly knownAt: string;
  readonly position: bigint;
  readonly items: readonly EvidenceReceivable[];
}

/** The receivables behind the cells of an answer, in the order in which they came into the log. Refused as the answer is. */
export class ListEvidenceReceivablesQuery extends Query<EvidenceReceivables> {
  constructor(
    readonly tenantId: number,
    readonly request: EvidenceRequest & {
      /** label of a bucket, `new` or `arrived`. */
      readonly fromBucket?: string | undefined;
      /** label of a bucket, or a part of the flow: collected, credited, writtenOff, disposed, unclassified, reclassified. */
      readonly toBucket?: string | undefined;
      readonly limit: number;
      readonly after?: { readonly receivableNo: bigint; readonly periodIndex: number } | undefined;
    },
  ) {
    super();
  }
}
