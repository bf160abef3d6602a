import { addDays, daysBetween, type LocalDate } from '../../values';
import type { MinorMoney, Translation } from '../limits';
import type { DunningLevel, DunningPolicyContent } from './dunning-policy';
import type { DunningRecord } from './dunning-record';

export interface DunningPolicy extends DunningPolicyContent {
  readonly policyId: string;
  readonly version: number;
}

/** An item whose due date has passed. Amounts in minor units. */
export interface OverdueItem {
  readonly receivableId: string;
  readonly kind: string;
  readonly currency: string;
  readonly outstanding: bigint;
  readonly dueOn: LocalDate;
  /** What holds chasing of it back; null = nothing does. */
  readonly pausedBy: 'promise' | 'dispute' | 'payment-plan' | 'credit-hold' | null;
}

export interface OverdueDebtor {
  readonly debtorId: string;
  readonly segment: string;
  readonly items: readonly OverdueItem[];
  readonly record: DunningRecord;
}

/** Why an overdue item is in no letter of this run. It is looked at again in every run. */
export const NOT_DUNNED_REASONS = [
  'no-policy',
  'below-minimum',
  'promise',
  'dispute',
  'payment-plan',
  'credit-hold',
  'all-levels-sent',
  'not-long-past-due',
  'waiting-after-former-level',
  'earlier-letter-unsent',
  'letter-below-minimum',
  'fx-rate-missing',
  'another-level-first',
] as const;
export type NotDunnedReason = (typeof NOT_DUNNED_REASONS)[number];

export interface NotDunned {
  readonly receivableId: string;
  readonly reason: NotDunnedReason;
  /** The level it would be next; null where there is none. */
  readonly level: number | null;
  /** The first day on which this reason no longer stands, where the calendar alone decides. */
  readonly until: LocalDate | null;
}

export interface PlannedLetter {
  readonly policyId: string;
  readonly policyVersion: number;
  readonly level: DunningLevel;
  readonly currency: string;
  readonly total: bigint;
  readonly items: readonly { readonly item: OverdueItem; readonly daysPastDue: number }[];
}

export interface DunningDecision {
  /** All of one level: a debtor is never sent two at once. */
  readonly letters: readonly PlannedLetter[];
  readonly notDunned: readonly NotDunned[];
}

interface Candidate {
  readonly item: OverdueItem;
  readonly policy: DunningPolicy;
  readonly level: DunningLevel;
  /** The first day on which the level could be sent. */
  readonly dueToBeSentOn: LocalDate;
}

/**
 * What a debtor is sent on a day, and why an item is not. A pure function of facts: no listener, order of events or clock takes part, and the
 * same day decided twice differs only in that what is out is out.
 *
 * An item's next level is the one after the last that was *sent* for it; it is due once the item itself is long enough past its own due date and
 * the former level has been out long enough. So a payment of one item neither skips a level of another nor moves its clock. While a letter of
 * the debtor has not gone out, nothing follows it. Where items stand at different levels, the one that has been due longest goes first (of two
 * the lower level), so that neither new invoices nor old ones keep the others waiting for ever.
 */
export function decideDunning(
  policies: readonly DunningPolicy[],
  debtor: OverdueDebtor,
  asOf: LocalDate,
  translation: Translation,
): DunningDecision {
  const notDunned: NotDunned[] = [];
  const leave = (item: OverdueItem, reason: NotDunnedReason, level: number | null = null, until: LocalDate | null = null): void => {
    notDunned.push({ receivableId: item.receivableId, reason, level, until });
  };
  const candidates: Candidate[] = [];
  for (const item of debtor.items) {
    const judged = judge(policies, debtor, item, asOf, translation);
    if ('reason' in judged) leave(item, judged.reason, judged.level, judged.until);
    else candidates.push(judged);
  }
  const letters: PlannedLetter[] = [];
  for (const group of groupBy(candidates, ({ policy, level, item }) => `${String(level.level)}/${item.currency}/${policy.policyId}`)) {
    const letter = letterOf(group, asOf);
    const short = shortOf(letter.level.minimumAmount, { minor: letter.total, currency: letter.currency }, translation);
    if (short === null) letters.push(letter);
    else for (const { item, level } of group) leave(item, short === 'no-rate' ? 'fx-rate-missing' : 'letter-below-minimum', level.level);
  }
  const first = firstLevel(letters, candidates);
  for (const letter of letters) {
    if (letter.level.level !== first) for (const { item } of letter.items) leave(item, 'another-level-first', letter.level.level);
  }
  return { letters: letters.filter(({ level }) => level.level === first), notDunned };
}

type Judged = Candidate | { readonly reason: NotDunnedReason; readonly level: number | null; readonly until: LocalDate | null };

function judge(
  policies: readonly DunningPolicy[],
  { segment, record }: OverdueDebtor,
  item: OverdueItem,
  asOf: LocalDate,
  translation: Translation,
): Judged {
  const no = (reason: NotDunnedReason, level: number | null = null, until: LocalDate | null = null) => ({ reason, level, until });
  const policy = policies.find(
    ({ appliesTo: { segments, kinds } }) => (segments?.includes(segment) ?? true) && (kinds?.includes(item.kind) ?? true),
  );
  if (policy === undefined) return no('no-policy');
  const reached = record.itemAt(item.receivableId);
  const level = policy.levels.find((candidate) => candidate.level === reached.level + 1);
  if (level === undefined) return no('all-levels-sent');
  if (item.pausedBy !== null) return no(item.pausedBy, level.level);
  const short = shortOf(policy.appliesTo.minimumAmount, { minor: item.outstanding, currency: item.currency }, translation);
  if (short !== null) return no(short === 'no-rate' ? 'fx-rate-missing' : 'below-minimum', level.level);
  const pastDueOn = addDays(item.dueOn, level.daysPastDue);
  if (pastDueOn > asOf) return no('not-long-past-due', level.level, pastDueOn);
  const waitedOn = reached.sentOn === null ? pastDueOn : addDays(reached.sentOn, level.waitDays);
  if (waitedOn > asOf) return no('waiting-after-former-level', level.level, waitedOn);
  if (record.unsent !== null) return no('earlier-letter-unsent', level.level);
  return { item, policy, level, dueToBeSentOn: waitedOn > pastDueOn ? waitedOn : pastDueOn };
}

function letterOf(group: readonly [Candidate, ...Candidate[]], asOf: LocalDate): PlannedLetter {
  const [{ policy, level, item: any }] = group;
  const items = group
    .map(({ item }) => ({ item, daysPastDue: daysBetween(item.dueOn, asOf) }))
    .sort((a, b) =>
      a.item.dueOn < b.item.dueOn ? -1 : a.item.dueOn > b.item.dueOn ? 1 : a.item.receivableId < b.item.receivableId ? -1 : 1,
    );
  const total = items.reduce((sum, { item }) => sum + item.outstanding, 0n);
  return { policyId: policy.policyId, policyVersion: policy.version, level, currency: any.currency, total, items };
}

/** The level that has been due longest; undefined when there is no letter. */
function firstLevel(letters: readonly PlannedLetter[], candidates: readonly Candidate[]): number | undefined {
  const planned = new Set(letters.flatMap(({ items }) => items.map(({ item }) => item.receivableId)));
  const [first] = candidates
    .filter(({ item }) => planned.has(item.receivableId))
    .sort((a, b) => (a.dueToBeSentOn < b.dueToBeSentOn ? -1 : a.dueToBeSentOn > b.dueToBeSentOn ? 1 : a.level.level - b.level.level));
  return first?.level.level;
}

/** Whether an amount is below a minimum that may be in another currency. */
function shortOf(minimum: MinorMoney | null, amount: MinorMoney, translation: Translation): 'short' | 'no-rate' | null {
  if (minimum === null) return null;
  const translated = translation(amount, minimum.currency);
  if (translated === undefined) return 'no-rate';
  return translated < minimum.minor ? 'short' : null;
}

/** In the order of the keys, so that the same facts in another order give the same letters. */
function groupBy<Value>(values: readonly Value[], keyOf: (value: Value) => string): [Value, ...Value[]][] {
  const groups = new Map<string, [Value, ...Value[]]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return [...groups].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, group]) => group);
}
