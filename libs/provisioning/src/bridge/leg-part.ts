import type { BridgeCause, BridgeSubject, ReceivableBridge } from '@app/credit-domain';
import type { BridgeReceivable } from './bridge.queries';

/** One receivable's part of a leg, in presentation minor units; null when it has none. Its events are for the caller to name. */
export function partOf(
  { cause, kind }: { readonly cause: BridgeCause; readonly kind?: string | undefined },
  { history, opening, closing }: Pick<BridgeSubject, 'history' | 'opening' | 'closing'>,
  { contributions }: Pick<ReceivableBridge, 'contributions'>,
): BridgeReceivable | null {
  const own = contributions.filter((each) => each.cause === cause && (kind === undefined || each.cell.kind === kind));
  const [first] = own;
  if (first === undefined) return null;
  const on = (side: string): bigint => own.reduce((sum, { cell, amount }) => (cell.side === side ? sum + amount : sum), 0n);
  const sides = { collective: on('collective'), individual: on('individual'), staged: on('staged') };
  const amount = sides.collective + sides.individual + sides.staged;
  return {
    ...{ cause, amount, ...sides },
    // A leg counts every receivable with an amount in it, so none may be lost because its amounts make up nothing.
    moved: [amount, ...own.map((each) => each.amount)].map(magnitude).reduce((largest, each) => (each > largest ? each : largest), 0n),
    receivableNo: history.receivableNo,
    receivableId: history.receivableId,
    debtorId: history.debtorId,
    documentNo: history.documentNo,
    kind: first.cell.kind,
    opening: opening.allowance + opening.overlay,
    closing: closing.allowance + closing.overlay,
    events: [],
  };
}

type Ranked = Pick<BridgeReceivable, 'moved' | 'receivableNo'>;

/** The order of an opened leg: the largest movement first, then by number. */
export function largestMoveFirst(left: Ranked, right: Ranked): number {
  if (left.moved !== right.moved) return left.moved > right.moved ? -1 : 1;
  return left.receivableNo < right.receivableNo ? -1 : left.receivableNo > right.receivableNo ? 1 : 0;
}

function magnitude(amount: bigint): bigint {
  return amount < 0n ? -amount : amount;
}
