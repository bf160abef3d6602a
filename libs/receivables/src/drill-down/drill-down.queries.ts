import { Query } from '@nestjs/cqrs';
import type { JsonObject, StoredEvent } from '@app/event-store';

/** A figure opened: from a debtor to its receivables to the events behind each. All at (asOf, knownAt). */
export interface PointInTime {
  readonly tenantId: number;
  readonly asOf: string;
  readonly knownAt?: string | undefined;
}

export interface Known {
  readonly asOf: string;
  readonly knownAt: string;
  readonly position: bigint;
}

export interface ReceivableBalance {
  readonly receivableId: string;
  readonly debtorId: string;
  readonly entityId: string;
  readonly kind: string;
  readonly class: string;
  readonly currency: string;
  /** Minor units: as recognised, and still owed at the as-of date. */
  readonly amount: bigint;
  readonly outstanding: bigint;
  readonly recognisedOn: string;
  readonly invoicedOn: string;
  /** null: payable on demand. */
  readonly dueOn: string | null;
  /** Days past due at the as-of date; zero on the due date, before it and once nothing is owed; null when payable on demand. */
  readonly daysPastDue: number | null;
  readonly documentNo: string | null;
  /** taken over from another system without its history on this day; null for everything else. */
  readonly takenOn: string | null;
}

export interface DebtorView extends Known {
  readonly debtorId: string;
  /** null once erased. */
  readonly name: string | null;
  readonly personal: JsonObject | null;
  readonly segment: string;
  readonly relatedParty: boolean;
  readonly country: string | null;
  readonly termsDays: number | null;
  /** evidence of default on the date (IFRS 9 Appendix A). */
  readonly creditImpaired: boolean;
  readonly creditLimit: { readonly minor: bigint; readonly currency: string } | null;
  readonly individuallyAssessed: boolean;
  readonly balances: readonly {
    readonly entityId: string;
    readonly kind: string;
    readonly currency: string;
    readonly outstanding: bigint;
  }[];
  readonly creditBalances: readonly { readonly entityId: string; readonly currency: string; readonly amount: bigint }[];
}

/** What a receivable is taken for from a day on. Its age counts on from recognition whatever it becomes. */
export interface ClassificationView {
  /** null: its recognition. */
  readonly movementId: string | null;
  readonly effectiveOn: string;
  readonly position: bigint;
  readonly entityId: string;
  readonly kind: string;
  readonly class: string;
  readonly invoicedOn: string;
  readonly dueOn: string | null;
  readonly documentNo: string;
}

export interface ReceivableView extends Known, ReceivableBalance {
  /** in order of their dates, the recognition first; the last one is in force. */
  readonly classifications: readonly ClassificationView[];
  readonly movements: readonly {
    readonly movementId: string;
    readonly type: string;
    readonly effectiveOn: string;
    readonly gross: bigint;
    readonly credit: bigint;
    readonly recovered: bigint;
    readonly position: bigint;
  }[];
}

/** Refused `debtor-not-found`. */
export class GetDebtorQuery extends Query<DebtorView> {
  constructor(
    readonly at: PointInTime,
    readonly debtorId: string,
  ) {
    super();
  }
}

/** The receivables of a debtor with a balance at the as-of date, a page in the order of their ids. Refused `debtor-not-found`. */
export class ListDebtorReceivablesQuery extends Query<Known & { readonly items: ReceivableBalance[]; readonly hasMore: boolean }> {
  constructor(
    readonly at: PointInTime,
    readonly debtorId: string,
    readonly page: { readonly after?: string | undefined; readonly limit: number },
  ) {
    super();
  }
}

/** Refused `receivable-not-found`. */
export class GetReceivableQuery extends Query<ReceivableView> {
  constructor(
    readonly at: PointInTime,
    readonly receivableId: string,
  ) {
    super();
  }
}

/** The events of a receivable up to a moment of knowledge, in order. Refused `receivable-not-found`. */
export class ListReceivableEventsQuery extends Query<StoredEvent[]> {
  constructor(
    readonly tenantId: number,
    readonly receivableId: string,
    readonly knownAt: string | undefined,
  ) {
    super();
  }
}
