/**
 * Why an allowance moved, in the one order every bridge is told in (policy, "Bridge of the allowance"). The order is part of the answer:
 * each cause is what changes when its fact is substituted after those before it and before those after it.
 */
export const BRIDGE_CAUSES = [
  'late-known',
  'write-off-shortfall',
  'write-offs',
  'disposals',
  'credit-notes-and-adjustments',
  'cash',
  'reclassifications',
  'ageing',
  'collective-to-individual',
  'new-receivables',
  'scheme-change',
  'rate-change',
  'scenario-change',
  'overlays',
  'individual-remeasurement',
  'unwind',
  'exchange',
  'unexplained',
] as const;
export type BridgeCause = (typeof BRIDGE_CAUSES)[number];

/** Legs of the gross roll-forward: the same facts, without what only changes a rate; `transfers` between sides and stages are net 0. */
export const GROSS_CAUSES = [
  'late-known',
  'new-receivables',
  'write-offs',
  'disposals',
  'credit-notes-and-adjustments',
  'cash',
  'reclassifications',
  'transfers',
  'exchange',
  'unexplained',
] as const;
export type GrossCause = (typeof GROSS_CAUSES)[number];

export function isBridgeCause(text: string): text is BridgeCause {
  return (BRIDGE_CAUSES as readonly string[]).includes(text);
}

/**
 * What a movement of the allowance is booked against. `impairment`: the impairment line of profit or loss. `utilisation`: the receivable that
 * is written off. `disposal`: gain or loss on loss of control. `interest`: unwinding of the discount. `exchange`: exchange difference.
 * `transfer`: another allowance; sums to nothing.
 */
export const POSTINGS = ['impairment', 'utilisation', 'disposal', 'interest', 'exchange', 'transfer'] as const;
export type Posting = (typeof POSTINGS)[number];

/** How a receivable is measured: by the matrix, by the debtor's own assessment, or in stages. */
export const BRIDGE_SIDES = ['collective', 'individual', 'staged'] as const;
export type BridgeSide = (typeof BRIDGE_SIDES)[number];

/** Where an allowance is held: the finest place whose opening, legs and closing add up. */
export interface BridgeCell {
  readonly entityId: string;
  readonly kind: string;
  readonly side: BridgeSide;
  /** of a staged claim; null on the other sides. */
  readonly stage: 1 | 2 | 3 | null;
}

export function sameCell(left: BridgeCell | null, right: BridgeCell | null): boolean {
  if (left === null || right === null) return left === right;
  return (
    left === right ||
    (left.entityId === right.entityId && left.kind === right.kind && left.side === right.side && left.stage === right.stage)
  );
}
