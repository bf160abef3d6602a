import type { HistoryStep, PointOfView, ReceivableHistory } from '../exposure/receivable-history';
import { outstandingAt } from '../exposure/receivable-history';
import { isMovementType } from '../receivables/kinds';
import { MOVEMENT_EFFECTS } from '../receivables/movement-effects';

/** Gross of one receivable between two points of view, minor units of its own currency; changes are signed. */
export interface Flows {
  readonly opening: bigint;
  /** at the opening date, as known at the closing. */
  readonly lateKnown: bigint;
  /** of the change to `lateKnown`: written off and disposed of, as positive amounts. */
  readonly lateWrittenOff: bigint;
  readonly lateDisposed: bigint;
  readonly writeOffs: bigint;
  readonly disposals: bigint;
  readonly adjustments: bigint;
  readonly cash: bigint;
  /** money received on what had been written off; no part of gross or allowance. */
  readonly recovered: bigint;
  readonly closing: bigint;
}

type FlowName = 'writeOffs' | 'disposals' | 'adjustments' | 'cash';

/** The leg a movement belongs to. What changes gross and has no leg of its own is an adjustment. */
export function bridgeFlowOf(step: HistoryStep): FlowName {
  const cause = isMovementType(step.type) ? MOVEMENT_EFFECTS[step.type].cause : null;
  if (cause === 'write-offs') return 'writeOffs';
  if (cause === 'disposals') return 'disposals';
  return cause === 'cash' ? 'cash' : 'adjustments';
}

/** Whether the movement lies in the period: after the opening date, not after the closing one, and known at the closing. */
export function isInPeriod(step: HistoryStep, opening: PointOfView, closing: PointOfView): boolean {
  return step.effectiveOn > opening.asOf && step.effectiveOn <= closing.asOf && step.position <= closing.position;
}

/** Opening, changes and closing of the gross; throws when they do not add up, which only a wrong history can cause. */
export function flowsBetween(history: ReceivableHistory, opening: PointOfView, closing: PointOfView): Flows {
  const changes: Record<FlowName, bigint> = { writeOffs: 0n, disposals: 0n, adjustments: 0n, cash: 0n };
  let [lateWrittenOff, lateDisposed, recovered] = [0n, 0n, 0n];
  for (const step of history.steps) {
    if (isInPeriod(step, opening, closing)) {
      changes[bridgeFlowOf(step)] += step.gross;
      recovered += step.recovered;
    } else if (step.effectiveOn <= opening.asOf) {
      const known = (step.position <= closing.position ? 1n : 0n) - (step.position <= opening.position ? 1n : 0n);
      if (known === 0n) continue;
      if (bridgeFlowOf(step) === 'writeOffs') lateWrittenOff -= known * step.gross;
      if (bridgeFlowOf(step) === 'disposals') lateDisposed -= known * step.gross;
      recovered += known * step.recovered;
    }
  }
  const lateKnown = outstandingAt(history, { asOf: opening.asOf, position: closing.position });
  const closingGross = outstandingAt(history, closing);
  const recognised = history.recognisedOn > opening.asOf && closing.position >= history.position ? history.amount : 0n;
  const explained = lateKnown + recognised + changes.writeOffs + changes.disposals + changes.adjustments + changes.cash;
  if (history.recognisedOn <= closing.asOf && history.position <= closing.position && explained !== closingGross) {
    throw new Error(`The movements of receivable '${history.receivableId}' do not lead from its opening to its closing balance.`);
  }
  return {
    opening: outstandingAt(history, opening),
    ...{ lateKnown, lateWrittenOff, lateDisposed, ...changes, recovered, closing: closingGross },
  };
}
