import { ProvisioningModule } from '@app/provisioning';
import { Module } from '@nestjs/common';
import { ClosesController } from './closes.controller';
import { DisclosureController } from './disclosure.controller';
import { IndividualAssessmentsController } from './individual-assessments.controller';
import { LossRateSetsController } from './loss-rate-sets.controller';
import { PeriodClosesController } from './period-closes.controller';
import { ProvisionRunsController } from './provision-runs.controller';
import { VerificationsController } from './verifications.controller';

@Module({
  imports: [ProvisioningModule],
  controllers: [
    LossRateSetsController,
    IndividualAssessmentsController,
    ProvisionRunsController,
    ClosesController,
    DisclosureController,
    PeriodClosesController,
    VerificationsController,
  ],
})
export class ProvisioningHttpModule {}
