import type { Refused } from '../refusals';
import type { LocalDate } from '../values/local-date';
import type { MovementType } from './kinds';
import type { CreditBalance, MovementEffect, ReceivableBalance } from './balances';
import { lowestCreditFrom, lowestFrom } from './balances';

/** A movement to decide. `amount` is in minor units of the receivable's currency: positive, the type gives the sign; an adjustment is signed. */
export interface Movement {
  readonly type: MovementType;
  readonly amount: bigint;
  readonly effectiveOn: LocalDate;
  readonly reason?: string | null;
}

export type MovementDecision = { readonly ok: true; readonly effect: MovementEffect } | { readonly ok: false; readonly refused: Refused };

const effect = (gross: bigint, credit = 0n, recovered = 0n): MovementDecision => ({ ok: true, effect: { gross, credit, recovered } });
const refuse = (code: Refused['code'], field: string, detail: string): MovementDecision => ({
  ok: false,
  refused: { code, detail, field },
});
const min = (left: bigint, right: bigint): bigint => (left < right ? left : right);

/** The checks that need no history, in their fixed order: sign, reason. `undefined` when all pass. */
function refuseByForm(movement: Movement): MovementDecision | undefined {
  if (movement.type !== 'adjustment' && movement.amount < 0n) {
    return refuse('amount-negative', 'amount', `the amount of a ${movement.type} is positive: its type gives the sign`);
  }
  if (movement.type === 'adjustment' && (movement.reason ?? '').trim() === '')
    return refuse('reason-missing', 'reason', 'an adjustment needs a reason');
  return undefined;
}

/**
 * Decides a movement of one receivable against its whole history. The first failing check answers:
 * `amount-negative`, `reason-missing`, `before-recognition`, then `exceeds-outstanding`, `exceeds-written-off` or `exceeds-credit-balance`. "Owed" is the lowest balance
 * on any business date from `effectiveOn` on, so that a back-dated fact never pushes a later date below zero. A reclassify changes no balance
 * and is decided by `decideReclassification`.
 */
export function decideMovement(receivable: ReceivableBalance, movement: Movement, debtorCredit?: CreditBalance): MovementDecision {
  const refusedByForm = refuseByForm(movement);
  if (refusedByForm !== undefined) return refusedByForm;
  const { amount, effectiveOn } = movement;
  if (effectiveOn < receivable.recognisedOn) {
    return refuse(
      'before-recognition',
      'effective_on',
      `${effectiveOn} is before the receivable's recognition on ${receivable.recognisedOn}`,
    );
  }
  const lowest = lowestFrom(receivable, effectiveOn);
  switch (movement.type) {
    case 'payment': {
      const settled = min(amount, lowest.outstanding);
      // Money beyond what is owed first makes good what was written off; only the rest is the debtor's.
      const recovered = min(amount - settled, lowest.writtenOff);
      return effect(-settled, amount - settled - recovered, recovered);
    }
    case 'credit_note':
      return reduce(amount, lowest.outstanding);
    case 'adjustment':
      return amount >= 0n ? effect(amount) : reduce(-amount, lowest.outstanding);
    case 'payment_reversal':
    case 'refund': {
      // A payment settles, then recovers, then is credit; giving it back goes the other way. Of the over-payment only what the debtor's
      // credit still holds is there to be given back, and what was recovered before that stands written off again.
      const held = debtorCredit === undefined ? lowest.ownCredit : min(lowest.ownCredit, lowestCreditFrom(debtorCredit, effectiveOn));
      const drawn = min(amount, held);
      const undone = min(amount - drawn, lowest.recovered);
      return effect(amount - drawn - undone, -drawn, -undone);
    }
    case 'write_off':
    case 'disposal':
    case 'unclassified':
      return amount > lowest.outstanding
        ? refuse(
            'exceeds-outstanding',
            'amount',
            `a ${movement.type} cannot exceed what is owed from ${effectiveOn} on: ${String(lowest.outstanding)} minor units`,
          )
        : effect(-amount);
    case 'recovery':
      return amount > lowest.writtenOff
        ? refuse(
            'exceeds-written-off',
            'amount',
            `a recovery cannot exceed what is still written off from ${effectiveOn} on: ${String(lowest.writtenOff)} minor units`,
          )
        : effect(0n, 0n, amount);
    case 'allocation':
      return allocate(
        amount,
        lowest.outstanding,
        debtorCredit === undefined ? 0n : lowestCreditFrom(debtorCredit, effectiveOn),
        effectiveOn,
      );
    case 'reclassify':
      return refuse('reclassify-nothing', 'type', 'a reclassify says what the receivable becomes');
  }
}

/** Unapplied credit put onto a receivable: as much as both the credit and the debt hold on every date from then on. */
function allocate(amount: bigint, outstanding: bigint, credit: bigint, effectiveOn: LocalDate): MovementDecision {
  if (amount > credit) {
    const detail = `the debtor's unapplied credit from ${effectiveOn} on is ${String(credit)} minor units`;
    return refuse('exceeds-credit-balance', 'amount', detail);
  }
  if (amount > outstanding) {
    const detail = `an allocation cannot exceed what is owed from ${effectiveOn} on: ${String(outstanding)} minor units`;
    return refuse('exceeds-outstanding', 'amount', detail);
  }
  return effect(-amount, -amount);
}

function reduce(amount: bigint, outstanding: bigint): MovementDecision {
  const settled = min(amount, outstanding);
  return effect(-settled, amount - settled);
}

/**
 * Decides a movement that names a debtor and no receivable: unapplied cash and credit notes raise the debtor's credit, refunds and reversals
 * draw it down, never below zero on any date (`exceeds-credit-balance`). Other types need a receivable (`receivable-missing`).
 */
export function decideUnallocated(credit: CreditBalance, movement: Movement): MovementDecision {
  const refusedByForm = refuseByForm(movement);
  if (refusedByForm !== undefined) return refusedByForm;
  const { amount, effectiveOn } = movement;
  switch (movement.type) {
    case 'payment':
    case 'credit_note':
      return effect(0n, amount);
    case 'payment_reversal':
    case 'refund': {
      const held = lowestCreditFrom(credit, effectiveOn);
      return amount > held
        ? refuse('exceeds-credit-balance', 'amount', `the debtor's unapplied credit from ${effectiveOn} on is ${String(held)} minor units`)
        : effect(0n, -amount);
    }
    default:
      return refuse('receivable-missing', 'receivable_id', `a ${movement.type} needs a receivable`);
  }
}
