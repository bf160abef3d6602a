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
  VerifyProvisionRunQuery,
  type ProvisionRunSummary,
  type ProvisionRunVerification,
  type ProvisionRunView,
} from './provision-runs/provision-runs.query';
export { RequestProvisionRunCommand, type RunRequest } from './provision-runs/request-run.command';
export { ProvisioningModule } from './provisioning.module';
export { ProvisioningWorkerModule } from './provisioning-worker.module';
