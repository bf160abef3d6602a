import { addDays, type LocalDate } from '../../values';
import type { CashPiece } from './cash-pieces';

export const CLAIM_OUTCOMES = ['kept', 'part-kept', 'broken'] as const;
export type ClaimOutcome = (typeof CLAIM_OUTCOMES)[number];

/** What a debtor said it would pay by a day: a promise, or an instalment of a payment plan. */
export interface Claim {
  readonly id: string;
  /** Payments count from this day on. */
  readonly madeOn: LocalDate;
  /** Tells claims made on one day apart: what was recorded first is served first. */
  readonly order: bigint;
  readonly dueOn: LocalDate;
  readonly graceDays: number;
  /** minor units, above zero. */
  readonly amount: bigint;
  readonly currency: string;
  /** null = any payment of the debtor counts. */
  readonly receivableIds: readonly string[] | null;
}

export interface ClaimJudgement {
  readonly claimId: string;
  /** null = still open: not paid, and its last day has not passed. */
  readonly outcome: ClaimOutcome | null;
  /** Of the amount. */
  readonly paid: bigint;
  readonly counted: readonly { readonly movementId: string; readonly amount: bigint }[];
  /** Unclassified settlements that would have counted as well, up to the amount. */
  readonly unclassified: bigint;
  /** The day the outcome holds from: that of the payment that made it whole, or the day after the last one. The as-of date while open. */
  readonly effectiveOn: LocalDate;
}

/** The last day on which money counts for a claim. */
export function lastDayOf({ dueOn, graceDays }: Pick<Claim, 'dueOn' | 'graceDays'>): LocalDate {
  return addDays(dueOn, graceDays);
}

/**
 * Judges all claims of a debtor against its payments as they stand on a day. A payment counts from the day a claim was made to its due date (with
 * its days of grace), on the receivables it names, and once: the oldest claim is served first, and takes what no other claim names before
 * what one does. Neither list needs an order.
 */
export function judgeClaims(claims: readonly Claim[], pieces: readonly CashPiece[], asOf: LocalDate): ClaimJudgement[] {
  const left = pieces.filter(({ on }) => on <= asOf).map((piece) => ({ piece, amount: piece.amount }));
  const inOrder = [...claims].sort(oldestFirst);
  const named = new Set(claims.flatMap(({ receivableIds }) => receivableIds ?? []));
  const served = inOrder.map((claim) => ({ claim, ...serve(claim, left, 'cash', claim.amount, named) }));
  return served.map(({ claim, paid, counted, lastOn }) => {
    const unclassified = serve(claim, left, 'unclassified', claim.amount - paid, named).paid;
    const isOver = asOf > lastDayOf(claim);
    const outcome = paid === claim.amount ? 'kept' : !isOver ? null : paid > 0n ? 'part-kept' : 'broken';
    const effectiveOn = outcome === null ? asOf : outcome === 'kept' ? (lastOn ?? claim.madeOn) : addDays(lastDayOf(claim), 1);
    return { claimId: claim.id, outcome, paid, counted, unclassified, effectiveOn };
  });
}

interface Left {
  readonly piece: CashPiece;
  amount: bigint;
}

function serve(claim: Claim, left: readonly Left[], kind: CashPiece['kind'], wanted: bigint, named: ReadonlySet<string>) {
  const counted = new Map<string, bigint>();
  let paid = 0n;
  let lastOn: LocalDate | null = null;
  const usable = left.filter(({ piece, amount }) => amount > 0n && piece.kind === kind && counts(claim, piece));
  for (const entry of usable.sort((a, b) => inTurn(claim, named, a.piece, b.piece))) {
    const taken = entry.amount < wanted - paid ? entry.amount : wanted - paid;
    if (taken <= 0n) break;
    entry.amount -= taken;
    paid += taken;
    counted.set(entry.piece.movementId, (counted.get(entry.piece.movementId) ?? 0n) + taken);
    if (lastOn === null || entry.piece.on > lastOn) lastOn = entry.piece.on;
  }
  return { paid, lastOn, counted: [...counted].map(([movementId, amount]) => ({ movementId, amount })) };
}

function counts(claim: Claim, { on, currency, receivableId }: CashPiece): boolean {
  if (currency !== claim.currency || on < claim.madeOn || on > lastDayOf(claim)) return false;
  return claim.receivableIds === null || (receivableId !== null && claim.receivableIds.includes(receivableId));
}

/** A promise for the account leaves what another one names for last; otherwise payments count as they came. */
function inTurn(claim: Claim, named: ReadonlySet<string>, a: CashPiece, b: CashPiece): number {
  const isWanted = ({ receivableId }: CashPiece): number =>
    claim.receivableIds === null && receivableId !== null && named.has(receivableId) ? 1 : 0;
  return (
    isWanted(a) - isWanted(b) ||
    compare(a.on, b.on) ||
    compare(a.position, b.position) ||
    compare(a.receivableId ?? '', b.receivableId ?? '')
  );
}

function oldestFirst(a: Claim, b: Claim): number {
  return compare(a.madeOn, b.madeOn) || compare(a.order, b.order) || compare(a.dueOn, b.dueOn) || compare(a.id, b.id);
}

function compare<Value extends string | bigint>(a: Value, b: Value): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
