import { Module } from '@nestjs/common';
import { ProvisionCalculator } from './calculate/provision-calculator';
import { GetCloseHandler, ListClosesHandler } from './closes/closes.handler';
import { RequestCloseHandler } from './closes/request-close.handler';
import { ApproveAssessmentHandler } from './individual-assessments/approve-assessment.handler';
import { ListIndividualAssessmentsHandler } from './individual-assessments/individual-assessments.handler';
import { ProposeAssessmentHandler, ProposeReleaseHandler } from './individual-assessments/propose-assessment.handler';
import { ApproveLossRatesHandler } from './loss-rate-sets/approve-loss-rates.handler';
import { ListLossRateSetsHandler } from './loss-rate-sets/loss-rate-sets.handler';
import { ProposeLossRatesHandler } from './loss-rate-sets/propose-loss-rates.handler';
import { ApprovePeriodCloseHandler, ProposePeriodCloseHandler, ProposePeriodReopenHandler } from './periods/decide-period-close.handler';
import { ListPeriodClosesHandler } from './periods/period-closes.handler';
import { ApproveProvisionRunHandler } from './provision-runs/approve-run.handler';
import { ListProvisionRunsHandler } from './provision-runs/list-provision-runs.handler';
import { GetProvisionRunHandler, VerifyProvisionRunHandler } from './provision-runs/provision-runs.handler';
import { RequestProvisionRunHandler } from './provision-runs/request-run.handler';

/** Commands and queries of provisioning. The module of receivables answers its questions about the book over the query bus. */
@Module({
  providers: [
    ProvisionCalculator,
    ProposeLossRatesHandler,
    ApproveLossRatesHandler,
    ListLossRateSetsHandler,
    ProposeAssessmentHandler,
    ProposeReleaseHandler,
    ApproveAssessmentHandler,
    ListIndividualAssessmentsHandler,
    RequestProvisionRunHandler,
    ApproveProvisionRunHandler,
    ProposePeriodCloseHandler,
    ApprovePeriodCloseHandler,
    ProposePeriodReopenHandler,
    ListPeriodClosesHandler,
    GetProvisionRunHandler,
    ListProvisionRunsHandler,
    VerifyProvisionRunHandler,
    RequestCloseHandler,
    GetCloseHandler,
    ListClosesHandler,
  ],
  exports: [ProvisionCalculator],
})
export class ProvisioningModule {}
