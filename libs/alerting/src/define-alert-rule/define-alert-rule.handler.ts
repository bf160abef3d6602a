import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { eventContext } from '@app/platform';
import type { z } from 'zod';
import { AlertingLog } from '../alerting-log';
import { newEvent } from '../event-data';
import { ALERT_RULE, ruleDefinitionData } from '../events';
import { DefineAlertRule } from './define-alert-rule.command';
import { RuleCheck } from './rule-check';
import { settingsOf, storedSettings } from './rule-settings';

@CommandHandler(DefineAlertRule)
export class DefineAlertRuleHandler implements ICommandHandler<DefineAlertRule> {
  constructor(
    private readonly log: AlertingLog,
    private readonly check: RuleCheck,
  ) {}

  async execute({ context, content }: DefineAlertRule): Promise<{ id: string; streamVersion: number }> {
    await this.check.checkDefinition(context.tenantId, content.definition);
    const id = context.newId();
    return this.log.decide(eventContext(context), async (tx, plan) => {
      // The identifier is the same on a second attempt with the same Idempotency-Key: then the work is already done.
      const known = await this.log.rule(tx, id);
      if (known !== null) return { id, streamVersion: known.streamVersion };
      await this.check.checkChannels(tx, content.channels, content.notification);
      const { name, severity, channels, definition } = content;
      plan.add(
        ALERT_RULE,
        id,
        0,
        newEvent('AlertRuleDefined', this.log.today(), {
          ruleId: id,
          version: 1,
          name,
          severity,
          channels: [...channels],
          definition: stored(definition),
          ...storedSettings(settingsOf(content)),
        }),
      );
      return { id, streamVersion: 1 };
    });
  }
}

/** A definition as an event holds it. */
export function stored(definition: DefineAlertRule['content']['definition']): z.output<typeof ruleDefinitionData> {
  return ruleDefinitionData.parse(definition);
}
