export { evaluateBrokenPromise, type UnkeptPromise } from './broken-promise.signal';
export { evaluateCreditLimit, type LimitedExposure } from './credit-limit.signal';
export { evaluateFailedJob, type FailedWork } from './failed-job.signal';
export { evaluateBrokenChain, evaluateProjectionDrift, type ChainVerification, type ProjectionComparison } from './integrity.signals';
export { evaluateOverdueDebtor, type DebtorOverdue } from './overdue-debtor.signal';
export * from './signal-definition';
export type { SignalDay, SignalOutcome } from './signal-outcome';
export { evaluateStaleFeed } from './stale-feed.signal';
