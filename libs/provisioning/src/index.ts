export * from './events';
export { ApproveAssessmentCommand } from './individual-assessments/approve-assessment.command';
export {
  ListIndividualAssessmentsQuery,
  type IndividualAssessmentList,
  type IndividualAssessmentView,
} from './individual-assessments/individual-assessments.query';
export {
  ProposeAssessmentCommand,
  ProposeReleaseCommand,
  type AssessmentProposal,
} from './individual-assessments/propose-assessment.command';
export { GetCloseQuery, ListClosesQuery, type CloseSummary } from './closes/closes.query';
export type { CloseState } from './closes/close.fold';
export { RequestCloseCommand } from './closes/request-close.command';
export { ApproveLossRatesCommand } from './loss-rate-sets/approve-loss-rates.command';
export { ListLossRateSetsQuery, type LossRateSetList, type LossRateSetView } from './loss-rate-sets/loss-rate-sets.query';
export { ProposeLossRatesCommand, type LossRateProposal } from './loss-rate-sets/propose-loss-rates.command';
export type { ProvisionRunState } from './provision-runs/provision-run.fold';
export {
  GetProvisionRunQuery,
  ListProvisionRunsQuery,
  VerifyProvisionRunQuery,
  type ProvisionRunSummary,
  type ProvisionRunVerification,
} from './provision-runs/provision-runs.query';
export { RequestProvisionRunCommand, type RunRequest } from './provision-runs/request-run.command';
export { ProvisioningModule } from './provisioning.module';
export { ProvisioningWorkerModule } from './provisioning-worker.module';
