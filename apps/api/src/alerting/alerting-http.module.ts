import { Module } from '@nestjs/common';
import { AlertingModule } from '@app/alerting';
import { AlertGroupsController } from './alert-groups.controller';
import { AlertRulesController } from './alert-rules.controller';
import { AlertsController } from './alerts.controller';
import { BackTestController } from './back-test.controller';
import { ChannelsController } from './channels.controller';
import { DeliveriesController } from './deliveries.controller';
import { DigestsController } from './digests.controller';
import { NotificationPolicyController } from './notification-policy.controller';
import { SilencesController } from './silences.controller';
import { SlackController } from './slack.controller';

@Module({
  imports: [AlertingModule],
  controllers: [
    BackTestController,
    AlertRulesController,
    AlertsController,
    AlertGroupsController,
    SilencesController,
    NotificationPolicyController,
    ChannelsController,
    DeliveriesController,
    DigestsController,
    SlackController,
  ],
})
export class AlertingHttpModule {}
