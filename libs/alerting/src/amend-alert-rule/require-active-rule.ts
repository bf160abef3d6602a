import { VersionConflict, type Tx } from '@app/event-store';
import { Refusal } from '@app/platform';
import type { AlertRule } from '../alert-rule';
import type { AlertingLog } from '../alerting-log';
import { ALERT_RULE } from '../events';

/** Refused `alert-rule-not-found`, `alert-rule-retired`; throws VersionConflict when the rule is not at the expected version. */
export async function requireActiveRule(log: AlertingLog, tx: Tx, ruleId: string, expectedVersion: number | undefined): Promise<AlertRule> {
  const rule = await log.rule(tx, ruleId);
  if (rule === null) throw new Refusal('alert-rule-not-found', `There is no alert rule ${ruleId}.`);
  if (expectedVersion !== undefined && expectedVersion !== rule.streamVersion) {
    throw new VersionConflict(ALERT_RULE, ruleId, expectedVersion, rule.streamVersion);
  }
  if (rule.status === 'retired') throw new Refusal('alert-rule-retired', `Alert rule ${ruleId} is retired.`);
  return rule;
}
