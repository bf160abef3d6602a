import {
  BRIDGE_CAUSES,
  GROSS_CAUSES,
  sameCell,
  type BridgeCause,
  type BridgeCell,
  type GrossCause,
  type Posting,
  type BridgeSide,
} from './causes';
import type { StageTransfer } from './chain';
import type { GrossContribution, GrossEnds } from './gross-roll-forward';
import type { ReceivableBridge } from './receivable-bridge';

/** One leg of a bridge, presentation minor units; the sides make up the amount. */
export interface BridgeLeg<Cause extends string = BridgeCause> {
  readonly cause: Cause;
  readonly amount: bigint;
  readonly collective: bigint;
  readonly individual: bigint;
  readonly staged: bigint;
  /** receivables with an amount in this leg, on any side. */
  readonly receivables: number;
}

/** Opening, legs and closing that add up. */
export interface MovementTable<Cause extends string = BridgeCause> {
  readonly opening: bigint;
  readonly legs: readonly BridgeLeg<Cause>[];
  readonly closing: bigint;
}

export interface CellMovement<Cause extends string = BridgeCause> extends MovementTable<Cause>, BridgeCell {}
export interface KindMovement<Cause extends string = BridgeCause> extends MovementTable<Cause> {
  readonly kind: string;
}

/** What is booked for one leg in one entity and kind: the signed change of the allowance and what it is booked against. */
export interface PostedAmount {
  readonly entityId: string;
  readonly kind: string;
  readonly cause: BridgeCause;
  readonly posting: Posting;
  readonly amount: bigint;
}

export interface FoldedBridge extends MovementTable {
  readonly byKind: readonly KindMovement[];
  readonly byCell: readonly CellMovement[];
  readonly stageTransfers: readonly StageTransfer[];
  readonly postings: readonly PostedAmount[];
}

export interface FoldedGross extends MovementTable<GrossCause> {
  readonly byKind: readonly KindMovement<GrossCause>[];
  readonly byCell: readonly CellMovement<GrossCause>[];
}

/** The recorded part of one receivable at the two ends, overlays included. */
export interface AllowanceEnds {
  readonly opening: bigint;
  readonly closing: bigint;
}

/** Adds up bridges of receivables, one by one in any order. Memory depends on entities, kinds and stages and not on receivables. */
export class BridgeFold {
  private readonly allowance = new MovementFold<BridgeCause>(BRIDGE_CAUSES);
  private readonly gross = new MovementFold<GrossCause>(GROSS_CAUSES);
  private readonly transfers = new Map<string, StageTransfer>();
  private readonly posted = new Map<string, PostedAmount>();

  /** Throws when the legs of the receivable do not lead from its opening to its closing. */
  add(bridge: ReceivableBridge, allowance: AllowanceEnds): void {
    this.allowance.add(bridge.contributions, bridge, allowance);
    for (const transfer of bridge.stageTransfers) {
      const { entityId, kind, from, to } = transfer;
      const key = JSON.stringify([entityId, kind, from, to]);
      const known = this.transfers.get(key);
      const sum =
        known === undefined ? transfer : { ...known, gross: known.gross + transfer.gross, allowance: known.allowance + transfer.allowance };
      this.transfers.set(key, sum);
    }
    for (const { cause, cell, posting, amount } of bridge.contributions) {
      const key = `${cell.entityId}\n${cell.kind}\n${cause}\n${posting}`;
      const known = this.posted.get(key);
      const { entityId, kind } = cell;
      this.posted.set(key, { entityId, kind, cause, posting, amount: amount + (known?.amount ?? 0n) });
    }
  }

  addGross(contributions: readonly GrossContribution[], cells: ReceivableBridge, ends: GrossEnds): void {
    this.gross.add(contributions, cells, ends);
  }

  /** The bridge; throws when any cell does not add up. */
  allowanceBridge(): FoldedBridge {
    const order = new Map<string, number>(BRIDGE_CAUSES.map((cause, index) => [cause, index]));
    return {
      ...this.allowance.total(),
      byKind: this.allowance.byKind(),
      byCell: this.allowance.byCell(),
      stageTransfers: [...this.transfers.values()].sort(
        (a, b) => compare(a.entityId, b.entityId) || compare(a.kind, b.kind) || a.from - b.from || a.to - b.to,
      ),
      postings: [...this.posted.values()]
        .filter(({ amount }) => amount !== 0n)
        .sort(
          (a, b) =>
            (order.get(a.cause) ?? 0) - (order.get(b.cause) ?? 0) ||
            compare(a.entityId, b.entityId) ||
            compare(a.kind, b.kind) ||
            compare(a.posting, b.posting),
        ),
    };
  }

  grossRollForward(): FoldedGross {
    return { ...this.gross.total(), byKind: this.gross.byKind(), byCell: this.gross.byCell() };
  }
}

interface Sums {
  readonly cell: BridgeCell;
  opening: bigint;
  closing: bigint;
  readonly legs: Map<string, { amount: bigint; receivables: number }>;
}

class MovementFold<Cause extends string> {
  private readonly cells = new Map<string, Sums>();
  /** receivables of a leg by kind, and in all ('' ): a receivable that moves between sides is one. */
  private readonly counts = new Map<string, number>();

  constructor(private readonly causes: readonly Cause[]) {}

  add(
    contributions: readonly { readonly cause: Cause; readonly cell: BridgeCell; readonly amount: bigint }[],
    cells: { readonly opening: BridgeCell | null; readonly closing: BridgeCell | null },
    ends: { readonly opening: bigint; readonly closing: bigint },
  ): void {
    let explained = ends.opening;
    contributions.forEach(({ cause, cell, amount }, index) => {
      explained += amount;
      const { legs } = this.at(cell);
      const leg = legs.get(cause);
      if (leg === undefined) legs.set(cause, { amount, receivables: 1 });
      else {
        leg.amount += amount;
        if (!isBefore(contributions, index, (other) => other.cause === cause && sameCell(other.cell, cell))) leg.receivables += 1;
      }
      if (!isBefore(contributions, index, (other) => other.cause === cause && other.cell.kind === cell.kind)) this.count(cause, cell.kind);
      if (!isBefore(contributions, index, (other) => other.cause === cause)) this.count(cause, '');
    });
    if (explained !== ends.closing) {
      throw new Error(`Legs lead from ${String(ends.opening)} to ${String(explained)} and not to ${String(ends.closing)}.`);
    }
    this.hold(cells.opening, ends.opening, 'opening');
    this.hold(cells.closing, ends.closing, 'closing');
  }

  total(): MovementTable<Cause> {
    return this.sumOf([...this.cells.values()], '');
  }

  byKind(): KindMovement<Cause>[] {
    const kinds = [...new Set([...this.cells.values()].map(({ cell }) => cell.kind))].sort(compare);
    return kinds.map((kind) => ({
      kind,
      ...this.sumOf(
        [...this.cells.values()].filter(({ cell }) => cell.kind === kind),
        kind,
      ),
    }));
  }

  byCell(): CellMovement<Cause>[] {
    return [...this.cells.entries()].sort(([a], [b]) => compare(a, b)).map(([, sums]) => ({ ...sums.cell, ...this.sumOf([sums], null) }));
  }

  private sumOf(cells: readonly Sums[], countedBy: string | null): MovementTable<Cause> {
    const legs = this.causes.map((cause): BridgeLeg<Cause> => {
      const side = (wanted: BridgeSide): bigint =>
        cells.reduce((sum, { cell, legs: of }) => (cell.side === wanted ? sum + (of.get(cause)?.amount ?? 0n) : sum), 0n);
      const [collective, individual, staged] = [side('collective'), side('individual'), side('staged')];
      const receivables =
        countedBy === null
          ? cells.reduce((sum, { legs: of }) => sum + (of.get(cause)?.receivables ?? 0), 0)
          : (this.counts.get(`${cause}\n${countedBy}`) ?? 0);
      return { cause, amount: collective + individual + staged, collective, individual, staged, receivables };
    });
    const opening = cells.reduce((sum, cell) => sum + cell.opening, 0n);
    const closing = cells.reduce((sum, cell) => sum + cell.closing, 0n);
    if (legs.reduce((sum, { amount }) => sum + amount, opening) !== closing) {
      throw new Error(`The legs do not add up: they do not lead from ${String(opening)} to ${String(closing)}.`);
    }
    return { opening, legs, closing };
  }

  private count(cause: string, group: string): void {
    const of = `${cause}\n${group}`;
    this.counts.set(of, (this.counts.get(of) ?? 0) + 1);
  }

  private hold(cell: BridgeCell | null, amount: bigint, end: 'opening' | 'closing'): void {
    if (amount === 0n) return;
    if (cell === null) throw new Error(`An amount of ${String(amount)} is held outside expected credit losses.`);
    this.at(cell)[end] += amount;
  }

  private at(cell: BridgeCell): Sums {
    const key = keyOf(cell);
    const known = this.cells.get(key);
    if (known !== undefined) return known;
    const fresh: Sums = { cell, opening: 0n, closing: 0n, legs: new Map() };
    this.cells.set(key, fresh);
    return fresh;
  }
}

/** Whether one of the few amounts of a receivable before this one is alike. */
function isBefore<Item>(items: readonly Item[], index: number, isAlike: (item: Item) => boolean): boolean {
  for (let earlier = 0; earlier < index; earlier += 1) {
    const item = items[earlier];
    if (item !== undefined && isAlike(item)) return true;
  }
  return false;
}

function keyOf({ entityId, kind, side, stage }: BridgeCell): string {
  return `${entityId}\n${kind}\n${side}\n${String(stage)}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
