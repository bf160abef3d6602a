import type { Refused } from '../refusals';
import type { LocalDate } from '../values/local-date';
import type { CreditBalance, ReceivableBalance } from './balances';
import { creditFrom, lowestCreditFrom, lowestFrom } from './balances';
import { decideMovement } from './decide-movement';

/** A receivable that credit may be put onto. */
export interface AllocationTarget {
  readonly receivableId: string;
  readonly invoicedOn: LocalDate;
  readonly balance: ReceivableBalance;
}

export interface AllocatedPart<Target extends AllocationTarget> {
  readonly target: Target;
  /** minor units taken from the credit and from what is owed. */
  readonly amount: bigint;
}

export type AllocationDecision<Target extends AllocationTarget> =
  | { readonly ok: true; readonly parts: readonly AllocatedPart<Target>[] }
  /** `index` is the part at fault where parts were asked for. */
  | { readonly ok: false; readonly refused: Refused; readonly index?: number };

/**
 * Puts a debtor's credit onto its receivables, oldest first: by recognition, then invoice date, then id, each as far as credit and debt hold
 * on every date from `effectiveOn` on. Without an amount as much as possible is put, else exactly the amount: `exceeds-credit-balance` or
 * `exceeds-outstanding` otherwise. `nothing-to-allocate` when there is no credit, or nothing owed to put it onto.
 */
export function allocateOldestFirst<Target extends AllocationTarget>(
  credit: CreditBalance,
  targets: readonly Target[],
  effectiveOn: LocalDate,
  amount?: bigint,
): AllocationDecision<Target> {
  const available = lowestCreditFrom(credit, effectiveOn);
  if (amount !== undefined && amount > available) {
    const detail = `the debtor's unapplied credit from ${effectiveOn} on is ${String(available)} minor units`;
    return { ok: false, refused: { code: 'exceeds-credit-balance', detail, field: 'amount' } };
  }
  let left = amount ?? available;
  const parts: AllocatedPart<Target>[] = [];
  for (const target of targets.filter(({ balance }) => balance.recognisedOn <= effectiveOn).sort(olderFirst)) {
    if (left <= 0n) break;
    const owed = lowestFrom(target.balance, effectiveOn).outstanding;
    const part = owed < left ? owed : left;
    if (part <= 0n) continue;
    parts.push({ target, amount: part });
    left -= part;
  }
  if (amount !== undefined && left > 0n) {
    const detail = `the debtor's receivables owe ${String(amount - left)} minor units from ${effectiveOn} on`;
    return { ok: false, refused: { code: 'exceeds-outstanding', detail, field: 'amount' } };
  }
  if (parts.length === 0) {
    const detail = 'there is no unapplied credit, or no receivable that owes anything from that date on';
    return { ok: false, refused: { code: 'nothing-to-allocate', detail } };
  }
  return { ok: true, parts };
}

/** Puts stated amounts of a debtor's credit onto stated receivables, one after the other: `exceeds-credit-balance`, `exceeds-outstanding`. */
export function allocateAsStated<Target extends AllocationTarget>(
  credit: CreditBalance,
  parts: readonly AllocatedPart<Target>[],
  effectiveOn: LocalDate,
): AllocationDecision<Target> {
  let held = credit;
  for (const [index, { target, amount }] of parts.entries()) {
    const decided = decideMovement(target.balance, { type: 'allocation', amount, effectiveOn }, held);
    if (!decided.ok) return { ok: false, refused: decided.refused, index };
    held = creditFrom([...(held.steps ?? []), { effectiveOn, credit: decided.effect.credit }]);
  }
  return { ok: true, parts };
}

function olderFirst(left: AllocationTarget, right: AllocationTarget): number {
  return (
    compare(left.balance.recognisedOn, right.balance.recognisedOn) ||
    compare(left.invoicedOn, right.invoicedOn) ||
    compare(left.receivableId, right.receivableId)
  );
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
