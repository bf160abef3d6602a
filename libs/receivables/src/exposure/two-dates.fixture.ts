import type { AgeingScheme, LocalDate } from '@app/credit-domain';
import { addDays, addMonths, bucketOf, localDate } from '@app/credit-domain';

/** A history of facts as they were recorded, and the slow, obvious way to read it: replay everything. */

export interface DebtorFact {
  readonly type: 'debtor';
  readonly debtor: number;
  readonly effectiveOn: LocalDate;
  readonly segment: string;
  readonly related: boolean;
}
export interface ReceivableFact extends Place {
  readonly type: 'receivable';
  readonly receivable: number;
  readonly debtor: number;
  readonly currency: string;
  readonly amount: bigint;
  readonly recognisedOn: LocalDate;
}
export interface MovementFact {
  readonly type: 'movement';
  readonly receivable: number;
  readonly effectiveOn: LocalDate;
  readonly gross: bigint;
}
export interface AssessmentFact {
  readonly type: 'assessment';
  readonly debtor: number;
  readonly effectiveOn: LocalDate;
  readonly entityId: string | null;
  readonly kinds: readonly string[] | null;
  readonly release: boolean;
}
/** From a day on a receivable is taken for something else; its recognition date stays. */
export interface ReclassificationFact extends Place {
  readonly type: 'reclassification';
  readonly receivable: number;
  readonly effectiveOn: LocalDate;
}
export type Fact = DebtorFact | ReceivableFact | MovementFact | AssessmentFact | ReclassificationFact;

/** What a receivable is taken for; a reclassification may change all of it. */
export interface Place {
  readonly entityId: string;
  readonly kind: string;
  readonly class: string;
  readonly invoicedOn: LocalDate;
  /** null = payable on demand, or not billed yet: never past due. */
  readonly dueOn: LocalDate | null;
}

/** A small deterministic source of choices (mulberry32). */
export class Choices {
  constructor(private state: number) {}
  below(n: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % n;
  }
  of<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new Error('nothing to choose from');
    return item;
  }
  chance(percent: number): boolean {
    return this.below(100) < percent;
  }
}

const KINDS = ['trade', 'contract_asset', 'other'] as const;
const FIRST_DAY = localDate('2019-11-20');
export const HISTORY_DAYS = 1_900;

export const anyDay = (choices: Choices): LocalDate => {
  const day = addDays(FIRST_DAY, choices.below(HISTORY_DAYS));
  // Month ends are where calendars go wrong; ask for them often.
  return choices.chance(25) ? addDays(localDate(`${addMonths(day, 1).slice(0, 7)}-01`), -1) : day;
};

/** Facts in the order they were recorded: most around their own date, many late, some dated ahead, none below zero. */
export function randomHistory(choices: Choices, facts: number): Fact[] {
  const history: Fact[] = [];
  const receivables: ReceivableFact[] = [];
  const settled = new Map<number, bigint>();
  const debtors = 1 + choices.below(4);
  for (let debtor = 0; debtor < debtors; debtor++) history.push(debtorFact(choices, debtor));
  while (history.length < facts) {
    const roll = choices.below(100);
    if (roll < 40 || receivables.length === 0) {
      const recognisedOn = anyDay(choices);
      const fact: ReceivableFact = {
        type: 'receivable',
        receivable: receivables.length,
        debtor: choices.below(debtors),
        ...anyPlace(choices, recognisedOn),
        currency: choices.of(['CNY', 'CNY', 'USD']),
        amount: BigInt(choices.below(100_000)),
        recognisedOn,
      };
      receivables.push(fact);
      history.push(fact);
    } else if (roll < 52) {
      // Also before, on and long after its recognition, and before movements and reclassifications that are known already.
      const target = choices.of(receivables);
      const effectiveOn = addDays(target.recognisedOn, choices.chance(10) ? 0 : choices.below(700));
      const place = anyPlace(choices, choices.chance(50) ? effectiveOn : target.recognisedOn);
      history.push({ type: 'reclassification', receivable: target.receivable, effectiveOn, ...place });
    } else if (roll < 78) {
      const target = choices.of(receivables);
      const used = settled.get(target.receivable) ?? 0n;
      const gross = -BigInt(choices.below(Number(target.amount - used) + 1));
      settled.set(target.receivable, used - gross);
      history.push({
        type: 'movement',
        receivable: target.receivable,
        effectiveOn: addDays(target.recognisedOn, choices.below(700)),
        gross,
      });
    } else if (roll < 90) {
      history.push(debtorFact(choices, choices.below(debtors)));
    } else {
      history.push({
        type: 'assessment',
        debtor: choices.below(debtors),
        effectiveOn: anyDay(choices),
        entityId: choices.chance(25) ? 'main' : null,
        kinds: choices.chance(25) ? [choices.of(KINDS)] : null,
        release: choices.chance(35),
      });
    }
  }
  return history;
}

const anyPlace = (choices: Choices, from: LocalDate): Place => {
  const invoicedOn = choices.chance(70) ? from : addDays(from, choices.below(90));
  return {
    entityId: choices.of(['main', 'main', 'sub']),
    kind: choices.of(KINDS),
    class: choices.of(['', '', 'current']),
    invoicedOn,
    dueOn: choices.chance(10) ? null : addDays(invoicedOn, choices.below(270)),
  };
};

const debtorFact = (choices: Choices, debtor: number): DebtorFact => ({
  type: 'debtor',
  debtor,
  effectiveOn: anyDay(choices),
  segment: choices.of(['retail', 'public']),
  related: choices.chance(20),
});

/** Balances by pool, currency and bucket at a date, from the first `known` facts: no index, no fold, no cleverness. */
export function replay(history: readonly Fact[], known: number, asOf: LocalDate, scheme: AgeingScheme): Map<string, bigint> {
  const facts = history.slice(0, known);
  const cells = new Map<string, bigint>();
  for (const item of facts) {
    if (item.type !== 'receivable' || item.recognisedOn > asOf) continue;
    let balance = item.amount;
    let place: Place = item;
    let placedOn = '';
    for (const f of facts) {
      if (f.type === 'movement' && f.receivable === item.receivable && f.effectiveOn <= asOf) balance += f.gross;
      if (f.type === 'reclassification' && f.receivable === item.receivable && f.effectiveOn <= asOf && f.effectiveOn >= placedOn) {
        place = f;
        placedOn = f.effectiveOn;
      }
    }
    if (balance === 0n) continue;
    let inForce: DebtorFact | undefined;
    let earliest: DebtorFact | undefined;
    for (const f of facts) {
      if (f.type !== 'debtor' || f.debtor !== item.debtor) continue;
      if (earliest === undefined || f.effectiveOn <= earliest.effectiveOn) earliest = f;
      if (f.effectiveOn <= asOf && (inForce === undefined || f.effectiveOn >= inForce.effectiveOn)) inForce = f;
    }
    const debtor = inForce ?? earliest;
    if (debtor === undefined) throw new Error('a receivable of an unknown debtor');
    addToCell(cells, {
      ...place,
      ...{ segment: debtor.segment, related: debtor.related, assessed: assessedAt(facts, item.debtor, place, asOf) },
      ...{ currency: item.currency, recognisedOn: item.recognisedOn, balance, asOf, scheme },
    });
  }
  return nonZero(cells);
}

/** Whether a debtor is individually assessed for a place on a date, by the last assessment or release that covers it. */
export function assessedAt(
  facts: readonly Fact[],
  debtor: number,
  place: { readonly entityId: string; readonly kind: string },
  asOf: string,
): boolean {
  let assessed = false;
  let assessedOn = '';
  for (const f of facts) {
    if (f.type !== 'assessment' || f.debtor !== debtor || f.effectiveOn > asOf || f.effectiveOn < assessedOn) continue;
    if ((f.entityId !== null && f.entityId !== place.entityId) || (f.kinds !== null && !f.kinds.includes(place.kind))) continue;
    assessed = !f.release;
    assessedOn = f.effectiveOn;
  }
  return assessed;
}

/** A balance with everything that decides its cell. */
export interface PlacedBalance {
  readonly entityId: string;
  readonly kind: string;
  readonly class: string;
  readonly invoicedOn: string;
  readonly dueOn: string | null;
  readonly segment: string;
  readonly related: boolean;
  readonly assessed: boolean;
  readonly currency: string;
  readonly recognisedOn: string;
  readonly balance: bigint;
  readonly asOf: LocalDate;
  readonly scheme: AgeingScheme;
}

export function addToCell(cells: Map<string, bigint>, placed: PlacedBalance): void {
  const { scheme, asOf } = placed;
  const anchor = { recognition: placed.recognisedOn, invoice: placed.invoicedOn, due: placed.dueOn }[scheme.basis];
  const bucket = anchor === null ? 0 : bucketOf(scheme, asOf, localDate(anchor));
  const key = [placed.entityId, placed.kind, placed.class, placed.segment, placed.related, placed.assessed, placed.currency, bucket].join(
    '|',
  );
  cells.set(key, (cells.get(key) ?? 0n) + placed.balance);
}

export function nonZero(cells: Map<string, bigint>): Map<string, bigint> {
  for (const [key, amount] of cells) if (amount === 0n) cells.delete(key);
  return cells;
}
