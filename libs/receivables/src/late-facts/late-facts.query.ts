import { Query } from '@nestjs/cqrs';
import type { Position } from '@app/event-store';

export interface LateFactsRequest {
  /** facts dated on or before this day ... */
  readonly asOf: string;
  /** ... recorded after this position ... */
  readonly after: Position;
  /** ... and at or before this one. */
  readonly upTo: Position;
  /** null = of every entity. What concerns no entity (debtors, exchange rates) is listed for each. */
  readonly entityId: string | null;
  readonly limit: number;
}

/** A fact that came too late for a figure. Amounts in minor units of the currency. */
export interface LateFact {
  readonly position: Position;
  readonly type: string;
  readonly stream: { readonly category: string; readonly key: string };
  readonly effectiveOn: string;
  readonly recordedAt: string;
  readonly principalId: string;
  readonly debtorId: string | null;
  readonly entityId: string | null;
  readonly kind: string | null;
  /** of a movement. */
  readonly movementType: string | null;
  readonly currency: string | null;
  /** signed change of gross: what was recognised, or what the movement did. Null for facts that move none by themselves. */
  readonly gross: bigint | null;
}

/** Facts of the book recorded after a position and dated on or before a day, by position. */
export class ListLateFactsQuery extends Query<LateFact[]> {
  constructor(
    readonly tenantId: number,
    readonly request: LateFactsRequest,
  ) {
    super();
  }
}
