import { builtInScheme } from '@app/credit-domain';
import { DEBTOR } from './random-book';

/** A policy as it is proposed; `release` names the id of the assessment that ends. */
export interface Proposal {
  readonly path: string;
  readonly body: object;
}

const SCHEME = 'months-6-12-24-36-48';
const OTHER_SCHEME = 'days-past-due-30-60-90';
const RELEASED_ASSESSMENT = 'released-later';
const since = (effectiveOn: string) => ({ effectiveOn, reason: 'random' });

/** What two people agreed on before the opening run: every sort of policy, some of which end in the period. */
export const OPENING_POLICIES: readonly Proposal[] = [
  ...['trade', 'note_commercial', 'contract_asset', 'long_term'].map((kind) =>
    rates(kind, '2019-01-01', ['0.0031', '0.0417', '0.1953', '0.4011', '0.7499', '1']),
  ),
  staging('other', '2019-01-01'),
  scenarios('trade', '2019-06-01', '1.1'),
  assessment(DEBTOR.assessedByScenarios, '2023-05-17', cashFlows('0.06', '2025-03-31', '21000.00')),
  assessment(DEBTOR.released, '2022-01-01', { id: RELEASED_ASSESSMENT, lossRate: '0.83' }),
  overlay('trade', ['2023-10-01', '2024-03-31'], '4321.09'),
  overlay('other', ['2023-10-01', '2026-12-31'], '-55.55', { segment: 'north' }),
  cover(DEBTOR.covered, ['2023-01-01', '2024-06-29'], { limit: { amount: '9000.00', currency: 'CNY' }, coveredShare: '0.9' }),
  stageOf(DEBTOR.inStage3, 3, { effectiveOn: '2023-06-01', endsOn: '2024-04-30' }),
];

/** What changed in the period: each sort of policy begins, ends or gives way to another. */
export const LATER_POLICIES: readonly Proposal[] = [
  rates('trade', '2024-07-01', ['0.0062', '0.0523', '0.2111', '0.3907', '0.8', '1']),
  rates('note_commercial', '2024-03-01', ['0.011', '0.09', '0.31', '0.6666'], OTHER_SCHEME),
  staging('long_term', '2024-05-01'),
  scenarios('trade', '2024-07-01', '1.5'),
  scenarios('other', '2024-04-01', '0.8'),
  assessment(DEBTOR.assessedByScenarios, '2024-05-17', cashFlows('0.071', '2026-09-30', '16000.00')),
  assessment(DEBTOR.assessedInPeriod, '2024-05-17', { lossRate: '0.71' }),
  { path: `/v1/individual-assessments/${RELEASED_ASSESSMENT}/release`, body: since('2024-09-01') },
  overlay('trade', ['2024-04-01', '2025-12-31'], '-1234.56', { entityId: 'us' }),
  overlay('trade', ['2024-10-01', '2025-06-30'], '777.77', { currency: 'USD' }),
  cover(DEBTOR.covered, ['2024-06-30', '2026-12-31'], { deductible: { amount: '500.00', currency: 'USD' }, coveredShare: '0.75' }),
  cover(DEBTOR.coveredInPeriod, ['2024-02-01', '2025-12-31'], { currency: 'CNY', coveredShare: '1' }),
  stageOf(DEBTOR.inStage2, 2, { effectiveOn: '2024-06-01' }),
];

function rates(kind: string, effectiveOn: string, each: readonly string[], scheme = SCHEME): Proposal {
  const labels = builtInScheme(scheme)?.buckets.map(({ label }) => label) ?? [];
  return {
    path: '/v1/loss-rate-sets',
    body: { kind, scheme, effectiveOn, rates: labels.map((bucket, index) => ({ segment: '*', bucket, rate: each[index] ?? each.at(-1) })) },
  };
}

function staging(kind: string, effectiveOn: string): Proposal {
  return {
    path: '/v1/staging-policies',
    body: {
      ...{ kind, effectiveOn, sicrDays: 30, defaultDays: 90, probationDays: 60 },
      parameters: [
        { class: '*', segment: '*', pd12Months: '0.021', pdLifetime: '0.17', lgd: '0.62', effectiveRate: '0.0475', recoveryMonths: 9 },
        { class: 'a', segment: '*', pd12Months: '0.05', pdLifetime: '0.31', lgd: '0.8' },
      ],
    },
  };
}

function scenarios(kind: string, effectiveOn: string, adverse: string): Proposal {
  return {
    path: '/v1/forward-looking-sets',
    body: {
      ...{ kind, keepFullRates: true, ...since(effectiveOn) },
      scenarios: [
        { name: 'base', weight: '0.6', scalar: '1' },
        { name: 'adverse', weight: '0.4', scalar: adverse },
      ],
    },
  };
}

function assessment(debtorId: string, effectiveOn: string, measured: object): Proposal {
  return { path: '/v1/individual-assessments', body: { debtorId, ...since(effectiveOn), ...measured } };
}

function cashFlows(discountRate: string, on: string, amount: string): object {
  return {
    ...{ discountRate, currency: 'CNY' },
    scenarios: [
      { probability: '0.7', cashFlows: [{ on, amount }] },
      { probability: '0.3', cashFlows: [] },
    ],
  };
}

function overlay(
  kind: string,
  [effectiveOn, expiresOn]: readonly [string, string],
  amount: string,
  { currency = 'CNY', ...scope }: { readonly currency?: string; readonly entityId?: string; readonly segment?: string } = {},
): Proposal {
  return { path: '/v1/overlays', body: { kind, ...scope, amount: { amount, currency }, expiresOn, ...since(effectiveOn) } };
}

function cover(debtorId: string, [effectiveOn, expiresOn]: readonly [string, string], terms: object): Proposal {
  const body = { debtorId, type: 'insurance', integral: true, providerLossRate: '0.01', expiresOn, ...since(effectiveOn), ...terms };
  return { path: '/v1/credit-enhancements', body };
}

function stageOf(debtorId: string, stage: 2 | 3, dates: { readonly effectiveOn: string; readonly endsOn?: string }): Proposal {
  return { path: '/v1/stage-assignments', body: { debtorId, stage, reason: 'random', ...dates } };
}
