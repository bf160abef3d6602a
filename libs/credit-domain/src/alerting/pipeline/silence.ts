import type { AlertLabels } from '../rule-definition';

/** One condition on an alert: a label of it, or one of MATCHED_FIELDS. */
export interface SilenceMatcher {
  readonly label: string;
  readonly operator: '=' | '!=';
  readonly value: string;
}

export interface Silence {
  readonly silenceId: string;
  readonly matchers: readonly SilenceMatcher[];
  /** Milliseconds since 1970; `endsAt` is exclusive. */
  readonly startsAt: number;
  readonly endsAt: number;
  /** Alerts that grew worse under it: it covers them no more. */
  readonly lifted?: readonly string[];
}

export interface SilencedAlert {
  readonly alertId: string;
  readonly ruleId: string;
  readonly ruleType: string;
  readonly severity: string;
  readonly labels: AlertLabels;
}

/** What a matcher may name besides a label. */
export const MATCHED_FIELDS = ['alertId', 'ruleId', 'ruleType', 'severity'] as const;
/** A silence ends at the latest after so long: what is to be quiet for good is a rule to be changed. */
export const SILENCE_DAYS_MAX = 30;

/** Alerts about the book itself being wrong: nobody may be kept from hearing of them. */
const UNSILENCEABLE: ReadonlySet<string> = new Set(['broken-chain', 'projection-drift']);

export function isSilenceable(ruleType: string): boolean {
  return !UNSILENCEABLE.has(ruleType);
}

/** Every matcher has to hold; none matches nothing. */
export function silenceMatches({ matchers }: Pick<Silence, 'matchers'>, alert: SilencedAlert): boolean {
  if (matchers.length === 0 || !isSilenceable(alert.ruleType)) return false;
  return matchers.every(({ label, operator, value }) => (fieldOf(alert, label) === value) === (operator === '='));
}

/** The silence that keeps the alert quiet the longest, of those in force. */
export function silenceOf(alert: SilencedAlert, silences: readonly Silence[], now: number): Silence | null {
  return silences
    .filter(({ startsAt, endsAt }) => startsAt <= now && now < endsAt)
    .filter((silence) => silence.lifted?.includes(alert.alertId) !== true && silenceMatches(silence, alert))
    .reduce<Silence | null>((longest, silence) => (longest === null || silence.endsAt > longest.endsAt ? silence : longest), null);
}

function fieldOf(alert: SilencedAlert, label: string): string | undefined {
  switch (label) {
    case 'alertId':
    case 'ruleId':
    case 'ruleType':
    case 'severity':
      return alert[label];
    default:
      return alert.labels[label];
  }
}
