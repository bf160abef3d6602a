import type { BridgeCause, BridgeLeg, FoldedBridge, FoldedGross, TwoFactorView } from '@app/credit-domain';
import { Query } from '@nestjs/cqrs';
import type { PointRequest } from './bridge-point';
import type { EventBehind } from './events-behind';

/** One end of a bridge as it was found. */
export interface BridgeEndView {
  /** null = a date computed for this bridge. */
  readonly runId: string | null;
  readonly asOf: string;
  readonly knownAt: string;
  readonly position: bigint;
}

export interface BridgeEnds {
  readonly from: BridgeEndView;
  readonly to: BridgeEndView;
  /** presentation currency; every amount is in its minor units. */
  readonly currency: string;
}

export interface AllowanceBridge extends BridgeEnds, FoldedBridge {
  readonly twoFactor: TwoFactorView;
}

export interface GrossRollForward extends BridgeEnds, FoldedGross {}

export interface BridgeRequest {
  readonly from: PointRequest;
  readonly to: PointRequest;
}

/**
 * The movement of the allowance between two runs or dates. Refused `provision-run-not-found`, `provision-run-not-completed`,
 * `bridge-currency-differs`, `bridge-kinds-differ`, `bridge-dates-reversed`, and as a provision of a date is.
 */
export class GetAllowanceBridgeQuery extends Query<AllowanceBridge> {
  constructor(
    readonly tenantId: number,
    readonly request: BridgeRequest,
  ) {
    super();
  }
}

/** The movement of the gross carrying amount beside it (IFRS 7.35I). Refused as `GetAllowanceBridgeQuery`. */
export class GetGrossRollForwardQuery extends Query<GrossRollForward> {
  constructor(
    readonly tenantId: number,
    readonly request: BridgeRequest,
  ) {
    super();
  }
}

/** One receivable's part of a leg. */
export interface BridgeReceivable extends Omit<BridgeLeg, 'receivables'> {
  readonly receivableNo: bigint;
  readonly receivableId: string;
  readonly debtorId: string;
  readonly documentNo: string;
  readonly kind: string;
  /** its allowance at the ends, overlays included. */
  readonly opening: bigint;
  readonly closing: bigint;
  /**
   * the largest amount it moved anywhere, which the list is sorted by: between kinds, entities, sides and stages it moves although its amount
   * is 0, and so does what is charged and used up in one leg.
   */
  readonly moved: bigint;
  readonly events: readonly EventBehind[];
}

export interface BridgeReceivables extends BridgeEnds {
  readonly items: readonly BridgeReceivable[];
}

/** The receivables behind a leg, the largest first; `after` is the last one seen. Refused as `GetAllowanceBridgeQuery`. */
export class ListBridgeReceivablesQuery extends Query<BridgeReceivables> {
  constructor(
    readonly tenantId: number,
    readonly request: BridgeRequest & {
      readonly cause: BridgeCause;
      readonly kind?: string | undefined;
      readonly limit: number;
      readonly after?: { readonly moved: bigint; readonly receivableNo: bigint } | undefined;
    },
  ) {
    super();
  }
}
