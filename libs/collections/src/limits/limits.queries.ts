import { Query } from '@nestjs/cqrs';
import type { CreditExposure, LimitBand } from '@app/credit-domain';
import type { Position } from '@app/event-store';

export interface ExposuresRequest {
  readonly asOf: string;
  /** Left out = what is known now; `position` pins it exactly and wins. */
  readonly knownAt?: string | undefined;
  readonly position?: Position | undefined;
  /** Only debtors (groups) in one of these bands; left out = also those without a limit. */
  readonly bands?: readonly LimitBand[] | undefined;
  /** So many debtors after this id, in the order of their ids; left out = all of them. Groups come whole. */
  readonly page?: { readonly after: string; readonly limit: number } | undefined;
}

export interface CreditHold {
  readonly debtorId: string;
  readonly since: string;
  readonly pausesDunning: boolean;
  /** Null once the debtor is erased. */
  readonly reason: string | null;
  readonly principalId: string;
  readonly position: Position;
}

export interface DebtorCreditExposure {
  readonly debtorId: string;
  readonly segment: string;
  /** Across all entities, in the currency of the limit. */
  readonly credit: CreditExposure;
  readonly hold: CreditHold | null;
}

export interface GroupCreditExposure {
  readonly groupId: string;
  readonly name: string;
  readonly members: readonly string[];
  readonly credit: CreditExposure;
}

export interface CreditExposures {
  readonly asOf: string;
  readonly knownAt: string;
  readonly position: Position;
  readonly debtors: readonly DebtorCreditExposure[];
  readonly groups: readonly GroupCreditExposure[];
  /** False on the last page. */
  readonly hasMore: boolean;
}

/**
 * What debtors and groups use of their credit limits at (asOf, knownAt). A rate that is missing is named where it is needed and hides nobody
 * else's figures. Debtors come in the order of their ids.
 */
export class ReadCreditExposuresQuery extends Query<CreditExposures> {
  constructor(
    readonly tenantId: number,
    readonly request: ExposuresRequest,
  ) {
    super();
  }
}

export interface DebtorGroup {
  readonly groupId: string;
  readonly name: string;
  readonly members: readonly string[];
  readonly limit: { readonly minor: bigint; readonly currency: string } | null;
  readonly effectiveOn: string;
  readonly streamVersion: number;
}

/** The groups in force at (asOf, knownAt). */
export class ListDebtorGroupsQuery extends Query<readonly DebtorGroup[]> {
  constructor(
    readonly tenantId: number,
    readonly at: { readonly asOf: string; readonly knownAt?: string | undefined },
  ) {
    super();
  }
}
