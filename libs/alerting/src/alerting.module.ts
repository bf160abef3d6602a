import { Module } from '@nestjs/common';
import { AcknowledgeAlertHandler } from './acknowledge-alert/acknowledge-alert.handler';
import { AlertingLog } from './alerting-log';
import { AmendAlertRuleHandler } from './amend-alert-rule/amend-alert-rule.handler';
import { DefineAlertRuleHandler } from './define-alert-rule/define-alert-rule.handler';
import { BackTestDefinedRuleHandler, BackTestRuleHandler } from './back-test/back-test.handler';
import { RuleCheck } from './define-alert-rule/rule-check';
import { RuleDecisions } from './evaluate-rules/rule-decisions';
import { SealedRuns } from './evaluate-rules/sealed-runs';
import { Episodes } from './episodes/episodes';
import { Notifier } from './notify/notifier';
import { NotificationSettings } from './notify/notification-settings';
import { GetNotificationPolicyHandler, SetNotificationPolicyHandler } from './notification-policy/notification-policy.handlers';
import { GetAlertGroupHandler } from './show-alert-group/show-alert-group.handler';
import { CreateSilenceHandler, EndSilenceHandler, ListSilencesHandler } from './silences/silences.handlers';
import { Explainer } from './explain/explainer';
import { SystemAlerts } from './notify/system-alerts';
import { GetAlertRuleHandler, ListAlertRulesHandler } from './list-alert-rules/list-alert-rules.handler';
import { GetAlertHandler, ListAlertsHandler } from './list-alerts/list-alerts.handler';
import { ListChannelsHandler } from './list-channels/list-channels.handler';
import { GetDeliveryHandler, ListDeliveriesHandler } from './list-deliveries/list-deliveries.handler';
import { EnableChannelHandler } from './enable-channel/enable-channel.handler';
import { PauseDigestsHandler } from './pause-digests/pause-digests.handler';
import { ChannelTargetCheck } from './register-channel/channel-target-check';
import { RESOLVE, systemResolve } from './deliver/channels/outbound/address-guard';
import { RotateChannelSecretHandler } from './rotate-channel-secret/rotate-channel-secret.handler';
import { PressSlackButtonHandler } from './slack-interactions/press-slack-button.handler';
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
    BackTestRuleHandler,
    BackTestDefinedRuleHandler,
    Episodes,
    Notifier,
    NotificationSettings,
    RuleDecisions,
    SealedRuns,
    SystemAlerts,
    Explainer,
    DefineAlertRuleHandler,
    AmendAlertRuleHandler,
    RetireAlertRuleHandler,
    RegisterChannelHandler,
    RemoveChannelHandler,
    EnableChannelHandler,
    RotateChannelSecretHandler,
    PauseDigestsHandler,
    PressSlackButtonHandler,
    ChannelTargetCheck,
    { provide: RESOLVE, useValue: systemResolve },
    TestChannelHandler,
    AcknowledgeAlertHandler,
    ListAlertRulesHandler,
    GetAlertRuleHandler,
    ListChannelsHandler,
    ListAlertsHandler,
    GetAlertHandler,
    GetAlertGroupHandler,
    CreateSilenceHandler,
    EndSilenceHandler,
    ListSilencesHandler,
    SetNotificationPolicyHandler,
    GetNotificationPolicyHandler,
    ListDeliveriesHandler,
    GetDeliveryHandler,
    ReplayDeliveryHandler,
    ReplayChannelHandler,
    SetChannelFallbackHandler,
  ],
  exports: [NotificationSettings, RESOLVE, AlertingLog, Episodes, RuleDecisions, SealedRuns, SystemAlerts, Explainer],
})
export class AlertingModule {}
