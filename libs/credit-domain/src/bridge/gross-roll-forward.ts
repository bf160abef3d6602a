import { sameCell, type BridgeCell, type GrossCause } from './causes';
import { outstandingAt } from '../exposure/receivable-history';
import { NOTHING, sameFraction, shareOf, type Fraction } from './fraction';
import { isTakenOn, type BridgeSubject, type ReceivableBridge } from './receivable-bridge';

/** An amount of the gross roll-forward, presentation minor units. */
export interface GrossContribution {
  readonly cause: GrossCause;
  readonly cell: BridgeCell;
  readonly amount: bigint;
}

/** The receivable's part of the recorded gross at the two ends, presentation minor units. */
export interface GrossEnds {
  readonly opening: bigint;
  readonly closing: bigint;
}

/**
 * The movement of the gross carrying amount of one receivable (IFRS 7.35I), beside the bridge of its allowance and by the same facts:
 * recognition, movements by type, moves between kinds, sides and stages, and the closing exchange rate last. Claims outside expected credit
 * losses are outside the figures: a claim that moves in or out arrives or leaves as a reclassification.
 */
export function rollGrossForward(subject: BridgeSubject, cells: ReceivableBridge, ends: GrossEnds): GrossContribution[] {
  const { history, opening, closing } = subject;
  const roll = new GrossRoll(
    cells.opening,
    outstandingAt(history, opening.at),
    ends.opening,
    opening.exchange ?? closing.exchange ?? NOTHING,
  );
  const { flows } = cells;
  if (flows === null) {
    roll.to('late-known', 0n);
    return roll.contributions;
  }
  if (isTakenOn(history, opening.at)) {
    roll.beside('unexplained', cells.closing, ends.closing - ends.opening);
    return roll.contributions;
  }
  let owed = flows.lateKnown;
  roll.to('late-known', owed);
  if (history.recognisedOn > opening.at.asOf && history.recognisedOn <= closing.at.asOf) {
    roll.to('new-receivables', (owed += history.amount));
  }
  roll.to('write-offs', (owed += flows.writeOffs));
  roll.to('disposals', (owed += flows.disposals));
  roll.to('credit-notes-and-adjustments', (owed += flows.adjustments));
  roll.to('cash', (owed += flows.cash));
  roll.move(cells.closing);
  if (closing.exchange !== null) roll.exchangeAt(closing.exchange);
  roll.end(ends.closing);
  return roll.contributions;
}

class GrossRoll {
  readonly contributions: GrossContribution[] = [];
  private value: bigint;
  private lastCause: GrossCause = 'exchange';

  constructor(
    private cell: BridgeCell | null,
    /** in the receivable's own minor units. */
    private owed: bigint,
    recorded: bigint,
    private exchange: Fraction,
  ) {
    // Outside the figures nothing is recorded, but it has a value that may come in.
    this.value = cell === null ? shareOf(owed, exchange) : recorded;
  }

  to(cause: GrossCause, owed: bigint): void {
    if (owed === this.owed) return;
    const next = shareOf(owed, this.exchange);
    this.beside(cause, this.cell, next - this.value);
    [this.owed, this.value, this.lastCause] = [owed, next, cause];
  }

  move(cell: BridgeCell | null): void {
    if (sameCell(cell, this.cell)) return;
    const isTransfer = cell !== null && this.cell !== null && cell.kind === this.cell.kind && cell.entityId === this.cell.entityId;
    const cause = isTransfer ? 'transfers' : 'reclassifications';
    if (this.cell !== null) this.beside(cause, this.cell, -this.value);
    if (cell !== null) this.beside(cause, cell, this.value);
    this.cell = cell;
  }

  exchangeAt(closing: Fraction): void {
    if (sameFraction(closing, this.exchange)) return;
    this.exchange = closing;
    this.lastCause = 'exchange';
    const next = shareOf(this.owed, closing);
    this.beside('exchange', this.cell, next - this.value);
    this.value = next;
  }

  /** What the translation of whole lines rounded otherwise than the translation of this receivable. */
  end(value: bigint): void {
    if (this.cell !== null) this.beside(this.lastCause, this.cell, value - this.value);
  }

  beside(cause: GrossCause, cell: BridgeCell | null, amount: bigint): void {
    if (amount !== 0n && cell !== null) this.contributions.push({ cause, cell, amount });
  }
}
