import {
  creditExposure,
  type CreditExposure,
  daysBetween,
  formatAmount,
  type LimitBand,
  type LocalDate,
  type MinorMoney,
  localDate,
  scoreOf,
  type ScorePart,
  scoreParts,
  sumByCurrency,
  type Translation,
  worsening,
  type Worsening,
  type WorkSnapshot,
} from '@app/credit-domain';
import { type GroupBand, isHigher } from './group-bands';
import type { DebtorStanding } from '@app/receivables';
import { type DebtorWork, NO_WORK, type PutOff } from './work-facts';
import { controllerByRule, type WorklistPolicy } from './worklist-policy.fold';
import type { ScoredPart, WorkItem } from './worklist.messages';

export interface RankFacts {
  readonly asOf: LocalDate;
  readonly knownAt: string;
  readonly currency: string;
  readonly policy: WorklistPolicy;
  readonly translation: Translation;
  readonly work: ReadonlyMap<string, DebtorWork>;
  /** By debtor: what its group has used of the limit of the group. */
  readonly groups: ReadonlyMap<string, GroupBand>;
}

/** What a debtor is ranked and chosen by. */
export interface Weighed {
  readonly standing: DebtorStanding;
  readonly work: DebtorWork;
  readonly overdue: bigint | null;
  readonly overdueBy: readonly MinorMoney[];
  readonly oldestDueOn: string | null;
  readonly daysPastDue: number;
  readonly credit: CreditExposure;
  /** The higher of its own band and that of its group; `group` names the group where it is the group's. */
  readonly band: { readonly band: LimitBand; readonly group: string | null } | null;
}

export interface Ranked extends Weighed {
  readonly parts: readonly ScorePart[];
  readonly tenths: number;
  readonly controllerId: string | null;
  /** Null unless the debtor is off the list. */
  readonly putOff: PutOff | null;
  readonly backEarly: Worsening | null;
}

/** Every overdue debtor with its score, the most urgent first; of equals in the order of their ids. Texts are made for those shown alone. */
export function rankWorklist(standings: readonly DebtorStanding[], facts: RankFacts): { ranked: Ranked[]; halfAmount: bigint } {
  const weighed = standings.map((standing) => weigh(standing, facts));
  const known = weighed.flatMap(({ overdue }) => overdue ?? []);
  const sum = known.reduce((total, overdue) => total + overdue, 0n);
  const halfAmount = known.length === 0 || sum === 0n ? 1n : (sum + BigInt(known.length) - 1n) / BigInt(known.length);
  const ranked = weighed.map((debtor) => rank(debtor, halfAmount, facts));
  ranked.sort((a, b) => b.tenths - a.tenths || (a.standing.debtorId < b.standing.debtorId ? -1 : 1));
  return { ranked, halfAmount };
}

function weigh(standing: DebtorStanding, { asOf, currency, translation, work, groups }: RankFacts): Weighed {
  const { balances, creditLimit, debtorId } = standing;
  const overdueBy = sumByCurrency(balances.map(({ overdue, currency: of }) => ({ minor: overdue, currency: of })));
  let overdue: bigint | null = 0n;
  for (const money of overdueBy) {
    const translated = translation(money, currency);
    overdue = overdue === null || translated === undefined ? null : overdue + translated;
  }
  let oldestDueOn: string | null = null;
  for (const { oldestDueOn: on } of balances) if (on !== null && (oldestDueOn === null || on < oldestDueOn)) oldestDueOn = on;
  const owed = balances.map(({ outstanding, currency: of }) => ({ minor: outstanding, currency: of }));
  const credit = creditExposure(creditLimit, owed, translation);
  return {
    ...{ standing, work: work.get(debtorId) ?? NO_WORK, overdue, overdueBy, oldestDueOn },
    daysPastDue: oldestDueOn === null ? 0 : daysBetween(localDate(oldestDueOn), asOf),
    ...{ credit, band: bandOf(credit, groups.get(debtorId)) },
  };
}

function bandOf(credit: CreditExposure, group: GroupBand | undefined): Weighed['band'] {
  const own = credit.measured ? credit.use.band : null;
  if (group !== undefined && isHigher(group.band, own)) return { band: group.band, group: group.name };
  return own === null ? null : { band: own, group: null };
}

function rank(debtor: Weighed, halfAmount: bigint, { asOf, policy }: RankFacts): Ranked {
  const { standing, work, overdue, daysPastDue, band } = debtor;
  const contactOn = work.nextContact?.on ?? null;
  const parts = scoreParts(
    {
      ...{ overdue, daysPastDue, brokenPromises: work.broken.size, openDisputes: work.disputes.size },
      band: band?.band ?? null,
      contactDueDays: contactOn === null || contactOn > asOf ? null : daysBetween(localDate(contactOn), asOf),
      segmentTenths: policy.segmentTenths[standing.segment] ?? 0,
    },
    halfAmount,
  );
  const off = work.putOff !== null && work.putOff.until > asOf ? work.putOff : null;
  const backEarly = off === null ? null : worsening(off.snapshot, snapshotOf(debtor));
  return {
    ...debtor,
    ...{ parts, tenths: scoreOf(parts), backEarly, putOff: backEarly === null ? off : null },
    controllerId: work.assigned?.controllerId ?? controllerByRule(policy, standing.segment),
  };
}

/** A ranked debtor as it is shown. */
export function workItem(debtor: Ranked, facts: RankFacts): WorkItem {
  const { standing, work, controllerId, tenths, overdue, overdueBy, oldestDueOn, daysPastDue, credit, putOff, backEarly } = debtor;
  return {
    ...{
      debtorId: standing.debtorId,
      segment: standing.segment,
      controllerId,
      tenths,
      overdue,
      overdueBy,
      oldestDueOn,
      daysPastDue,
      credit,
    },
    assignedBy: work.assigned !== null ? 'person' : controllerId !== null ? 'rule' : null,
    parts: debtor.parts.map((part) => explain(part, debtor, facts)),
    ...{ nextContactOn: work.nextContact?.on ?? null, putOff, backEarly },
  };
}

/** How a debtor stands now, to be compared with later. */
export function snapshotOf({ overdueBy, work, band }: Pick<Weighed, 'overdueBy' | 'work' | 'band'>): WorkSnapshot {
  return {
    overdue: Object.fromEntries(overdueBy.map(({ minor, currency }) => [currency, minor])),
    brokenPromises: work.broken.size,
    band: band?.band ?? null,
  };
}

/** The snapshot of one debtor, overdue or not. */
export function snapshotOfDebtor(standing: DebtorStanding | undefined, facts: RankFacts, debtorId: string): WorkSnapshot {
  const nobody = { debtorId, segment: '', creditImpaired: false, creditLimit: null, balances: [] };
  return snapshotOf(weigh(standing ?? nobody, facts));
}

function explain({ part, tenths }: ScorePart, debtor: Weighed, { asOf, knownAt, currency, policy }: RankFacts): ScoredPart {
  const { standing, work, overdue, overdueBy, oldestDueOn, daysPastDue, band } = debtor;
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
      return of(`${String(work.broken.size)} not kept`, work.broken.values());
    case 'credit-limit':
      return of(band === null ? '' : `${band.group === null ? '' : `group ${band.group} `}in band ${band.band} of its limit`, [], balances);
    case 'next-contact':
      return of(`to be contacted on ${work.nextContact?.on ?? ''}`, work.nextContact === null ? [] : [work.nextContact.position]);
    case 'open-dispute':
      return of(`${String(work.disputes.size)} open`, work.disputes.values());
    case 'segment':
      return of(`segment ${standing.segment}`, policy.position === null ? [] : [policy.position]);
  }
}
