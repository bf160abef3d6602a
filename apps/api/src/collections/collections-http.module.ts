import { Module } from '@nestjs/common';
import { CollectionsModule } from '@app/collections';
import { ActivitiesController } from './activities.controller';
import { ChasingController } from './chasing.controller';
import { DisputesController } from './disputes.controller';
import { PaymentPlansController } from './payment-plans.controller';
import { PromisesController } from './promises.controller';
import { TimelineController } from './timeline.controller';
import { DunningLettersController } from './dunning-letters.controller';
import { DunningPoliciesController } from './dunning-policies.controller';
import { DunningRunsController } from './dunning-runs.controller';
import { LimitsController } from './limits.controller';
import { WorklistController } from './worklist.controller';

@Module({
  imports: [CollectionsModule],
  controllers: [
    ActivitiesController,
    PromisesController,
    DisputesController,
    PaymentPlansController,
    ChasingController,
    TimelineController,
    LimitsController,
    DunningPoliciesController,
    DunningRunsController,
    DunningLettersController,
    WorklistController,
  ],
})
export class CollectionsHttpModule {}
