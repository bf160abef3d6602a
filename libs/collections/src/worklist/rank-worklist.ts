import {
  creditExposure,
  type CreditExposure,
  daysBetween,
  formatAmount,
  type LocalDate,
  localDate,
  scoreOf,
  type ScorePart,
  scoreParts,
  sumByCurrency,
  type Translation,
  worsening,
  type WorkSnapshot,
} from '@app/credit-domain';
import type { DebtorStanding } from '@app/receivables';
import { type DebtorWork, NO_WORK } from './work-facts';
import { controllerByRule, type WorklistPolicy } from './worklist-policy.fold';
import type { ScoredPart, WorkItem } from './worklist.messages';

export interface RankFacts {
  readonly asOf: LocalDate;
  readonly knownAt: string;
  readonly currency: string;
  readonly policy: WorklistPolicy;
  readonly translation: Translation;
  readonly work: ReadonlyMap<string, DebtorWork>;
}

interface Weighed {
  readonly standing: DebtorStanding;
  readonly work: DebtorWork;
  readonly overdue: bigint | null;
  readonly overdueBy: readonly { minor: bigint; currency: string }[];
  readonly oldestDueOn: string | null;
  readonly credit: CreditExposure;
}

/** Every overdue debtor with its score, the most urgent first; of equals in the order of their ids. */
export function rankWorklist(standings: readonly DebtorStanding[], facts: RankFacts): { items: WorkItem[]; halfAmount: bigint } {
  const weighed = standings.map((standing) => weigh(standing, facts));
  const known = weighed.flatMap(({ overdue }) => overdue ?? []);
  const sum = known.reduce((total, overdue) => total + overdue, 0n);
  const halfAmount = known.length === 0 || sum === 0n ? 1n : (sum + BigInt(known.length) - 1n) / BigInt(known.length);
  const items = weighed.map((debtor) => itemOf(debtor, halfAmount, facts));
  items.sort((a, b) => b.tenths - a.tenths || (a.debtorId < b.debtorId ? -1 : 1));
  return { items, halfAmount };
}

function weigh(standing: DebtorStanding, { currency, translation, work }: RankFacts): Weighed {
  const { balances, creditLimit, debtorId } = standing;
  const overdueBy = sumByCurrency(balances.map(({ overdue, currency: of }) => ({ minor: overdue, currency: of })));
  let overdue: bigint | null = 0n;
  for (const money of overdueBy) {
    const translated = translation(money, currency);
    overdue = overdue === null || translated === undefined ? null : overdue + translated;
  }
  const oldestDueOn = balances.reduce<string | null>(
    (oldest, { oldestDueOn: on }) => (on !== null && (oldest === null || on < oldest) ? on : oldest),
    null,
  );
  const owed = balances.map(({ outstanding, currency: of }) => ({ minor: outstanding, currency: of }));
  return {
    standing,
    work: work.get(debtorId) ?? NO_WORK,
    overdue,
    overdueBy,
    oldestDueOn,
    credit: creditExposure(creditLimit, owed, translation),
  };
}

function itemOf(debtor: Weighed, halfAmount: bigint, facts: RankFacts): WorkItem {
  const { standing, work, overdue, overdueBy, oldestDueOn, credit } = debtor;
  const { asOf, policy } = facts;
  const { debtorId, segment } = standing;
  const daysPastDue = oldestDueOn === null ? 0 : daysBetween(localDate(oldestDueOn), asOf);
  const contactOn = work.nextContact?.on ?? null;
  const scored = scoreParts(
    {
      ...{ overdue, daysPastDue, brokenPromises: work.broken.size, openDisputes: work.disputes.size },
      band: credit.measured ? credit.use.band : null,
      contactDueDays: contactOn === null || contactOn > asOf ? null : daysBetween(localDate(contactOn), asOf),
      segmentTenths: policy.segmentTenths[segment] ?? 0,
    },
    halfAmount,
  );
  const off = work.putOff !== null && work.putOff.until > asOf ? work.putOff : null;
  const worse = off === null ? null : worsening(off.snapshot, snapshotOf(debtor));
  const byRule = controllerByRule(policy, segment);
  return {
    ...{ debtorId, segment, tenths: scoreOf(scored), overdue, overdueBy, oldestDueOn, daysPastDue, credit, nextContactOn: contactOn },
    controllerId: work.assigned?.controllerId ?? byRule,
    assignedBy: work.assigned !== null ? 'person' : byRule !== null ? 'rule' : null,
    parts: scored.map((part) => explain(part, debtor, daysPastDue, facts)),
    putOff: worse === null ? off : null,
    backEarly: worse,
  };
}

/** How a debtor stands now, to be compared with later. */
export function snapshotOf({ overdueBy, work, credit }: Pick<Weighed, 'overdueBy' | 'work' | 'credit'>): WorkSnapshot {
  return {
    overdue: Object.fromEntries(overdueBy.map(({ minor, currency }) => [currency, minor])),
    brokenPromises: work.broken.size,
    band: credit.measured ? credit.use.band : null,
  };
}

/** The snapshot of one debtor, overdue or not. */
export function snapshotOfDebtor(standing: DebtorStanding | undefined, facts: RankFacts, debtorId: string): WorkSnapshot {
  const nobody = { debtorId, segment: '', creditImpaired: false, creditLimit: null, balances: [] };
  return snapshotOf(weigh(standing ?? nobody, facts));
}

function explain(
  { part, tenths }: ScorePart,
  debtor: Weighed,
  daysPastDue: number,
  { asOf, knownAt, currency, policy }: RankFacts,
): ScoredPart {
  const { standing, work, overdue, overdueBy, oldestDueOn, credit } = debtor;
  const at = `asOf=${asOf}&knownAt=${encodeURIComponent(knownAt)}`;
  const balances = `/v1/debtors/${encodeURIComponent(standing.debtorId)}/receivables?${at}`;
  const of = (why: string, positions: Iterable<bigint> = [], opens: string | null = null): ScoredPart => ({
    ...{ part, tenths, why, positions: [...positions], opens },
  });
  switch (part) {
    case 'overdue-amount': {
      const each = overdueBy.map(({ minor, currency: own }) => `${own} ${formatAmount(minor, own)}`).join(' and ');
      return of(overdue === null ? `${each} past due, no rate to ${currency}` : `${each} past due`, [], balances);
    }
    case 'days-past-due':
      return of(`the oldest item was due on ${oldestDueOn ?? ''}, ${String(daysPastDue)} days ago`, [], balances);
    case 'broken-promises':
      return of(`${String(work.broken.size)} broken`, work.broken.values());
    case 'credit-limit':
      return of(credit.measured ? `in band ${credit.use.band} of its limit` : '', [], balances);
    case 'next-contact':
      return of(`to be contacted on ${work.nextContact?.on ?? ''}`, work.nextContact === null ? [] : [work.nextContact.position]);
    case 'open-dispute':
      return of(`${String(work.disputes.size)} open`, work.disputes.values());
    case 'segment':
      return of(`segment ${standing.segment}`, policy.position === null ? [] : [policy.position]);
  }
}
