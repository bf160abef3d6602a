import type { MovementType } from '../../receivables/kinds';
import type { LocalDate } from '../../values';

/** A movement of a debtor as the book holds it; amounts in minor units, signed as the book signs them. */
export interface CashMovement {
  readonly movementId: string;
  readonly position: bigint;
  readonly type: MovementType;
  readonly effectiveOn: LocalDate;
  /** null = on account. */
  readonly receivableId: string | null;
  readonly entityId: string;
  readonly currency: string;
  /** signed change of what the receivable owes. */
  readonly gross: bigint;
  /** signed change of the debtor's unapplied credit. */
  readonly credit: bigint;
  /** money on what had been written off. */
  readonly recovered: bigint;
}

/** What a debtor handed over, as far as it stands: a part of one payment, on one receivable or on account. */
export interface CashPiece {
  readonly movementId: string;
  readonly position: bigint;
  /** The day it was paid; putting cash from the account onto a receivable later does not change it. */
  readonly on: LocalDate;
  readonly receivableId: string | null;
  readonly currency: string;
  readonly amount: bigint;
  /** `unclassified`: vanished from a list of open items, and nobody has said yet whether it was paid. */
  readonly kind: 'cash' | 'unclassified';
}

type Piece = { -readonly [Key in keyof CashPiece]: CashPiece[Key] } & { entityId: string; isCash: boolean };

const MONEY_TYPES: ReadonlySet<MovementType> = new Set(['payment', 'payment_reversal', 'refund', 'recovery']);

/**
 * The payments of a debtor that stand on a day, in the order they were made. What was reversed or sent back is taken from the latest payment on
 * the same receivable (or on account); cash on account that was put onto receivables counts there, the oldest credit first. Credit notes on
 * account are drawn like cash but are none. The pieces of a payment never come to more than the payment.
 */
export function cashPieces(movements: readonly CashMovement[], asOf: LocalDate): CashPiece[] {
  const pieces: Piece[] = [];
  const known = movements.filter(({ effectiveOn }) => effectiveOn <= asOf).sort(byDate);
  for (const movement of known) {
    if (movement.type === 'allocation') allocate(pieces, movement);
    else if (movement.type === 'unclassified') add(pieces, movement, movement.receivableId, cashOf(movement), 'unclassified');
    else take(pieces, movement);
  }
  return pieces
    .filter(({ amount, isCash }) => amount > 0n && isCash)
    .map(({ entityId: _entity, isCash: _isCash, ...piece }) => piece)
    .sort((a, b) => compare(a.on, b.on) || compare(a.position, b.position));
}

/** What a movement brought in money; what was sent back is negative. */
function cashOf({ gross, credit, recovered }: CashMovement): bigint {
  return credit + recovered - gross;
}

function take(pieces: Piece[], movement: CashMovement): void {
  const isMoney = MONEY_TYPES.has(movement.type);
  const onItem = isMoney && movement.receivableId !== null ? movement.recovered - movement.gross : 0n;
  if (onItem > 0n) add(pieces, movement, movement.receivableId, onItem, 'cash');
  if (onItem < 0n) takeBack(pieces, movement, movement.receivableId, -onItem);
  if (movement.credit > 0n) add(pieces, movement, null, movement.credit, 'cash', isMoney);
  if (movement.credit < 0n) takeBack(pieces, movement, null, -movement.credit);
}

function add(
  pieces: Piece[],
  { movementId, position, effectiveOn, entityId, currency }: CashMovement,
  receivableId: string | null,
  amount: bigint,
  kind: CashPiece['kind'],
  isCash = true,
): void {
  if (amount > 0n) pieces.push({ movementId, position, on: effectiveOn, receivableId, entityId, currency, amount, kind, isCash });
}

/** The latest first: a cheque that bounces is seldom an old one. */
function takeBack(pieces: Piece[], movement: CashMovement, receivableId: string | null, amount: bigint): void {
  let left = amount;
  for (const piece of pieces.filter((candidate) => isOf(candidate, movement, receivableId)).reverse()) {
    const taken = piece.amount < left ? piece.amount : left;
    piece.amount -= taken;
    left -= taken;
  }
}

/** Credit on account goes onto the receivable with the day it was paid. */
function allocate(pieces: Piece[], movement: CashMovement): void {
  let left = -movement.gross;
  for (const piece of pieces.filter((candidate) => isOf(candidate, movement, null))) {
    const moved = piece.amount < left ? piece.amount : left;
    if (moved <= 0n) continue;
    piece.amount -= moved;
    left -= moved;
    pieces.push({ ...piece, receivableId: movement.receivableId, amount: moved });
  }
}

function isOf(piece: Piece, { entityId, currency }: CashMovement, receivableId: string | null): boolean {
  return piece.kind === 'cash' && piece.receivableId === receivableId && piece.currency === currency && piece.entityId === entityId;
}

function byDate(a: CashMovement, b: CashMovement): number {
  return compare(a.effectiveOn, b.effectiveOn) || compare(a.position, b.position);
}

function compare<Value extends string | bigint>(a: Value, b: Value): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
