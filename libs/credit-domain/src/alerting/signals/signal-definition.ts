/**
 * Rules that need no close: they are evaluated on every business day of the tenant, and at once when something happens that they are about.
 * Amounts are plain decimals in the currency beside them.
 */

/** What a debtor has overdue: how much, or for how long. One alert a debtor. */
export interface OverdueDebtorRule {
  readonly type: 'overdue-debtor';
  readonly measure: 'amount' | 'days';
  /** An amount, or whole days past due, by the measure. Fires at or above it. */
  readonly enter: string;
  /** Resolves below it; at most `enter`. */
  readonly exit: string;
  /** Of every amount of the rule; what is owed in others is translated at the rates of the day. */
  readonly currency: string;
  /** Less than this overdue never matters. */
  readonly minimum: string;
  /** Overdue for fewer days never matters. */
  readonly minimumDays: number;
  /** null = every debtor. */
  readonly segment: string | null;
}

/** How much of a credit limit is used. One alert a band and debtor, or group of debtors. */
export interface CreditLimitRule {
  readonly type: 'credit-limit';
  readonly of: 'debtors' | 'groups' | 'both';
  /** Shares of the limit, ascending. Each fires when it is reached. */
  readonly bands: readonly string[];
  /** A band resolves once the use is this far below it, a share of the limit: below the smallest band. */
  readonly margin: string;
}

/** A promise to pay that was not kept. One alert a promise. */
export interface BrokenPromiseRule {
  readonly type: 'broken-promise';
  /** Promises with less than this open never matter; null = all matter. */
  readonly minimum: { readonly amount: string; readonly currency: string } | null;
}

/** What has to arrive regularly: the kinds of import, and closes. */
export const FEEDS = ['debtors', 'receivables', 'movements', 'fx-rates', 'control-totals', 'open-items', 'close'] as const;
export type Feed = (typeof FEEDS)[number];

/** Something that has to arrive did not. One alert a feed. */
export interface StaleFeedRule {
  readonly type: 'stale-feed';
  readonly feeds: readonly Feed[];
  /** Whole days since the last completed import, or since the date of the latest close. Fires at or above it, resolves below it. */
  readonly enter: string;
  /** `business`: Saturdays and Sundays are not counted. */
  readonly calendar: 'business' | 'calendar';
}

/** Work that was given up. One alert a kind of work. */
export interface FailedJobRule {
  readonly type: 'failed-job';
  /** null = every kind. */
  readonly jobs: readonly string[] | null;
  /** So many failed at a time; a whole number. */
  readonly enter: string;
}

/** The read model differs from what the log comes to. One alert. */
export interface ProjectionDriftRule {
  readonly type: 'projection-drift';
  /** So many figures that differ; a whole number. */
  readonly enter: string;
}

/** The chain of seals over the log does not verify. One alert, always critical, which no silence covers. */
export interface BrokenChainRule {
  readonly type: 'broken-chain';
}

export type SignalDefinition =
  OverdueDebtorRule | CreditLimitRule | BrokenPromiseRule | StaleFeedRule | FailedJobRule | ProjectionDriftRule | BrokenChainRule;

export const SIGNAL_TYPES = [
  'overdue-debtor',
  'credit-limit',
  'broken-promise',
  'stale-feed',
  'failed-job',
  'projection-drift',
  'broken-chain',
] as const satisfies readonly SignalDefinition['type'][];

export function isSignal<Definition extends { readonly type: string }>(
  definition: Definition,
): definition is Extract<Definition, { readonly type: SignalDefinition['type'] }> {
  return (SIGNAL_TYPES as readonly string[]).includes(definition.type);
}

/** What nobody may call a warning: the proof of the book itself. */
export function isAlwaysCritical({ type }: { readonly type: string }): boolean {
  return type === 'broken-chain';
}
