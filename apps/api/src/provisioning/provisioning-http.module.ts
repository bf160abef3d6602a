import { ProvisioningModule } from '@app/provisioning';
import { Module } from '@nestjs/common';
import { ApprovalsController } from './approvals.controller';
import { BridgeController } from './bridge.controller';
import { AuditorsPackController } from './auditors-pack.controller';
import { ClosesController } from './closes.controller';
import { CreditEnhancementsController } from './credit-enhancements.controller';
import { ForwardLookingSetsController } from './forward-looking-sets.controller';
import { DisclosureController } from './disclosure.controller';
import { BackTestController, EvidenceController } from './evidence.controller';
import { IndividualAssessmentsController } from './individual-assessments.controller';
import { JournalController } from './journal.controller';
import { LateFactsController } from './late-facts.controller';
import { LossRateSetsController } from './loss-rate-sets.controller';
import { MetricsController } from './metrics.controller';
import { OverlaysController } from './overlays.controller';
import { PeriodClosesController } from './period-closes.controller';
import { ProvisionRunsController } from './provision-runs.controller';
import { VerificationsController } from './verifications.controller';
import { StageAssignmentsController, StagingPoliciesController } from './staging.controllers';
import { WhatIfController } from './what-if.controller';

@Module({
  imports: [ProvisioningModule],
  controllers: [
    LossRateSetsController,
    IndividualAssessmentsController,
    StagingPoliciesController,
    StageAssignmentsController,
    ForwardLookingSetsController,
    OverlaysController,
    CreditEnhancementsController,
    ApprovalsController,
    ProvisionRunsController,
    ClosesController,
    DisclosureController,
    PeriodClosesController,
    VerificationsController,
    EvidenceController,
    BackTestController,
    MetricsController,
    LateFactsController,
    WhatIfController,
    BridgeController,
    JournalController,
    AuditorsPackController,
  ],
})
export class ProvisioningHttpModule {}
