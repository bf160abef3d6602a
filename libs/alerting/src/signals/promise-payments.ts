import type { CashMovement, UnkeptPromise } from '@app/credit-domain';
import { cashPieces, localDate } from '@app/credit-domain';
import type { UnkeptPromiseRow } from './signal-tables';

type Promised = UnkeptPromiseRow & { readonly madeGood: boolean };

/**
 * What was paid after each promise was missed: cash of the debtor in the promise's currency, made after the due date and not counted in time. The
 * oldest promise is paid first, and no payment pays two.
 */
export function paidLater(
  promises: readonly Promised[],
  cash: ReadonlyMap<string, readonly CashMovement[]>,
  asOf: string,
): UnkeptPromise[] {
  const left = new Map<string, { movementId: string; on: string; currency: string; amount: bigint }[]>();
  return [...promises].sort(byDueDate).map(({ counted, ...promise }): UnkeptPromise => {
    const pieces = left.get(promise.debtorId) ?? piecesOf(cash.get(promise.debtorId) ?? [], asOf);
    left.set(promise.debtorId, pieces);
    let missing = promise.amount - promise.paidInTime;
    let paid = 0n;
    for (const piece of pieces) {
      if (missing <= 0n) break;
      if (piece.currency !== promise.currency || piece.on <= promise.dueOn || counted.includes(piece.movementId)) continue;
      const taken = piece.amount < missing ? piece.amount : missing;
      piece.amount -= taken;
      missing -= taken;
      paid += taken;
    }
    return { ...promise, paidLater: paid };
  });
}

function piecesOf(
  movements: readonly CashMovement[],
  asOf: string,
): { movementId: string; on: string; currency: string; amount: bigint }[] {
  return cashPieces(movements, localDate(asOf))
    .filter(({ kind }) => kind === 'cash')
    .map(({ movementId, on, currency, amount }) => ({ movementId, on, currency, amount }));
}

function byDueDate(left: Promised, right: Promised): number {
  return left.dueOn < right.dueOn ? -1 : left.dueOn > right.dueOn ? 1 : left.promiseId < right.promiseId ? -1 : 1;
}
