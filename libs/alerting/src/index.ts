export { AlertingModule } from './alerting.module';
export { AlertingWorkerModule } from './alerting-worker.module';
export { migrations } from './migrations';
export { events } from './events';

export type { Alert } from './alert';
export type { Delivery } from './delivery';
export { AcknowledgeAlert } from './acknowledge-alert/acknowledge-alert.command';
export {
  ACKNOWLEDGEMENT_DAYS,
  ACKNOWLEDGEMENT_DAYS_MAX,
  ACKNOWLEDGEMENT_SCOPES,
  type Acknowledgement,
} from './acknowledge-alert/acknowledge-alert.command';
export { ALERT_STATES, TRANSITION_TYPES, type ShownAlertState } from './alert';
export { rebuildEpisodes } from './episodes/rebuild-episodes';
export { GetNotificationPolicyQuery, SetNotificationPolicy } from './notification-policy/notification-policy.messages';
export { type RecordedPolicy } from './notify/notification-settings';
export { type GroupDecisionRecord } from './show-alert-group/group-decisions';
export { GetAlertGroupQuery, type ShownAlertGroup } from './show-alert-group/show-alert-group.query';
export { type RecordedSilence } from './silences/silence';
export { CreateSilence, EndSilence, type SilenceRequest } from './silences/silences.commands';
export { ListSilencesQuery } from './silences/silences.query';
export { AmendAlertRule } from './amend-alert-rule/amend-alert-rule.command';
export { BackTestDefinedRuleQuery, BackTestRuleQuery } from './back-test/back-test.query';
export { DefineAlertRule, type RuleContent } from './define-alert-rule/define-alert-rule.command';
export { RetireAlertRule } from './retire-alert-rule/retire-alert-rule.command';
export { EnableChannel } from './enable-channel/enable-channel.command';
export { PauseDigests } from './pause-digests/pause-digests.command';
export { RegisterChannel, type ChannelTarget, type RegisteredChannel } from './register-channel/register-channel.command';
export { RotateChannelSecret, type RotatedSecret } from './rotate-channel-secret/rotate-channel-secret.command';
export { PressSlackButton } from './slack-interactions/press-slack-button.command';
export { SLACK_SIGNATURE_HEADER, SLACK_TIMESTAMP_HEADER } from './slack-interactions/slack-signature';
export { RemoveChannel } from './remove-channel/remove-channel.command';
export { TestChannel } from './test-channel/test-channel.command';
export { GetAlertRuleQuery, ListAlertRulesQuery, type EvaluatedRule } from './list-alert-rules/list-alert-rules.query';
export { GetAlertQuery, ListAlertsQuery, type AlertWithDeliveries, type ListFrom, type ListPage } from './list-alerts/list-alerts.query';
export { ListChannelsQuery, type ShownChannel } from './list-channels/list-channels.query';
export { GetDeliveryQuery, ListDeliveriesQuery } from './list-deliveries/list-deliveries.query';
export { ReplayChannel, ReplayDelivery } from './replay-deliveries/replay-deliveries.command';
export { SetChannelFallback } from './set-channel-fallback/set-channel-fallback.command';
