import type { MovementType } from './kinds';

/**
 * What each type of movement means for gross, allowance and profit or loss: the one place that says so. The movement of the allowance, the
 * journal, collections and the evidence for rates read it and decide nothing by type themselves (policy, "Movements and what they do").
 */

/** Legs of the movement of the allowance that a movement can belong to; the bridge has more, which follow from dates, rates and policies. */
export type MovementCause = 'write-offs' | 'disposals' | 'credit-notes-and-adjustments' | 'cash' | 'reclassifications';

export interface MovementMeaning {
  /** `lowers` and `raises` say the sign of a change that is not zero; `moves` takes the whole balance to another kind, class or entity. */
  readonly gross: 'lowers' | 'raises' | 'signed' | 'moves' | 'none';
  /**
   * `remeasured`: the allowance follows the new balance, the difference is profit or loss. `utilised`: it falls by the same amount as gross,
   * after what was not covered is charged (IFRS 9 5.4.4). `share`: it leaves with its part of the gross. `moves`: it goes where the balance
   * goes. `none`: it stays.
   */
  readonly allowance: 'remeasured' | 'utilised' | 'share' | 'moves' | 'none';
  /** +1 adds to the collections of its period, -1 takes back from them, 0 is no cash of that period. */
  readonly collection: 1 | 0 | -1;
  /** the leg that holds its effect on the allowance; null: it has none (a recovery is profit or loss and nothing else). */
  readonly cause: MovementCause | null;
  /**
   * where its effect on the allowance ends up beside the balance sheet: `impairment` loss or its reversal, the `shortfall` of a write-off,
   * a `recovery` as income within the impairment line, gain or loss on `disposal`, or nowhere.
   */
  readonly profitOrLoss: 'impairment' | 'shortfall' | 'recovery' | 'disposal' | 'none';
}

export const MOVEMENT_EFFECTS: Readonly<Record<MovementType, MovementMeaning>> = {
  payment: { gross: 'lowers', allowance: 'remeasured', collection: 1, cause: 'cash', profitOrLoss: 'impairment' },
  // Bounced cheque, money sent back.
  payment_reversal: { gross: 'raises', allowance: 'remeasured', collection: -1, cause: 'cash', profitOrLoss: 'impairment' },
  refund: { gross: 'raises', allowance: 'remeasured', collection: -1, cause: 'cash', profitOrLoss: 'impairment' },
  // A matter of revenue: neither cash nor credit loss.
  credit_note: {
    gross: 'lowers',
    allowance: 'remeasured',
    collection: 0,
    cause: 'credit-notes-and-adjustments',
    profitOrLoss: 'impairment',
  },
  write_off: { gross: 'lowers', allowance: 'utilised', collection: 0, cause: 'write-offs', profitOrLoss: 'shortfall' },
  // Money on what was written off already. A payment's part beyond what is owed becomes one (`MovementEffect.recovered`).
  recovery: { gross: 'none', allowance: 'none', collection: 0, cause: null, profitOrLoss: 'recovery' },
  adjustment: {
    gross: 'signed',
    allowance: 'remeasured',
    collection: 0,
    cause: 'credit-notes-and-adjustments',
    profitOrLoss: 'impairment',
  },
  // Loss of control, sale or non-recourse factoring.
  disposal: { gross: 'lowers', allowance: 'share', collection: 0, cause: 'disposals', profitOrLoss: 'disposal' },
  // Kind, class or entity changes, or a contract asset is billed; the age stays.
  reclassify: { gross: 'moves', allowance: 'moves', collection: 0, cause: 'reclassifications', profitOrLoss: 'none' },
  // Vanished from a list of open items: neither cash nor credit note until somebody says what it was.
  unclassified: {
    gross: 'lowers',
    allowance: 'remeasured',
    collection: 0,
    cause: 'credit-notes-and-adjustments',
    profitOrLoss: 'impairment',
  },
  // Unapplied cash put onto a receivable: it was collected when it came.
  allocation: { gross: 'lowers', allowance: 'remeasured', collection: 0, cause: 'cash', profitOrLoss: 'impairment' },
};

/** Types whose amounts make the collections of a period, each with its sign. */
export function collectionSign(type: string): 1 | 0 | -1 {
  return Object.hasOwn(MOVEMENT_EFFECTS, type) ? MOVEMENT_EFFECTS[type as MovementType].collection : 0;
}
