import { Module } from '@nestjs/common';
import { AcknowledgeAlertHandler } from './acknowledge-alert/acknowledge-alert.handler';
import { AlertingLog } from './alerting-log';
import { AmendAlertRuleHandler } from './amend-alert-rule/amend-alert-rule.handler';
import { DefineAlertRuleHandler } from './define-alert-rule/define-alert-rule.handler';
import { RuleCheck } from './define-alert-rule/rule-check';
import { RuleDecisions } from './evaluate-rules/rule-decisions';
import { Explainer } from './explain/explainer';
import { SystemAlerts } from './notify/system-alerts';
import { GetAlertRuleHandler, ListAlertRulesHandler } from './list-alert-rules/list-alert-rules.handler';
import { GetAlertHandler, ListAlertsHandler } from './list-alerts/list-alerts.handler';
import { ListChannelsHandler } from './list-channels/list-channels.handler';
import { GetDeliveryHandler, ListDeliveriesHandler } from './list-deliveries/list-deliveries.handler';
import { RegisterChannelHandler } from './register-channel/register-channel.handler';
import { RemoveChannelHandler } from './remove-channel/remove-channel.handler';
import { ReplayChannelHandler, ReplayDeliveryHandler } from './replay-deliveries/replay-deliveries.handler';
import { RetireAlertRuleHandler } from './retire-alert-rule/retire-alert-rule.handler';
import { SetChannelFallbackHandler } from './set-channel-fallback/set-channel-fallback.handler';
import { TestChannelHandler } from './test-channel/test-channel.handler';

/** Commands and queries of alerting. Needs `@app/platform` and, for schemes of a tenant's own, the queries of `@app/receivables`. */
@Module({
  providers: [
    AlertingLog,
    RuleCheck,
    RuleDecisions,
    SystemAlerts,
    Explainer,
    DefineAlertRuleHandler,
    AmendAlertRuleHandler,
    RetireAlertRuleHandler,
    RegisterChannelHandler,
    RemoveChannelHandler,
    TestChannelHandler,
    AcknowledgeAlertHandler,
    ListAlertRulesHandler,
    GetAlertRuleHandler,
    ListChannelsHandler,
    ListAlertsHandler,
    GetAlertHandler,
    ListDeliveriesHandler,
    GetDeliveryHandler,
    ReplayDeliveryHandler,
    ReplayChannelHandler,
    SetChannelFallbackHandler,
  ],
  exports: [AlertingLog, RuleDecisions, SystemAlerts, Explainer],
})
export class AlertingModule {}
