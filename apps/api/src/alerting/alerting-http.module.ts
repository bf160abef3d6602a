import { Module } from '@nestjs/common';
import { AlertingModule } from '@app/alerting';
import { AlertRulesController } from './alert-rules.controller';
import { AlertsController } from './alerts.controller';
import { ChannelsController } from './channels.controller';
import { DeliveriesController } from './deliveries.controller';

@Module({ imports: [AlertingModule], controllers: [AlertRulesController, AlertsController, ChannelsController, DeliveriesController] })
export class AlertingHttpModule {}
