import { Module } from '@nestjs/common';
import { AlertingModule } from '@app/alerting';
import { AlertRulesController } from './alert-rules.controller';
import { AlertsController } from './alerts.controller';
import { BackTestController } from './back-test.controller';
import { ChannelsController } from './channels.controller';
import { DeliveriesController } from './deliveries.controller';
import { DigestsController } from './digests.controller';
import { SlackController } from './slack.controller';

@Module({
  imports: [AlertingModule],
  controllers: [
    BackTestController,
    AlertRulesController,
    AlertsController,
    ChannelsController,
    DeliveriesController,
    DigestsController,
    SlackController,
  ],
})
export class AlertingHttpModule {}
