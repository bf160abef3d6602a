import { Query } from '@nestjs/cqrs';
import type { AgeingBasis, ReceivableKind } from '@app/credit-domain';

export const AGEING_GROUPINGS = ['total', 'debtor', 'segment', 'currency', 'class', 'related', 'entity', 'kind'] as const;
export type AgeingGrouping = (typeof AGEING_GROUPINGS)[number];

/** Which debtors: all, those left to the matrix, or those individually assessed at the as-of date. */
export const ASSESSED_CHOICES = ['all', 'collective', 'individual'] as const;
export type AssessedChoice = (typeof ASSESSED_CHOICES)[number];

export interface AgeingRequest {
  readonly tenantId: number;
  /** Business date. */
  readonly asOf: string;
  /** RFC 3339; undefined means now. */
  readonly knownAt?: string | undefined;
  /** Undefined means every kind with expected credit losses. */
  readonly kind?: ReceivableKind | undefined;
  readonly scheme?: string | undefined;
  readonly basis?: AgeingBasis | undefined;
  readonly assessed: AssessedChoice;
  readonly groupBy: AgeingGrouping;
  readonly currency?: string | undefined;
}

export interface AgeingGroup {
  readonly key: string;
  /** Minor units of the figure's currency, in the order of the scheme's buckets; they sum to the total. */
  readonly buckets: readonly bigint[];
  readonly total: bigint;
  /** Unapplied cash and credits of these debtors: a liability outside every bucket. Not known by kind or class. */
  readonly creditBalance?: bigint;
}

export interface Ageing {
  readonly asOf: string;
  readonly knownAt: string;
  readonly position: bigint;
  readonly currency: string;
  readonly scheme: string;
  readonly basis: AgeingBasis;
  readonly labels: readonly string[];
  readonly groups: readonly AgeingGroup[];
  readonly creditBalance: bigint;
}

/** The ageing of the book on a date, as known at a moment. */
export class GetAgeingQuery extends Query<Ageing> {
  constructor(readonly request: AgeingRequest) {
    super();
  }
}
