import {
  BUILT_IN_SCHEMES,
  type Classification,
  type DebtorHistory,
  type FxRate,
  type HistoryStep,
  type ReceivableHistory,
} from '@app/credit-domain';
import {
  GetPresentationCurrencyQuery,
  ReadDebtorHistoriesQuery,
  ReadFxRatesQuery,
  ReadReceivableHistoriesQuery,
  ReadUnappliedCashQuery,
  ResolveSchemeQuery,
  type UnappliedCash,
} from '@app/receivables';
import type { QueryBus } from '@nestjs/cqrs';

/** A book of a few receivables that answers as receivables does, in pages of two. */
export interface FakeHistories {
  readonly receivables: readonly ReceivableHistory[];
  readonly segments?: Readonly<Record<string, string>>;
  readonly fx?: readonly FxRate[];
  readonly cash?: readonly UnappliedCash[];
}
const PAGE = 2;

let made = 0n;
/** A receivable recognised and due on one day, recorded at position 1. */
export function receivable(
  receivableId: string,
  recognisedOn: string,
  amount: bigint,
  steps: readonly (readonly [type: string, on: string, gross: bigint, more?: Partial<HistoryStep>])[] = [],
  over: Partial<ReceivableHistory> & {
    readonly kind?: string;
    readonly dueOn?: string | null;
    readonly later?: readonly Classification[];
  } = {},
): ReceivableHistory {
  made += 1n;
  const { kind = 'trade', dueOn = recognisedOn, later = [], ...rest } = over;
  const first = { effectiveOn: recognisedOn, position: 1n, entityId: 'main', kind, class: '', invoicedOn: recognisedOn, dueOn };
  return {
    ...{ receivableNo: made, receivableId, debtorNo: 1n, debtorId: 'D1', currency: 'CNY', amount, taxAmount: null, recognisedOn },
    ...{ takenOn: null, documentNo: receivableId, position: 1n, classifications: [first, ...later] },
    steps: steps.map(([type, effectiveOn, gross, more], index) => ({
      ...{ movementId: `${receivableId}-${String(index)}`, type, effectiveOn, gross, credit: 0n, recovered: 0n, position: 1n },
      ...more,
    })),
    ...rest,
  };
}

export function busOf(book: FakeHistories, schemes = BUILT_IN_SCHEMES): QueryBus {
  const answer = (query: unknown): unknown => {
    if (query instanceof GetPresentationCurrencyQuery) return query.requested ?? 'CNY';
    if (query instanceof ResolveSchemeQuery) return schemes.find(({ id }) => id === query.schemeId);
    if (query instanceof ReadFxRatesQuery) return (book.fx ?? []).filter(({ effectiveOn }) => effectiveOn <= query.request.asOf);
    if (query instanceof ReadUnappliedCashQuery) return book.cash ?? [];
    if (query instanceof ReadDebtorHistoriesQuery) return debtorsOf(book);
    if (query instanceof ReadReceivableHistoriesQuery) {
      const { after = 0n } = query.request;
      const rest = book.receivables.filter(({ receivableNo }) => receivableNo > after);
      return { items: rest.slice(0, PAGE), next: rest.length > PAGE ? (rest[PAGE - 1]?.receivableNo ?? null) : null };
    }
    throw new Error('a query nobody expected');
  };
  return { execute: (query: unknown) => Promise.resolve(answer(query)) } as unknown as QueryBus;
}

function debtorsOf({ receivables, segments = {} }: FakeHistories): DebtorHistory[] {
  const ids = new Map(receivables.map(({ debtorNo, debtorId }) => [debtorNo, debtorId]));
  return [...ids].map(([debtorNo, debtorId]) => ({
    ...{ debtorNo, debtorId },
    facts: [
      {
        effectiveOn: '2020-01-01',
        position: 0n,
        segment: segments[debtorId] ?? 'std',
        relatedParty: false,
        creditImpaired: false,
        country: null,
      },
    ],
  }));
}
