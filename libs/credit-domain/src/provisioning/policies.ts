/**
 * What two people agree on besides loss rates and individual assessments: stages, forward-looking scenarios, overlays and credit
 * enhancements. Rates and probabilities are fractions as decimal text; amounts are minor units of the currency beside them.
 *
 * In force on asOf: effective on or before it and, where it has an end, not ended before it; of several the latest effective date, and
 * among equal dates the latest approval (`approvedAt`, the log position of the approval).
 */

/** Stands for every class or segment not named. */
export const ANY = '*';

export interface Approved {
  readonly approvedAt: bigint;
}

/** How one kind is measured in three stages (IFRS 9 5.5.3, 5.5.5, 5.5.11, B5.5.37). */
export interface StagingPolicy {
  readonly policyId: string;
  readonly kind: string;
  readonly effectiveOn: string;
  /** more days past due than this is a significant increase in credit risk; 30 is presumed (5.5.11). */
  readonly sicrDays: number;
  /** at least this many days past due is default; 90 is presumed (B5.5.37). */
  readonly defaultDays: number;
  /** why a presumption is rebutted; needed when a threshold differs from the presumed one. */
  readonly rebuttalReason: string | null;
  /** days a debtor stays in stage 2 after an assignment to stage 3, or to stage 2, has ended. */
  readonly probationDays: number;
  readonly parameters: readonly StageParameters[];
}

/** Loss parameters of one class and segment (`*` = every other). */
export interface StageParameters {
  readonly class: string;
  readonly segment: string;
  /** probability of default within 12 months, and over the whole life (0..1). Stage 3 has defaulted: its probability is 1. */
  readonly pd12Months: string;
  readonly pdLifetime: string;
  /** loss given default (0..1). */
  readonly lgd: string;
  /** original effective yearly rate and the months until recovery is expected; null = no discounting. */
  readonly effectiveRate: string | null;
  readonly recoveryMonths: number | null;
  /** marginal default probabilities by period, in place of the two probabilities above; null = single period. */
  readonly term: readonly TermPeriod[] | null;
}

/** One period of a term structure: ECL = sum of exposureShare x marginalPd x lgd x DF(months). */
export interface TermPeriod {
  /** end of the period, months after asOf. */
  readonly months: number;
  readonly marginalPd: string;
  readonly lgd: string;
  /** share of today's exposure still outstanding at default in this period. */
  readonly exposureShare: string;
}

/** A debtor put into a stage by judgement, earlier than days past due would (5.5.9) or with evidence of impairment (Appendix A). */
export interface StageAssignment {
  readonly assignmentId: string;
  readonly debtorId: string;
  readonly kinds: readonly string[] | null;
  readonly entityId: string | null;
  readonly stage: 1 | 2 | 3;
  readonly effectiveOn: string;
  /** last day; after it the probation of the staging policy runs. null = until another assignment. */
  readonly endsOn: string | null;
  readonly reason: string;
}

/** Forward-looking scenarios of a kind: each scales every loss rate, is capped at 1, and only then weighted (5.5.17(a), B5.5.52). */
export interface ForwardLookingSet {
  readonly setId: string;
  readonly kind: string;
  readonly effectiveOn: string;
  readonly scenarios: readonly ForwardLookingScenario[];
  /** a rate of 1 is a judgement (fully provided) and stays 1 whatever the scenario says. */
  readonly keepFullRates: boolean;
  /** whether the driver behind the scalars has worsened since history; with a mean scalar below 1 that is a finding. null = not stated. */
  readonly driverWorsened: boolean | null;
  readonly reason: string;
}

export interface ForwardLookingScenario {
  readonly name: string;
  /** the weights of a set make up exactly 1. */
  readonly weight: string;
  /** not negative; 1 leaves the historical rate as it is. */
  readonly scalar: string;
}

/** A signed adjustment beside the model, with a reason and an end; it never becomes part of a rate. */
export interface Overlay {
  readonly overlayId: string;
  readonly kind: string;
  /** null = every one. */
  readonly entityId: string | null;
  readonly class: string | null;
  readonly segment: string | null;
  readonly amount: bigint;
  readonly currency: string;
  readonly effectiveOn: string;
  /** last day in force. */
  readonly expiresOn: string;
  readonly reason: string;
}

/** Insurance, collateral or a guarantee for one debtor (IFRS 9 B5.5.55). */
export interface CreditEnhancement {
  readonly enhancementId: string;
  readonly debtorId: string;
  readonly kinds: readonly string[] | null;
  readonly entityId: string | null;
  readonly type: 'insurance' | 'collateral' | 'guarantee';
  /** part of the contractual terms: lowers the allowance. Otherwise the full loss is provided and a reimbursement is shown beside it. */
  readonly integral: boolean;
  /** the most that is paid for this debtor, net of costs of obtaining and selling; null = no limit. */
  readonly limit: bigint | null;
  readonly currency: string;
  /** share of the loss within the limit that is covered (0..1). */
  readonly coveredShare: string;
  /** first loss kept by the holder. */
  readonly deductible: bigint;
  /** the insurer's or guarantor's own loss rate (0..1): even full cover is not free of risk. */
  readonly providerLossRate: string;
  readonly effectiveOn: string;
  /** last day of cover. */
  readonly expiresOn: string;
  readonly reason: string;
}

export type ApprovedStagingPolicy = StagingPolicy & Approved;
export type ApprovedStageAssignment = StageAssignment & Approved;
export type ApprovedForwardLookingSet = ForwardLookingSet & Approved;
export type ApprovedOverlay = Overlay & Approved;
export type ApprovedCreditEnhancement = CreditEnhancement & Approved;
