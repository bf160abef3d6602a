import type { ExchangeRate } from '../fx';
import {
  expectedCreditLoss,
  stagesScheme,
  type ApprovedAssessment,
  type ApprovedCreditEnhancement,
  type ApprovedForwardLookingSet,
  type ApprovedOverlay,
  type ApprovedStageAssignment,
  type ApprovedStagingPolicy,
  type CollectiveCell,
  type KindMatrix,
  type KindStages,
  type MeasuredOutcome,
  type ProvisionInput,
  type StageParameters,
} from './index';

export const AS_OF = '2024-12-31';
const LABELS = ['Current', '1-30', 'Over 30'];
const RATES = ['0.01', '0.125', '1'];

export const claim = (over: Partial<CollectiveCell> = {}): CollectiveCell => ({
  ...{ entityId: 'main', kind: 'trade', class: '', related: false, segment: 'std', currency: 'CNY', bucket: 0, amount: 10_000n },
  ...over,
});

export const matrixOf = (over: Partial<KindMatrix> = {}): KindMatrix => ({
  ...{ approach: 'matrix', kind: 'trade', scheme: 'three', bucketLabels: LABELS, forwardLooking: null },
  lossRateSet: {
    ...{ setId: 'rates', kind: 'trade', scheme: 'three', effectiveOn: '2024-01-01' },
    rates: LABELS.map((bucket, index) => ({ segment: '*', bucket, rate: RATES[index] ?? '' })),
  },
  ...over,
});

export const parameters = (over: Partial<StageParameters> = {}): StageParameters => ({
  ...{ class: '*', segment: '*', pd12Months: '0.02', pdLifetime: '0.1', lgd: '0.5' },
  ...{ effectiveRate: null, recoveryMonths: null, term: null },
  ...over,
});

export const stagingPolicy = (over: Partial<ApprovedStagingPolicy> = {}): ApprovedStagingPolicy => ({
  ...{ policyId: 'stages', kind: 'other', effectiveOn: '2024-01-01', sicrDays: 30, defaultDays: 90, rebuttalReason: null },
  ...{ probationDays: 90, parameters: [parameters()], approvedAt: 3n },
  ...over,
});

export const stagesOf = (over: Partial<KindStages> = {}): KindStages => {
  const policy = over.policy ?? stagingPolicy();
  return { approach: 'stages', kind: 'other', scheme: stagesScheme(policy).id, policy, forwardLooking: null, placements: [], ...over };
};

export const assignment = (over: Partial<ApprovedStageAssignment> = {}): ApprovedStageAssignment => ({
  ...{ assignmentId: 'S1', debtorId: 'D1', kinds: null, entityId: null, stage: 3, effectiveOn: '2024-06-01', endsOn: null },
  ...{ reason: 'insolvency filed', approvedAt: 5n },
  ...over,
});

export const scenarios = (over: Partial<ApprovedForwardLookingSet> = {}): ApprovedForwardLookingSet => ({
  ...{
    setId: 'F1',
    kind: 'trade',
    effectiveOn: '2024-01-01',
    keepFullRates: true,
    driverWorsened: null,
    reason: 'outlook',
    approvedAt: 6n,
  },
  scenarios: [
    { name: 'base', weight: '0.6', scalar: '1' },
    { name: 'down', weight: '0.4', scalar: '1.5' },
  ],
  ...over,
});

export const overlay = (over: Partial<ApprovedOverlay> = {}): ApprovedOverlay => ({
  ...{ overlayId: 'O1', kind: 'trade', entityId: null, class: null, segment: null, amount: 500n, currency: 'CNY' },
  ...{ effectiveOn: '2024-12-01', expiresOn: '2025-03-31', reason: 'flood', approvedAt: 7n },
  ...over,
});

export const insurance = (over: Partial<ApprovedCreditEnhancement> = {}): ApprovedCreditEnhancement => ({
  ...{
    enhancementId: 'E1',
    debtorId: 'D1',
    kinds: null,
    entityId: null,
    type: 'insurance',
    integral: true,
    limit: 6_000n,
    currency: 'CNY',
  },
  ...{ coveredShare: '0.9', deductible: 0n, providerLossRate: '0.01', effectiveOn: '2024-01-01', expiresOn: '2024-12-31' },
  ...{ reason: 'credit insurance', approvedAt: 8n },
  ...over,
});

export const assessmentOfDebtor = (over: Partial<ApprovedAssessment> = {}): ApprovedAssessment => ({
  ...{ assessmentId: 'A1', debtorId: 'D9', effectiveOn: '2024-01-01', endsOn: null, kinds: null, entityId: null, lossRate: '0.5' },
  ...{ scenarios: null, scenarioCurrency: null, discountRate: null, reason: 'liquidation', evidence: null, release: false, approvedAt: 4n },
  ...over,
});

const closing = (from: string, numerator: bigint, denominator: bigint): [string, ExchangeRate] => [
  from,
  { from, to: 'CNY', numerator, denominator, path: from === 'CNY' ? [from] : [from, 'CNY'] },
];

export const inputOf = (over: Partial<ProvisionInput> = {}): ProvisionInput => ({
  ...{ asOf: AS_OF, currency: 'CNY', measures: [matrixOf(), stagesOf()] },
  ...{ collective: [], individual: [], assessments: [], overlays: [], enhancements: [] },
  closingRates: new Map([closing('CNY', 1n, 1n), closing('USD', 72n, 10n), closing('JPY', 47n, 1000n)]),
  ...over,
});

export function measured(over: Partial<ProvisionInput>): Extract<MeasuredOutcome, { ok: true }> {
  const outcome = expectedCreditLoss(inputOf(over));
  if (!outcome.ok) throw new Error(outcome.problem.detail);
  return outcome;
}
