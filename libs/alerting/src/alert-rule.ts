import type { AlertSeverity, RuleDefinition, RuleSettings } from '@app/credit-domain';
import { SETTINGS_BEFORE } from '@app/credit-domain';
import type { Position, StoredEvent } from '@app/event-store';
import type { AlertRuleDefinedData } from './events';

/** A rule as it stands; folded from its stream. */
export interface AlertRule extends RuleSettings {
  readonly id: string;
  /** Of the stream: the entity tag. */
  readonly streamVersion: number;
  /** Of the definition: alerts name the one that fired them. */
  readonly version: number;
  readonly name: string;
  readonly definition: RuleDefinition;
  readonly severity: AlertSeverity;
  readonly channels: readonly string[];
  readonly status: 'active' | 'retired';
  readonly definedAt: Date;
  /** Position of the current version: closes recorded before it are its past. */
  readonly recordedAt: Position;
}

export function foldRules(events: readonly StoredEvent[]): AlertRule[] {
  const rules = new Map<string, AlertRule>();
  for (const event of events) {
    const known = rules.get(event.key);
    if (event.type === 'AlertRuleDefined' || event.type === 'AlertRuleAmended') {
      const { version, name, definition, severity, channels, ...rest } = event.data as AlertRuleDefinedData;
      rules.set(event.key, {
        id: event.key,
        streamVersion: event.version,
        version,
        name,
        definition,
        severity,
        channels,
        ...settingsOf(rest),
        status: 'active',
        definedAt: known?.definedAt ?? event.recordedAt,
        recordedAt: event.position,
      });
      continue;
    }
    if (known === undefined) throw new Error(`The stream of alert rule ${event.key} begins with ${event.type}.`);
    const status = event.type === 'AlertRuleRetired' ? 'retired' : known.status;
    rules.set(event.key, { ...known, streamVersion: event.version, status });
  }
  return [...rules.values()];
}

function settingsOf(recorded: Partial<RuleSettings>): RuleSettings {
  return {
    forPeriods: recorded.forPeriods ?? SETTINGS_BEFORE.forPeriods,
    recoverPeriods: recorded.recoverPeriods ?? SETTINGS_BEFORE.recoverPeriods,
    noData: recorded.noData ?? SETTINGS_BEFORE.noData,
    worsenBy: recorded.worsenBy ?? SETTINGS_BEFORE.worsenBy,
    notification: recorded.notification ?? SETTINGS_BEFORE.notification,
  };
}
