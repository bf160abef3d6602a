import { BUILT_IN_SCHEMES, type ApprovedAssessment, type ApprovedLossRateSet, type DebtorHistory, type FxRate } from '@app/credit-domain';
import {
  FindUnknownDebtorsQuery,
  GetPresentationCurrencyFromLogQuery,
  GetPresentationCurrencyQuery,
  ListEntitiesQuery,
  ReadControlDifferencesQuery,
  ReadDebtorExposureFromLogQuery,
  ReadDebtorExposureQuery,
  ReadDebtorHistoriesFromLogQuery,
  ReadDebtorHistoriesQuery,
  ReadDebtorSpreadQuery,
  ReadExposureFromLogQuery,
  ReadExposureQuery,
  ReadFxRatesFromLogQuery,
  ReadFxRatesQuery,
  ResolveSchemeQuery,
  type ControlDifference,
  type DebtorExposureCell,
  type ExposureCell,
} from '@app/receivables';
import type { QueryBus } from '@nestjs/cqrs';
import type { ProvisionPolicy } from './policy/read-policy';

export const SCHEME = 'months-6-12-24-36-48';

/** Rates of one value for every bucket and segment. */
export function flatRates(rate: string): { segment: string; bucket: string; rate: string }[] {
  return (BUILT_IN_SCHEMES.find(({ id }) => id === SCHEME)?.buckets ?? []).map(({ label }) => ({ segment: '*', bucket: label, rate }));
}

export const cell = (over: Partial<DebtorExposureCell>): DebtorExposureCell => ({
  ...{ debtorId: 'D1', entityId: 'main', kind: 'trade', class: '', segment: 'std', related: false, assessed: false },
  ...{ currency: 'CNY', bucket: 0, amount: 1_000n },
  ...over,
});

export const setFor = (kind: string): ApprovedLossRateSet => ({
  ...{ setId: `set-${kind}`, kind, scheme: SCHEME, effectiveOn: '2024-01-01', approvedAt: 1n, rates: flatRates('0.1') },
});

export const assessmentOf = (debtorId: string): ApprovedAssessment => ({
  ...{ assessmentId: `A-${debtorId}`, debtorId, effectiveOn: '2024-06-01', endsOn: null, kinds: null, entityId: null, lossRate: '0.8' },
  ...{ scenarios: null, scenarioCurrency: null, discountRate: null, reason: 'liquidation', evidence: null, release: false, approvedAt: 2n },
});

/** A policy with nothing approved but what is given. */
export const policyOf = (over: Partial<ProvisionPolicy> = {}): ProvisionPolicy => ({
  ...{
    lossRateSets: [],
    assessments: [],
    stagingPolicies: [],
    stageAssignments: [],
    forwardLookingSets: [],
    overlays: [],
    enhancements: [],
  },
  ...over,
});

export interface FakeBook {
  cells: readonly DebtorExposureCell[];
  fx?: readonly FxRate[];
  debtors?: readonly DebtorHistory[];
  differences?: readonly ControlDifference[];
  /** makes the reading by debtor disagree with the reading by pool. */
  tamper?: bigint;
}

/** Answers for receivables as its queries would; what the book holds can be changed between two questions. */
export function queriesOn(book: FakeBook): QueryBus {
  const answer = (query: unknown): unknown => {
    if (query instanceof GetPresentationCurrencyQuery || query instanceof GetPresentationCurrencyFromLogQuery)
      return query.requested ?? 'CNY';
    if (query instanceof ResolveSchemeQuery) return BUILT_IN_SCHEMES.find(({ id }) => id === query.schemeId);
    if (query instanceof ReadFxRatesQuery || query instanceof ReadFxRatesFromLogQuery) return book.fx ?? [];
    if (query instanceof ListEntitiesQuery)
      return { items: ['main', ...book.cells.map((each) => each.entityId)].map((entityId) => ({ entityId })) };
    if (query instanceof FindUnknownDebtorsQuery)
      return query.debtorIds.filter((id) => book.cells.every(({ debtorId }) => debtorId !== id));
    if (query instanceof ReadExposureQuery || query instanceof ReadExposureFromLogQuery) return poolsOf(book.cells);
    if (query instanceof ReadDebtorExposureQuery || query instanceof ReadDebtorExposureFromLogQuery) {
      return book.cells
        .filter(({ debtorId }) => query.request.debtorIds.includes(debtorId))
        .filter(({ assessed }) => query.request.assessed === undefined || assessed === (query.request.assessed === 'individual'))
        .map((each) => ({ ...each, amount: each.amount + (book.tamper ?? 0n) }));
    }
    if (query instanceof ReadDebtorHistoriesQuery || query instanceof ReadDebtorHistoriesFromLogQuery) return book.debtors ?? [];
    if (query instanceof ReadDebtorSpreadQuery) return null;
    if (query instanceof ReadControlDifferencesQuery) return book.differences ?? [];
    throw new Error('a query nobody expected');
  };
  return { execute: (query: unknown) => Promise.resolve(answer(query)) } as unknown as QueryBus;
}

/** Debtors of one pool are read as one balance. */
function poolsOf(cells: readonly DebtorExposureCell[]): ExposureCell[] {
  const pools = new Map<string, ExposureCell>();
  for (const { debtorId: _, ...pool } of cells) {
    const key = JSON.stringify({ ...pool, amount: null });
    pools.set(key, { ...pool, amount: (pools.get(key)?.amount ?? 0n) + pool.amount });
  }
  return [...pools.values()];
}
