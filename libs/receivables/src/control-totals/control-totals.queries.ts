import { Query } from '@nestjs/cqrs';
import type { Position } from '@app/event-store';
import type { Known } from '../drill-down/drill-down.queries';

/**
 * What another ledger says an account comes to against what the book owes, at one point of view. Amounts in minor units of the currency.
 * Where several accounts are stated for one entity, kind and currency, the book cannot be told apart between them: they stand in one row,
 * their names joined by ` + `.
 */
export interface ControlDifference {
  readonly entityId: string;
  readonly kind: string;
  readonly currency: string;
  readonly account: string;
  readonly stated: bigint;
  readonly book: bigint;
  /** stated less book; zero = they agree. */
  readonly difference: bigint;
  /** true when there is no difference, or when somebody accounted for one of exactly this amount. */
  readonly explained: boolean;
  /** null where nothing was explained, or something of another amount. */
  readonly reason: string | null;
}

/** Control totals stated for exactly `asOf` and known at a position, against the book: what a run has to agree with before it is approved. */
export class ReadControlDifferencesQuery extends Query<ControlDifference[]> {
  constructor(
    readonly tenantId: number,
    readonly request: { readonly asOf: string; readonly position: Position },
  ) {
    super();
  }
}

/** The same by moment of knowledge. */
export class ListControlTotalsQuery extends Query<Known & { readonly items: ControlDifference[] }> {
  constructor(
    readonly tenantId: number,
    readonly asOf: string,
    readonly knownAt: string | undefined,
  ) {
    super();
  }
}
