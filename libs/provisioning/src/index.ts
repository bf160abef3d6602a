export * from './events';
export {
  ProposeAssessmentCommand,
  ProposeReleaseCommand,
  type AssessmentProposal,
} from './individual-assessments/propose-assessment.command';
export { GetCloseQuery, ListClosesQuery, type CloseSummary } from './closes/closes.query';
export type { CloseState } from './closes/close.fold';
export { RequestCloseCommand } from './closes/request-close.command';
export { ProposeLossRatesCommand, type LossRateProposal } from './loss-rate-sets/propose-loss-rates.command';
export { ApprovePolicyCommand, WithdrawPolicyCommand } from './policy/approve-policy.command';
export type { LossRateEvidence, ProposedLossRates } from './policy/loss-rate-set.fold';
export { ListApprovalsQuery, ListPoliciesQuery, type PolicyView } from './policy/policies.query';
export type { PolicyCollection, PolicyContent } from './policy/policy-types';
export { ProposeStageAssignmentCommand, ProposeStagingPolicyCommand } from './staging/staging.commands';
export { ProposeForwardLookingSetCommand } from './forward-looking/propose-forward-looking-set.command';
export { ProposeOverlayCommand } from './overlays/propose-overlay.command';
export { ProposeCreditEnhancementCommand } from './credit-enhancements/propose-credit-enhancement.command';
export type { ClosedThrough, PeriodClose } from './periods/period-close.fold';
export {
  ApprovePeriodCloseCommand,
  ProposePeriodCloseCommand,
  ProposePeriodReopenCommand,
  type PeriodCloseProposal,
} from './periods/period-closes.command';
export { ListPeriodClosesQuery, type PeriodCloseList } from './periods/period-closes.query';
export { ApproveProvisionRunCommand } from './provision-runs/approve-run.command';
export type { CompletedRun, ProvisionRunState, RunLifecycle } from './provision-runs/provision-run.fold';
export {
  GetProvisionRunQuery,
  ListProvisionRunsQuery,
  type ProvisionRunSummary,
  type ProvisionRunView,
} from './provision-runs/provision-runs.query';
export { RequestProvisionRunCommand, type RunRequest } from './provision-runs/request-run.command';
export { GetDisclosureQuery, type DisclosedRun, type Disclosure } from './disclosure/get-disclosure.query';
export { ProvisioningModule } from './provisioning.module';
export { ProvisioningWorkerModule } from './provisioning-worker.module';
export {
  GetVerificationQuery,
  ProveProvisionRunCommand,
  RequestVerificationCommand,
  type ProvedRun,
  type VerificationView,
} from './verify/request-verification.command';
export { VerifyProvisionRunQuery, type ProvisionRunVerification, type VerificationSource } from './verify/verify-run.query';
export { BackTestLossRatesQuery, type BackTestLine, type LossRateBackTest } from './evidence/back-test.query';
export * from './evidence/evidence.query';
export { ASSESSED_POOLS } from './evidence/book-histories';
export { ProposeEvidenceCommand, type EvidenceProposal } from './evidence/propose-evidence.command';
export {
  LateFactsOfPeriodQuery,
  LateFactsOfRunQuery,
  type LateFactsAnswer,
  type LateFactsPage,
  type WouldHaveBeen,
} from './late-facts/late-facts.query';
export { WhatIfQuery, type WhatIfAnswer } from './what-if/what-if.query';
export {
  GetAllowanceBridgeQuery,
  GetGrossRollForwardQuery,
  ListBridgeReceivablesQuery,
  type AllowanceBridge,
  type BridgeEnds,
  type BridgeReceivable,
  type BridgeReceivables,
  type BridgeRequest,
  type GrossRollForward,
} from './bridge/bridge.queries';
export * from './metrics/metrics.query';
export { GetAccountMappingQuery, SetAccountMappingCommand } from './journal/account-mapping.command';
export {
  GetRunJournalQuery,
  ListRunJournalLinesQuery,
  PostProvisionRunCommand,
  type JournalLineView,
  type RunJournalView,
} from './posting/post-run.command';
export { GetAuditorsPackQuery, ListOpenItemsQuery, type AuditorsPack, type SampleRequest } from './auditors-pack/auditors-pack.query';
export type { OpenItem } from './auditors-pack/open-items';
export { ReadSealedFiguresQuery, type SealedFigures } from './provision-runs/sealed-figures.query';
