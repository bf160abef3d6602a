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
export interface ReceivableFact {
  readonly type: 'receivable';
  readonly receivable: number;
  readonly debtor: number;
  readonly entityId: string;
  readonly kind: string;
  readonly class: string;
  readonly currency: string;
  readonly amount: bigint;
  readonly recognisedOn: LocalDate;
  readonly invoicedOn: LocalDate;
  readonly dueOn: LocalDate;
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
export type Fact = DebtorFact | ReceivableFact | MovementFact | AssessmentFact;

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
      const invoicedOn = choices.chance(70) ? recognisedOn : addDays(recognisedOn, choices.below(90));
      const fact: ReceivableFact = {
        type: 'receivable',
        receivable: receivables.length,
        debtor: choices.below(debtors),
        entityId: choices.of(['main', 'main', 'sub']),
        kind: choices.of(KINDS),
        class: choices.of(['', '', 'current']),
        currency: choices.of(['CNY', 'CNY', 'USD']),
        amount: BigInt(choices.below(100_000)),
        recognisedOn,
        invoicedOn,
        dueOn: addDays(invoicedOn, choices.below(270)),
      };
      receivables.push(fact);
      history.push(fact);
    } else if (roll < 75) {
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
    } else if (roll < 88) {
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
    for (const m of facts) if (m.type === 'movement' && m.receivable === item.receivable && m.effectiveOn <= asOf) balance += m.gross;
    if (balance === 0n) continue;
    let inForce: DebtorFact | undefined;
    let earliest: DebtorFact | undefined;
    let assessed = false;
    let assessedOn = '';
    for (const f of facts) {
      if (f.type === 'debtor' && f.debtor === item.debtor) {
        if (earliest === undefined || f.effectiveOn <= earliest.effectiveOn) earliest = f;
        if (f.effectiveOn <= asOf && (inForce === undefined || f.effectiveOn >= inForce.effectiveOn)) inForce = f;
      }
      if (
        f.type === 'assessment' &&
        f.debtor === item.debtor &&
        f.effectiveOn <= asOf &&
        f.effectiveOn >= assessedOn &&
        (f.entityId === null || f.entityId === item.entityId) &&
        (f.kinds === null || f.kinds.includes(item.kind))
      ) {
        assessed = !f.release;
        assessedOn = f.effectiveOn;
      }
    }
    const debtor = inForce ?? earliest;
    if (debtor === undefined) throw new Error('a receivable of an unknown debtor');
    const anchor = { recognition: item.recognisedOn, invoice: item.invoicedOn, due: item.dueOn }[scheme.basis];
    const key = [
      item.entityId,
      item.kind,
      item.class,
      debtor.segment,
      debtor.related,
      assessed,
      item.currency,
      bucketOf(scheme, asOf, anchor),
    ].join('|');
    cells.set(key, (cells.get(key) ?? 0n) + balance);
  }
  for (const [key, amount] of cells) if (amount === 0n) cells.delete(key);
  return cells;
}
