import { isDeepStrictEqual } from 'node:util';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { eventContext } from '@app/platform';
import { AlertingLog } from '../alerting-log';
import { stored } from '../define-alert-rule/define-alert-rule.handler';
import { settingsOf, storedSettings } from '../define-alert-rule/rule-settings';
import { RuleCheck } from '../define-alert-rule/rule-check';
import { RuleDecisions } from '../evaluate-rules/rule-decisions';
import { newEvent } from '../event-data';
import { ALERT_RULE } from '../events';
import { AmendAlertRule } from './amend-alert-rule.command';
import { requireActiveRule } from './require-active-rule';

@CommandHandler(AmendAlertRule)
export class AmendAlertRuleHandler implements ICommandHandler<AmendAlertRule> {
  constructor(
    private readonly log: AlertingLog,
    private readonly check: RuleCheck,
    private readonly decisions: RuleDecisions,
  ) {}

  async execute({ context, ruleId, content, expectedVersion }: AmendAlertRule): Promise<{ id: string; streamVersion: number }> {
    await this.check.checkDefinition(context.tenantId, content.definition);
    return this.log.decide(eventContext(context), async (tx, plan) => {
      const rule = await requireActiveRule(this.log, tx, ruleId, expectedVersion);
      const { name, severity, definition, channels } = content;
      const settings = settingsOf(content);
      const before = {
        name: rule.name,
        severity: rule.severity,
        channels: rule.channels,
        definition: rule.definition,
        ...settingsOf(rule),
      };
      if (isDeepStrictEqual(before, { name, severity, channels, definition, ...settings }))
        return { id: ruleId, streamVersion: rule.streamVersion };
      await this.check.checkChannels(tx, channels, content.notification);
      const data = {
        ruleId,
        version: rule.version + 1,
        name,
        severity,
        channels: [...channels],
        definition: stored(definition),
        ...storedSettings(settings),
      };
      plan.add(ALERT_RULE, ruleId, rule.streamVersion, newEvent('AlertRuleAmended', this.log.today(), data));
      await this.decisions.closeAll(tx, plan, eventContext(context), ruleId, 'rule-changed');
      return { id: ruleId, streamVersion: rule.streamVersion + 1 };
    });
  }
}
