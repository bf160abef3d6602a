import { addDays, daysBetween, localDate } from '@app/credit-domain';

/** What the test itself remembers of a life of debtors: facts as they were told, and no rule of the product. Amounts in whole units. */
export interface LifeItem {
  readonly id: string;
  readonly debtorId: string;
  readonly amount: number;
  readonly dueOn: string;
}
export interface Cash {
  readonly id: string;
  readonly itemId: string;
  readonly on: string;
  readonly amount: number;
  /** Reversals take their payment back. */
  readonly reverses: string | null;
}
export interface ToldLetter {
  readonly id: string;
  readonly debtorId: string;
  readonly level: number;
  readonly state: string;
  readonly issuedOn: string;
  readonly sentOn: string | null;
  readonly receivableIds: readonly string[];
  readonly position: number;
}
export interface ToldPromise {
  readonly id: string;
  readonly debtorId: string;
  readonly state: string;
  readonly amount: { readonly amount: string };
  readonly madeOn: string;
  readonly dueOn: string;
  readonly receivableIds: readonly string[] | null;
  readonly judgements: readonly {
    readonly outcome: string;
    readonly paid: { readonly amount: string };
    readonly counted: readonly { readonly movementId: string; readonly amount: { readonly amount: string } }[];
  }[];
}

export const LEVELS = [
  { level: 1, daysPastDue: 5, waitDays: 0 },
  { level: 2, daysPastDue: 15, waitDays: 5 },
  { level: 3, daysPastDue: 30, waitDays: 5 },
] as const;

export function outstanding({ id, amount }: LifeItem, cash: readonly Cash[]): number {
  return cash.reduce(
    (left, { itemId, amount: paid, reverses }) => (itemId === id ? left + (reverses === null ? -paid : paid) : left),
    amount,
  );
}

/** What the letters say that they must never say: the same twice, a level before the one under it was sent. */
export function dunningFaults(letters: readonly ToldLetter[]): string[] {
  const faults: string[] = [];
  const byItem = new Map<string, ToldLetter[]>();
  for (const letter of [...letters].sort((a, b) => a.position - b.position)) {
    if (letter.state === 'withdrawn') continue;
    for (const id of letter.receivableIds) {
      const before = byItem.get(id) ?? [];
      const last = before.at(-1);
      if (letter.level !== before.length + 1) faults.push(`${id}: level ${String(letter.level)} after ${String(before.length)}`);
      if (last !== undefined && last.state !== 'sent')
        faults.push(`${id}: level ${String(letter.level)} while the one before is ${last.state}`);
      if (last !== undefined && (last.sentOn ?? '') > letter.issuedOn)
        faults.push(`${id}: level ${String(letter.level)} before the last went out`);
      byItem.set(id, [...before, letter]);
    }
  }
  return faults;
}

/** Whether an item was to be in a letter on a day, were nothing in its way. */
export function isDue(item: LifeItem, letters: readonly ToldLetter[], on: string): boolean {
  const sent = letters.filter(({ state, receivableIds }) => state === 'sent' && receivableIds.includes(item.id));
  const next = LEVELS[sent.length];
  if (next === undefined) return false;
  const last = sent
    .map(({ sentOn }) => sentOn ?? '')
    .sort()
    .at(-1);
  const isPastDue = daysBetween(localDate(item.dueOn), localDate(on)) >= next.daysPastDue;
  return isPastDue && (last === undefined || addDays(localDate(last), next.waitDays) <= on);
}

/** What is left of each payment once the latest reversals are taken off it. */
function standing(cash: readonly Cash[], today: string): Map<string, Cash> {
  const left = new Map<string, Cash>();
  const known = cash.filter(({ on }) => on <= today);
  for (const one of known) if (one.reverses === null) left.set(one.id, one);
  for (const { reverses } of known) if (reverses !== null) left.delete(reverses);
  return left;
}

/**
 * What the judgements of a debtor's promises say that no payment bears out: cash counted twice, cash of another day or item, a promise kept with too little,
 * or not kept while cash for it lies there uncounted.
 */
export function promiseFaults(promises: readonly ToldPromise[], cash: readonly Cash[], today: string, hasPlan: boolean): string[] {
  const faults: string[] = [];
  const stands = standing(cash, today);
  const used = new Map<string, number>();
  for (const { id, state, amount, madeOn, dueOn, receivableIds, judgements } of promises) {
    const last = judgements.at(-1);
    if (state === 'withdrawn' || last === undefined || last.outcome === 'open') continue;
    let sum = 0;
    for (const one of last.counted) {
      const payment = stands.get(one.movementId);
      sum += Number(one.amount.amount);
      used.set(one.movementId, (used.get(one.movementId) ?? 0) + Number(one.amount.amount));
      if (payment === undefined) faults.push(`${id}: counts ${one.movementId}, which does not stand`);
      else if (payment.on < madeOn || payment.on > dueOn || !(receivableIds?.includes(payment.itemId) ?? true)) {
        faults.push(`${id}: counts ${one.movementId}, which is for something else`);
      }
    }
    if (sum !== Number(last.paid.amount)) faults.push(`${id}: paid ${last.paid.amount}, counted ${String(sum)}`);
    if (state === 'kept' && sum !== Number(amount.amount)) faults.push(`${id}: kept with ${String(sum)} of ${amount.amount}`);
    if (['broken', 'part-kept'].includes(state) && dueOn >= today) faults.push(`${id}: ${state} before its day is over`);
    if (state === 'broken' && sum !== 0) faults.push(`${id}: broken with ${String(sum)}`);
  }
  for (const [movementId, amount] of used) {
    if (amount > (stands.get(movementId)?.amount ?? 0)) faults.push(`${movementId} is counted with ${String(amount)}, more than it was`);
  }
  // What waits for an open promise, or for an instalment, is not told yet: then nobody outside knows what lies free.
  if (!hasPlan && promises.every(({ state }) => state !== 'open')) {
    for (const { id, state, madeOn, dueOn, receivableIds } of promises) {
      if (state !== 'broken' && state !== 'part-kept') continue;
      const free = [...stands.values()]
        .filter(({ on, itemId }) => on >= madeOn && on <= dueOn && (receivableIds?.includes(itemId) ?? true))
        .reduce((sum, payment) => sum + payment.amount - (used.get(payment.id) ?? 0), 0);
      if (free > 0) faults.push(`${id}: ${state}, though ${String(free)} lies there`);
    }
  }
  for (const { id, state, dueOn } of promises) if (state === 'open' && dueOn < today) faults.push(`${id}: still open on ${today}`);
  return faults;
}

/** Mulberry32: the same life for the same seed. */
export function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
