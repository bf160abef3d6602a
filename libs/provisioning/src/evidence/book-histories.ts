import type {
  AgeingBasis,
  ApprovedAssessment,
  Classification,
  DebtorHistory,
  ExchangeRate,
  FxRate,
  LocalDate,
  PointOfView,
  ReceivableHistory,
} from '@app/credit-domain';
import { assessmentInForce, classificationAt, debtorFactAt, findRate, localDate, translate } from '@app/credit-domain';
import type { EventStore, Position } from '@app/event-store';
import { Refusal } from '@app/platform';
import { ReadDebtorHistoriesQuery, ReadFxRatesQuery, walkHistories } from '@app/receivables';
import type { QueryBus } from '@nestjs/cqrs';
import { readPolicy, type ProvisionPolicy } from '../policy/read-policy';

/** Debtors measured by the matrix, by an assessment of their own, or both. */
export const ASSESSED_POOLS = ['all', 'collective', 'individual'] as const;
export type AssessedPool = (typeof ASSESSED_POOLS)[number];

/** The receivables a figure is about. */
export interface PoolFilter {
  readonly kinds: readonly string[];
  /** null = every entity. */
  readonly entityId: string | null;
  /** null = every segment. */
  readonly segment: string | null;
  readonly assessed: AssessedPool;
}

/** A receivable as it stands in the pool on a date. */
export interface PoolMember {
  readonly classification: Classification;
  readonly segment: string;
}

/**
 * The book receivable by receivable as known at one position. Debtors and policy are kept, receivables are streamed: memory stays flat whatever
 * the number of receivables.
 */
export class BookHistories {
  private readonly assessments = new Map<string, ApprovedAssessment[]>();
  private readonly ratesByDate = new Map<string, Promise<readonly FxRate[]>>();

  private constructor(
    private readonly queries: QueryBus,
    readonly tenantId: number,
    readonly position: Position,
    readonly policy: ProvisionPolicy,
    private readonly debtors: ReadonlyMap<bigint, DebtorHistory>,
  ) {
    for (const assessment of policy.assessments) {
      const own = this.assessments.get(assessment.debtorId);
      if (own === undefined) this.assessments.set(assessment.debtorId, [assessment]);
      else own.push(assessment);
    }
  }

  static async open(store: EventStore, queries: QueryBus, tenantId: number, position: Position): Promise<BookHistories> {
    const policy = await store.database.read(tenantId, (tx) => readPolicy(store, tx, position));
    const debtors = await queries.execute(new ReadDebtorHistoriesQuery(tenantId, { position }));
    return new BookHistories(queries, tenantId, position, policy, new Map(debtors.map((debtor) => [debtor.debtorNo, debtor])));
  }

  walk(): AsyncGenerator<readonly ReceivableHistory[]> {
    return walkHistories(this.queries, this.tenantId, { position: this.position });
  }

  /** The receivable as a member of the pool on a date; null when it is not in it, or not recognised yet. */
  memberAt(history: ReceivableHistory, filter: PoolFilter, asOf: string): PoolMember | null {
    const at: PointOfView = { asOf, position: this.position };
    if (history.recognisedOn > asOf) return null;
    const classification = classificationAt(history, at);
    if (classification === null || !filter.kinds.includes(classification.kind)) return null;
    if (filter.entityId !== null && classification.entityId !== filter.entityId) return null;
    const segment = this.segmentAt(history, asOf);
    if (filter.segment !== null && segment !== filter.segment) return null;
    if (filter.assessed !== 'all' && (this.assessmentAt(history, classification, asOf) !== null) !== (filter.assessed === 'individual'))
      return null;
    return { classification, segment };
  }

  segmentAt({ debtorNo }: ReceivableHistory, asOf: string): string {
    const debtor = this.debtors.get(debtorNo);
    return debtor === undefined ? '' : (debtorFactAt(debtor, { asOf, position: this.position })?.segment ?? '');
  }

  assessmentAt({ debtorId }: ReceivableHistory, { entityId, kind }: Classification, asOf: string): ApprovedAssessment | null {
    const own = this.assessments.get(debtorId);
    return own === undefined ? null : assessmentInForce(own, { debtorId, entityId, kind, asOf });
  }

  /** A translation into `currency` at the rates in force on a date; refused `fx-rate-missing` naming the pair and the date. */
  async translation(date: string, currency: string): Promise<(minor: bigint, from: string) => bigint> {
    const rateOf = await this.exchange(date, currency);
    return (minor, from) => (from === currency || minor === 0n ? minor : translate(minor, rateOf(from)));
  }

  /** The rates into `currency` in force on a date; refused `fx-rate-missing` naming the pair and the date. */
  async exchange(date: string, currency: string): Promise<(from: string) => ExchangeRate> {
    const known =
      this.ratesByDate.get(date) ?? this.queries.execute(new ReadFxRatesQuery(this.tenantId, { asOf: date, position: this.position }));
    this.ratesByDate.set(date, known);
    const rates = await known;
    const found = new Map<string, ExchangeRate>();
    return (from) => {
      const before = found.get(from);
      if (before !== undefined) return before;
      const looked = findRate(rates, from, currency, localDate(date));
      if (!looked.ok) throw new Refusal(looked.refused.code, looked.refused.detail, [{ field: 'currency' }]);
      found.set(from, looked.rate);
      return looked.rate;
    };
  }
}

/** The date the age of a receivable is counted from; null = never past due. */
export function anchorOf(history: ReceivableHistory, { invoicedOn, dueOn }: Classification, basis: AgeingBasis): LocalDate | null {
  switch (basis) {
    case 'recognition':
      return localDate(history.recognisedOn);
    case 'invoice':
      return localDate(invoicedOn);
    case 'due':
      return dueOn === null ? null : localDate(dueOn);
  }
}
