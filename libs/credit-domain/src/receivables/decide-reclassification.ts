import type { Classification } from '../exposure/receivable-history';
import type { Refused } from '../refusals';
import type { LocalDate } from '../values/local-date';
import type { ReceivableBalance } from './balances';
import { owedOn } from './balances';
import type { ReceivableKind } from './kinds';

/** What a receivable is to become; null = stays as it is. */
export interface ReclassificationTarget {
  readonly kind: ReceivableKind | null;
  /** a class belongs to its kind: with another kind, null means none. */
  readonly class: string | null;
  readonly entityId: string | null;
  readonly invoicedOn: LocalDate | null;
  readonly dueOn: LocalDate | null;
}

/** A movement of type `reclassify`; `amount` in minor units, zero = the whole balance. */
export interface Reclassification {
  readonly effectiveOn: LocalDate;
  readonly amount: bigint;
  readonly to: ReclassificationTarget;
}

export type Place = Omit<Classification, 'effectiveOn' | 'position'>;

export type ReclassificationDecision =
  /** `moved`: what was owed at the end of that date by what is known now, minor units. */
  { readonly ok: true; readonly to: Place; readonly moved: bigint } | { readonly ok: false; readonly refused: Refused };

const refuse = (code: Refused['code'], field: string, detail: string): ReclassificationDecision => ({
  ok: false,
  refused: { code, detail, field },
});

/**
 * Decides a reclassification: the whole of what is owed goes to another kind, class or entity, or a contract asset gets the dates of its
 * invoice. The recognition date never changes, so the age is carried on. `from` is what the receivable is taken for on that date so far. The
 * first failing check answers: `amount-negative`, `before-recognition`, `reclassify-partial`, `reclassify-nothing`.
 */
export function decideReclassification(receivable: ReceivableBalance, from: Place, movement: Reclassification): ReclassificationDecision {
  const { amount, effectiveOn } = movement;
  if (amount < 0n) return refuse('amount-negative', 'amount', 'the amount of a reclassify is blank, zero or what is owed');
  if (effectiveOn < receivable.recognisedOn) {
    return refuse(
      'before-recognition',
      'effective_on',
      `${effectiveOn} is before the receivable's recognition on ${receivable.recognisedOn}`,
    );
  }
  const moved = owedOn(receivable, effectiveOn);
  if (amount !== 0n && amount !== moved) {
    const detail = `a receivable is reclassified as a whole: ${String(moved)} minor units are owed on ${effectiveOn}; bill a contract asset item by item`;
    return refuse('reclassify-partial', 'amount', detail);
  }
  const to = placeAfter(from, movement.to);
  if (isSamePlace(from, to)) {
    return refuse('reclassify-nothing', 'to_kind', 'the receivable has this kind, class and entity and these dates already');
  }
  return { ok: true, to, moved };
}

function placeAfter(from: Place, target: ReclassificationTarget): Place {
  const kind = target.kind ?? from.kind;
  return {
    kind,
    class: target.class ?? (kind === from.kind ? from.class : ''),
    entityId: target.entityId ?? from.entityId,
    invoicedOn: target.invoicedOn ?? from.invoicedOn,
    dueOn: target.dueOn ?? from.dueOn,
  };
}

function isSamePlace(left: Place, right: Place): boolean {
  return (
    left.kind === right.kind &&
    left.class === right.class &&
    left.entityId === right.entityId &&
    left.invoicedOn === right.invoicedOn &&
    left.dueOn === right.dueOn
  );
}
