import { Module } from '@nestjs/common';
import { CollectionsModule } from '@app/collections';
import { DunningLettersController } from './dunning-letters.controller';
import { DunningPoliciesController } from './dunning-policies.controller';
import { DunningRunsController } from './dunning-runs.controller';
import { LimitsController } from './limits.controller';

@Module({
  imports: [CollectionsModule],
  controllers: [LimitsController, DunningPoliciesController, DunningRunsController, DunningLettersController],
})
export class CollectionsHttpModule {}
