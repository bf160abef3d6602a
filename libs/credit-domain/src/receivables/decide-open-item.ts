import type { LocalDate } from '../values/local-date';
import type { MovementEffect, ReceivableBalance } from './balances';
import { lowestFrom } from './balances';
import type { Movement, MovementDecision } from './decide-movement';
import { decideMovement } from './decide-movement';

/** Reason of the adjustments that raise a receivable to what a list of open items says. */
export const OPEN_ITEMS_REASON = 'open-items';

/** A movement that brings the book to what a list says, with what it does. */
export interface OpenItemChange {
  readonly movement: Movement;
  readonly effect: MovementEffect;
}

export type OpenItemDecision =
  { readonly ok: true; readonly change: OpenItemChange | null } | Extract<MovementDecision, { readonly ok: false }>;

/** What was owed at the end of a business date, in minor units. Needs the steps of the history. */
export function outstandingOn(receivable: ReceivableBalance, on: LocalDate): bigint {
  if (on < receivable.recognisedOn) return 0n;
  if (on >= receivable.lastEffectiveOn) return receivable.outstanding;
  if (receivable.steps === undefined) throw new Error('what was owed on an earlier date needs the steps of the history');
  return receivable.steps.reduce((owed, step) => (step.effectiveOn > on ? owed - step.gross : owed), receivable.outstanding);
}

/**
 * What a list of open items, which says that `owed` minor units are open at the end of `asOf`, changes of a receivable: less than the book has
 * is an unclassified settlement, more an adjustment, the same nothing. Refused as any movement (`before-recognition`, and `exceeds-outstanding`
 * where facts dated after `asOf` already took more than the list leaves).
 */
export function decideOpenItem(receivable: ReceivableBalance, owed: bigint, asOf: LocalDate): OpenItemDecision {
  const difference = owed - outstandingOn(receivable, asOf);
  if (difference === 0n) return { ok: true, change: null };
  const movement: Movement =
    difference < 0n
      ? { type: 'unclassified', amount: -difference, effectiveOn: asOf }
      : { type: 'adjustment', amount: difference, effectiveOn: asOf, reason: OPEN_ITEMS_REASON };
  const decided = decideMovement(receivable, movement);
  return decided.ok ? { ok: true, change: { movement, effect: decided.effect } } : decided;
}

/**
 * What becomes of a receivable that a full list of open items no longer names: an unclassified settlement of all that was open on `asOf`, as far
 * as facts dated later leave it to be settled. Null when nothing is.
 */
export function decideVanishedItem(receivable: ReceivableBalance, asOf: LocalDate): OpenItemChange | null {
  const owed = outstandingOn(receivable, asOf);
  const lowest = lowestFrom(receivable, asOf).outstanding;
  const amount = owed < lowest ? owed : lowest;
  if (amount <= 0n) return null;
  return { movement: { type: 'unclassified', amount, effectiveOn: asOf }, effect: { gross: -amount, credit: 0n, recovered: 0n } };
}
