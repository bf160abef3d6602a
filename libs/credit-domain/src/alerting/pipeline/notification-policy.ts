/** When messages below critical may arrive: local times of the policy's zone, a critical one passes at any hour. */
export interface BusinessHours {
  /** ISO weekdays, Monday = 1. At least one. */
  readonly days: readonly number[];
  /** `HH:MM`, inclusive. */
  readonly from: string;
  /** `HH:MM`, exclusive; after `from`. */
  readonly to: string;
}

export interface Escalation {
  /** Told once, when nobody has acknowledged the group in time. */
  readonly channels: readonly string[];
  readonly afterMinutes: number;
}

/** How a tenant wants to be told. Every part is off until it is asked for: then an alert is told at once, on its rule's channels, once. */
export interface NotificationPolicy {
  /** IANA zone of `hours` and `digestAt`; null = the tenant's. */
  readonly timeZone: string | null;
  readonly hours: BusinessHours | null;
  /** `HH:MM`: what is below critical waits for it and comes in one message a channel. */
  readonly digestAt: string | null;
  /** Told again after so long while it still fires and nobody has acknowledged it. */
  readonly repeatHours: number | null;
  readonly escalation: Escalation | null;
}

export const TOLD_AT_ONCE: NotificationPolicy = { timeZone: null, hours: null, digestAt: null, repeatHours: null, escalation: null };

/** How a rule counts: its periods, what missing figures do, when a worse figure is news. Beside the definition, which says what is measured. */
export interface RuleSettings {
  /** Breached in so many periods in a row before it fires. */
  readonly forPeriods: number;
  /** Clear in so many periods in a row before it resolves. */
  readonly recoverPeriods: number;
  /** `alert`: figures that cannot be had are an alert of their own. They never resolve one about the book. */
  readonly noData: 'keep' | 'alert';
  /** A figure beyond the told one by this share of `enter` is told again. */
  readonly worsenBy: string;
  /** null = the tenant's policy. */
  readonly notification: NotificationPolicy | null;
}

export const FOR_PERIODS_DEFAULT = 1;
/** Rules on closes: one quiet close is no recovery. Rules on the day's figures count one. */
export const RECOVER_PERIODS_DEFAULT = 2;
export const WORSEN_BY_DEFAULT = '0.5';

/** What rules recorded before they had settings count by: one period each way, as they were defined. */
export const SETTINGS_BEFORE: RuleSettings = {
  forPeriods: 1,
  recoverPeriods: 1,
  noData: 'keep',
  worsenBy: WORSEN_BY_DEFAULT,
  notification: null,
};
