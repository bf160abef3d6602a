import { Module } from '@nestjs/common';
import { GetAuditorsPackHandler, ListOpenItemsHandler } from './auditors-pack/auditors-pack.handlers';
import { ProvisionCalculator } from './calculate/provision-calculator';
import { GetDisclosureHandler } from './disclosure/get-disclosure.handler';
import { GetCloseHandler, ListClosesHandler } from './closes/closes.handler';
import { RequestCloseHandler } from './closes/request-close.handler';
import { ProposeAssessmentHandler, ProposeReleaseHandler } from './individual-assessments/propose-assessment.handler';
import { ProposeLossRatesHandler } from './loss-rate-sets/propose-loss-rates.handler';
import { ApprovePeriodCloseHandler, ProposePeriodCloseHandler, ProposePeriodReopenHandler } from './periods/decide-period-close.handler';
import { ListPeriodClosesHandler } from './periods/period-closes.handler';
import { LateFactsOfPeriodHandler, LateFactsOfRunHandler, LateFactsReader } from './late-facts/late-facts.handlers';
import { ApproveProvisionRunHandler } from './provision-runs/approve-run.handler';
import { ApprovePolicyHandler, WithdrawPolicyHandler } from './policy/approve-policy.handler';
import { ListApprovalsHandler, ListPoliciesHandler } from './policy/policies.handler';
import { ProposeStageAssignmentHandler, ProposeStagingPolicyHandler } from './staging/staging.handlers';
import { ProposeForwardLookingSetHandler } from './forward-looking/propose-forward-looking-set.handler';
import { ProposeOverlayHandler } from './overlays/propose-overlay.handler';
import { ProposeCreditEnhancementHandler } from './credit-enhancements/propose-credit-enhancement.handler';
import { ListProvisionRunsHandler } from './provision-runs/list-provision-runs.handler';
import { GetProvisionRunHandler } from './provision-runs/provision-runs.handler';
import { ReadSealedFiguresHandler } from './provision-runs/sealed-figures.handler';
import { RequestProvisionRunHandler } from './provision-runs/request-run.handler';
import {
  GetVerificationHandler,
  ProveProvisionRunHandler,
  RequestVerificationHandler,
  VerifyProvisionRunHandler,
} from './verify/verification.handlers';
import { BackTestLossRatesHandler } from './evidence/back-test.handler';
import { GetLossRateEvidenceHandler, ListEvidenceReceivablesHandler } from './evidence/evidence.handlers';
import { ProposeEvidenceHandler } from './evidence/propose-evidence.handler';
import { GetForwardAgeingHandler } from './metrics/forward-ageing.handler';
import { GetMetricsHandler } from './metrics/metrics.handler';
import { WhatIfHandler } from './what-if/what-if.handler';
import { GetAccountMappingHandler, SetAccountMappingHandler } from './journal/account-mapping.handlers';
import { GetRunJournalHandler, ListRunJournalLinesHandler, PostProvisionRunHandler } from './posting/post-run.handlers';
import { RunJournal } from './posting/run-journal';
import { BridgePoints } from './bridge/bridge-point';
import { GetAllowanceBridgeHandler, GetGrossRollForwardHandler, ListBridgeReceivablesHandler } from './bridge/bridge.handlers';
import { Bridges } from './bridge/bridges';
import { BridgeBuilder } from './bridge/build-bridge';

/** Commands and queries of provisioning. The module of receivables answers its questions about the book over the query bus. */
@Module({
  providers: [
    ProvisionCalculator,
    GetLossRateEvidenceHandler,
    ListEvidenceReceivablesHandler,
    ProposeEvidenceHandler,
    BackTestLossRatesHandler,
    GetMetricsHandler,
    GetForwardAgeingHandler,
    ProposeLossRatesHandler,
    ProposeAssessmentHandler,
    ProposeReleaseHandler,
    ProposeStagingPolicyHandler,
    ProposeStageAssignmentHandler,
    ProposeForwardLookingSetHandler,
    ProposeOverlayHandler,
    ProposeCreditEnhancementHandler,
    ApprovePolicyHandler,
    WithdrawPolicyHandler,
    ListPoliciesHandler,
    ListApprovalsHandler,
    ReadSealedFiguresHandler,
    RequestProvisionRunHandler,
    ApproveProvisionRunHandler,
    ProposePeriodCloseHandler,
    ApprovePeriodCloseHandler,
    ProposePeriodReopenHandler,
    ListPeriodClosesHandler,
    GetProvisionRunHandler,
    GetDisclosureHandler,
    ListProvisionRunsHandler,
    VerifyProvisionRunHandler,
    RequestVerificationHandler,
    ProveProvisionRunHandler,
    GetVerificationHandler,
    GetAuditorsPackHandler,
    ListOpenItemsHandler,
    LateFactsReader,
    LateFactsOfRunHandler,
    LateFactsOfPeriodHandler,
    RequestCloseHandler,
    GetCloseHandler,
    ListClosesHandler,
    WhatIfHandler,
    BridgePoints,
    BridgeBuilder,
    Bridges,
    GetAllowanceBridgeHandler,
    GetGrossRollForwardHandler,
    ListBridgeReceivablesHandler,
    RunJournal,
    SetAccountMappingHandler,
    GetAccountMappingHandler,
    PostProvisionRunHandler,
    GetRunJournalHandler,
    ListRunJournalLinesHandler,
  ],
  exports: [RunJournal, ProvisionCalculator],
})
export class ProvisioningModule {}
