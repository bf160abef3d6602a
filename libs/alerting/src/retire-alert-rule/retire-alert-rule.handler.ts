import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { VersionConflict } from '@app/event-store';
import { eventContext, Refusal } from '@app/platform';
import { AlertingLog } from '../alerting-log';
import { RuleDecisions } from '../evaluate-rules/rule-decisions';
import { newEvent } from '../event-data';
import { ALERT_RULE } from '../events';
import { RetireAlertRule } from './retire-alert-rule.command';

@CommandHandler(RetireAlertRule)
export class RetireAlertRuleHandler implements ICommandHandler<RetireAlertRule> {
  constructor(
    private readonly log: AlertingLog,
    private readonly decisions: RuleDecisions,
  ) {}

  async execute({ context, ruleId, expectedVersion }: RetireAlertRule): Promise<void> {
    await this.log.decide(eventContext(context), async (tx, plan) => {
      const rule = await this.log.rule(tx, ruleId);
      if (rule === null) throw new Refusal('alert-rule-not-found', `There is no alert rule ${ruleId}.`);
      if (expectedVersion !== undefined && expectedVersion !== rule.streamVersion) {
        throw new VersionConflict(ALERT_RULE, ruleId, expectedVersion, rule.streamVersion);
      }
      if (rule.status === 'retired') return;
      plan.add(ALERT_RULE, ruleId, rule.streamVersion, newEvent('AlertRuleRetired', this.log.today(), { ruleId, version: rule.version }));
      await this.decisions.closeAll(tx, plan, eventContext(context), ruleId, 'rule-retired');
    });
  }
}
