export { AlertingModule } from './alerting.module';
export { AlertingWorkerModule } from './alerting-worker.module';
export { migrations } from './migrations';
export { events } from './events';

export type { Alert } from './alert';
export type { Delivery } from './delivery';
export { AcknowledgeAlert } from './acknowledge-alert/acknowledge-alert.command';
export { AmendAlertRule } from './amend-alert-rule/amend-alert-rule.command';
export { DefineAlertRule, type RuleContent } from './define-alert-rule/define-alert-rule.command';
export { RetireAlertRule } from './retire-alert-rule/retire-alert-rule.command';
export { RegisterChannel, type ChannelTarget } from './register-channel/register-channel.command';
export { RemoveChannel } from './remove-channel/remove-channel.command';
export { TestChannel } from './test-channel/test-channel.command';
export { GetAlertRuleQuery, ListAlertRulesQuery, type EvaluatedRule } from './list-alert-rules/list-alert-rules.query';
export { GetAlertQuery, ListAlertsQuery, type AlertWithDeliveries, type ListFrom, type ListPage } from './list-alerts/list-alerts.query';
export { ListChannelsQuery, type ShownChannel } from './list-channels/list-channels.query';
export { ListDeliveriesQuery } from './list-deliveries/list-deliveries.query';
