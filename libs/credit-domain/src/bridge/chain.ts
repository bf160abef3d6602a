import { sameCell, type BridgeCause, type BridgeCell, type Posting } from './causes';
import { sameFraction, shareOf, type Fraction } from './fraction';

/** A receivable at one point of the substitution: what is owed in its own minor units, how much of it is provided for, and where. */
export interface ChainState {
  /** null = carried without expected credit losses. */
  readonly cell: BridgeCell | null;
  readonly gross: bigint;
  readonly coverage: Fraction;
}

/** One substitution: the state after it. */
export interface ChainStep {
  readonly cause: BridgeCause;
  readonly state: ChainState;
  /** gross written off in this step: used up from the allowance in full, what it did not cover is charged (IFRS 9 5.4.4). */
  readonly writtenOff?: bigint;
  /** gross that left by disposal in this step; its share of the allowance leaves with it. */
  readonly disposed?: bigint;
}

/** A claim that changed stage: what it owed and what was provided for it at that moment. Net 0 over all stages. */
export interface StageTransfer {
  readonly entityId: string;
  readonly kind: string;
  readonly from: 1 | 2 | 3;
  readonly to: 1 | 2 | 3;
  readonly gross: bigint;
  readonly allowance: bigint;
}

/** An amount of a leg: presentation minor units, where, and what it is booked against. */
export interface Contribution {
  readonly cause: BridgeCause;
  readonly cell: BridgeCell;
  readonly posting: Posting;
  readonly amount: bigint;
}

/**
 * The figures of the two ends are sums over lines, spread to receivables; a value computed for one receivable alone may differ from its
 * spread share by the three spreading steps and by the rounding of the line in its own currency, which the exchange rate enlarges.
 */
const SPREAD_STEPS = 4n;

/**
 * Turns the states of one receivable into contributions. Each state is valued at the opening exchange rate and rounded once; a leg is the
 * difference of neighbouring values, so legs cannot but add up. A state that equals the one before keeps its value, so that a leg without
 * a cause is nothing. When the place changes, the carried value is transferred first and the rest of the leg arises in the new place.
 */
export class Chain {
  readonly contributions: Contribution[] = [];
  readonly stageTransfers: StageTransfer[] = [];
  private lastCause: BridgeCause | null = null;

  constructor(
    private state: ChainState,
    /** value of the first state as it was recorded, presentation minor units. */
    private value: bigint,
    private exchange: Fraction,
  ) {}

  /** Presentation minor units carried now, and what of the gross is not provided for. */
  get carried(): { readonly value: bigint; readonly state: ChainState } {
    return { value: this.value, state: this.state };
  }

  step({ cause, state, writtenOff = 0n, disposed = 0n }: ChainStep): void {
    this.move(cause, state.cell);
    const unchanged = state.gross === this.state.gross && sameFraction(state.coverage, this.state.coverage);
    const next = unchanged ? this.value : shareOf(state.gross, state.coverage, this.exchange);
    let rest = next - this.value;
    if (writtenOff !== 0n && this.state.cell !== null) {
      const utilised = shareOf(writtenOff, this.exchange);
      this.add(cause, 'utilisation', -utilised);
      rest += utilised;
    }
    if (disposed !== 0n && this.state.cell !== null) {
      const share = shareOf(disposed, this.state.coverage, this.exchange);
      this.add(cause, 'disposal', -share);
      rest += share;
    }
    if (rest !== 0n) this.add(restCause(cause), restPosting(cause), rest);
    if (!unchanged) this.lastCause = cause;
    this.state = state;
    this.value = next;
  }

  /** The last substitution: the closing exchange rate. */
  exchangeAt(closing: Fraction): void {
    if (sameFraction(closing, this.exchange)) return;
    const next = shareOf(this.state.gross, this.state.coverage, closing);
    this.add('exchange', 'exchange', next - this.value);
    this.exchange = closing;
    this.value = next;
    this.lastCause = 'exchange';
  }

  /** An amount beside the states (an overlay, the unwinding of a discount). It does not change what is carried. */
  beside(cause: BridgeCause, posting: Posting, cell: BridgeCell | null, amount: bigint): void {
    if (amount === 0n) return;
    if (cell === null) throw new Error(`A claim without expected credit losses has ${String(amount)} in leg '${cause}'.`);
    this.contributions.push({ cause, cell, posting, amount });
  }

  /**
   * Ends the chain at the recorded closing value. What rounding of lines leaves over belongs to the last substitution, else to
   * `remeasuredBy`; anything more than rounding is shown as unexplained and not spread over legs it does not belong to.
   */
  end(value: bigint, remeasuredBy: BridgeCause): readonly Contribution[] {
    const left = value - this.value;
    if (left === 0n) return this.contributions;
    const tolerance = SPREAD_STEPS * (1n + this.exchange.numerator / this.exchange.denominator);
    const rounding = (left < 0n ? -left : left) <= tolerance;
    const cause = rounding ? (this.lastCause ?? remeasuredBy) : 'unexplained';
    this.add(restCause(cause), restPosting(cause), left);
    this.value = value;
    return this.contributions;
  }

  private move(cause: BridgeCause, cell: BridgeCell | null): void {
    const from = this.state.cell;
    if (sameCell(cell, from)) return;
    if (from?.stage != null && cell?.stage != null && from.entityId === cell.entityId && from.kind === cell.kind) {
      const { entityId, kind } = cell;
      const gross = shareOf(this.state.gross, this.exchange);
      this.stageTransfers.push({ entityId, kind, from: from.stage, to: cell.stage, gross, allowance: this.value });
    }
    if (cell === null) {
      // Leaving the kinds with expected credit losses ends the allowance: there is no other allowance that could take it over.
      this.add(cause, 'impairment', -this.value);
      this.value = 0n;
    } else {
      this.add(cause, 'transfer', -this.value);
    }
    this.state = { ...this.state, cell };
    if (cell !== null) this.add(cause, 'transfer', this.value);
  }

  private add(cause: BridgeCause, posting: Posting, amount: bigint): void {
    if (amount === 0n) return;
    const { cell } = this.state;
    if (cell === null) throw new Error(`A claim without expected credit losses has ${String(amount)} in leg '${cause}'.`);
    this.contributions.push({ cause, cell, posting, amount });
  }
}

/** Charging what a write-off was not covered for is a leg of its own, beside the use of the allowance. */
function restCause(cause: BridgeCause): BridgeCause {
  return cause === 'write-offs' ? 'write-off-shortfall' : cause;
}

function restPosting(cause: BridgeCause): Posting {
  return cause === 'exchange' ? 'exchange' : 'impairment';
}
