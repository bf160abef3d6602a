import type { ResolutionReason } from '@app/credit-domain';
import { VersionConflict, type Tx } from '@app/event-store';
import { Refusal } from '@app/platform';
import type { AlertRule } from '../alert-rule';
import type { AlertingLog } from '../alerting-log';
import type { AppendPlan } from '../append-plan';
import { ALERT_RULE } from '../events';
import { tellResolved } from '../notify/tell';

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

/** Closes the open alerts of a rule that is about to become another, or none: nobody is left with an alert that no rule stands behind. */
export async function closeAlertsOf(
  log: AlertingLog,
  tx: Tx,
  plan: AppendPlan,
  { tenantId, ruleId, reason }: { readonly tenantId: number; readonly ruleId: string; readonly reason: ResolutionReason },
): Promise<void> {
  const open = (await log.alerts(tx)).filter(({ state, fired }) => state === 'firing' && fired.ruleId === ruleId);
  for (const alert of open) tellResolved(plan, tenantId, alert, reason, null);
}
