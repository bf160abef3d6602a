/**
 * Which pool a debtor's balances belong to, and from when.
 *
 * A pool is a group of balances that ages and provides together: entity, kind and class of the
 * receivable, segment and related-party flag of the debtor, and whether the debtor is individually
 * assessed. All but the first three are dated facts, so a line of business with a debtor runs
 * through pools over time. The intervals computed here are the only statement of that rule; the
 * projection of exposures and its brute-force check both read them.
 */

/** The first and last day of time, open on both sides; PostgreSQL's `-infinity` and `infinity` dates. */
export const BEGINNING_OF_TIME = '-infinity';
export const END_OF_TIME = 'infinity';

/** The attributes of a debtor that decide a pool, in force from `effectiveOn` until the next fact. */
export interface DebtorPoolFact {
  readonly effectiveOn: string;
  readonly position: bigint;
  readonly segment: string;
  readonly relatedParty: boolean;
}

/** An approved individual assessment (or, with `release`, the approved way back to the matrix). */
export interface AssessmentPoolFact {
  readonly effectiveOn: string;
  readonly position: bigint;
  /** `null` means every entity. */
  readonly entityId: string | null;
  /** `null` means every kind. */
  readonly kinds: readonly string[] | null;
  readonly release: boolean;
}

/** What a receivable itself says of its pool. */
export interface PoolLine {
  readonly entityId: string;
  readonly kind: string;
}

/** One stretch of time, `from` inclusive and `to` exclusive, in which the debtor-side attributes stay the same. */
export interface PoolInterval {
  readonly from: string;
  readonly to: string;
  readonly segment: string;
  readonly relatedParty: boolean;
  readonly assessed: boolean;
}

/** Later business date wins; on one date, what was recorded last wins. */
const byDateThenPosition = (a: { effectiveOn: string; position: bigint }, b: { effectiveOn: string; position: bigint }): number =>
  a.effectiveOn < b.effectiveOn ? -1 : a.effectiveOn > b.effectiveOn ? 1 : a.position < b.position ? -1 : a.position > b.position ? 1 : 0;

/**
 * The pools of one line over all time, as far as the given facts know.
 *
 * The earliest debtor fact also covers everything before it: nothing else is known of those days.
 * A debtor is collectively provided for until the first assessment takes effect.
 * Neighbouring stretches in the same pool are merged, so an amendment that changes nothing yields nothing.
 */
export function poolIntervals(
  line: PoolLine,
  debtorFacts: readonly DebtorPoolFact[],
  assessments: readonly AssessmentPoolFact[],
): PoolInterval[] {
  const facts = [...debtorFacts].sort(byDateThenPosition);
  const carveOuts = assessments
    .filter((a) => (a.entityId === null || a.entityId === line.entityId) && (a.kinds === null || a.kinds.includes(line.kind)))
    .sort(byDateThenPosition);
  const first = facts[0];
  if (first === undefined) throw new Error('A line without a debtor fact cannot be assigned to a pool.');

  const changes = [...new Set([...facts.slice(1).map((f) => f.effectiveOn), ...carveOuts.map((a) => a.effectiveOn)])].sort();
  const intervals: PoolInterval[] = [];
  let from = BEGINNING_OF_TIME;
  let fact = first;
  let assessed = false;
  let nextFact = 1;
  let nextCarveOut = 0;
  const close = (to: string): void => {
    const last = intervals.at(-1);
    if (from === to) return;
    if (last?.segment === fact.segment && last.relatedParty === fact.relatedParty && last.assessed === assessed) {
      intervals[intervals.length - 1] = { ...last, to };
    } else {
      intervals.push({ from, to, segment: fact.segment, relatedParty: fact.relatedParty, assessed });
    }
    from = to;
  };
  // Facts of the first date are all in force from the beginning; only the last of them counts.
  for (let next = facts[nextFact]; next?.effectiveOn === first.effectiveOn; next = facts[++nextFact]) fact = next;

  for (const date of changes) {
    if (date === first.effectiveOn && carveOuts.every((a) => a.effectiveOn !== date)) continue;
    close(date);
    for (let next = facts[nextFact]; next !== undefined && next.effectiveOn <= date; next = facts[++nextFact]) fact = next;
    for (let next = carveOuts[nextCarveOut]; next !== undefined && next.effectiveOn <= date; next = carveOuts[++nextCarveOut]) {
      assessed = !next.release;
    }
  }
  close(END_OF_TIME);
  return intervals;
}
