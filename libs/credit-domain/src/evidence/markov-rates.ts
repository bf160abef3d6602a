import type { BucketGroup } from './bucket-groups';
import { absorption } from './markov';
import type { MigrationTable } from './migration';
import { Ratio } from '../values/ratio';
import { boundedRate, mergeTable, type BoundedRate, type RollRateChoices } from './roll-rates';

export type MarkovChoices = Pick<RollRateChoices, 'average' | 'writeOffs' | 'unclassified'> & {
  /** with a loss, the last group is an end of its own, lost at that share; null = claims can leave it like any other. */
  readonly terminalLoss: Ratio | null;
};

export interface MarkovRates {
  /** groups, then `Paid` and `Bad`. */
  readonly states: readonly string[];
  /** by group: the probabilities of going to each state within a period; null where nothing stood at the start. */
  readonly matrix: readonly (readonly Ratio[] | null)[];
  /** by group: the probability of ending as a loss; undefined where the way there leads through a state nothing was seen in. */
  readonly lossRates: readonly BoundedRate[];
  /** by group, what the probabilities rest on. */
  readonly bases: readonly bigint[];
}

const PAID_STATE = 'Paid';
const BAD_STATE = 'Bad';

/**
 * A chain of buckets with cures and stays, counted from migration tables (domain reference 7.2). What was disposed of or reclassified is left out
 * of the base: it tells nothing about payment. Throws the faults of `absorption`.
 */
export function markovRates(tables: readonly MigrationTable[], groups: readonly BucketGroup[], choices: MarkovChoices): MarkovRates {
  const states = [...groups.map(({ label }) => label), PAID_STATE, BAD_STATE];
  const high = matrixOf(tables, groups, choices, 'as-written-off');
  const low = matrixOf(tables, groups, choices, 'as-collected');
  const chosen = choices.unclassified === 'as-collected' ? low : high;
  const bounds = { low: lossesOf(low.rows, states, choices), high: lossesOf(high.rows, states, choices) };
  return {
    states,
    matrix: chosen.rows,
    bases: chosen.bases,
    lossRates: groups.map((_, index) =>
      boundedRate({ low: bounds.low[index] ?? null, high: bounds.high[index] ?? null }, choices.unclassified),
    ),
  };
}

function matrixOf(
  tables: readonly MigrationTable[],
  groups: readonly BucketGroup[],
  choices: MarkovChoices,
  unclassified: MarkovChoices['unclassified'],
): { rows: (Ratio[] | null)[]; bases: bigint[] } {
  const counted = tables.map((table) =>
    mergeTable(table, groups).rows.map((row) => {
      const base = row.opening + row.raised - row.disposed - row.reclassified;
      const lost = (choices.writeOffs === 'added-back' ? row.writtenOff : 0n) + (unclassified === 'as-written-off' ? row.unclassified : 0n);
      const paid = row.collected + row.credited + row.writtenOff + row.unclassified - lost;
      return { base, cells: [...row.closing, paid, lost] };
    }),
  );
  const bases = groups.map((_, index) => counted.reduce((sum, rows) => sum + (rows[index]?.base ?? 0n), 0n));
  const rows = groups.map((_, index): Ratio[] | null => {
    const samples = counted.flatMap((each) => each[index] ?? []).filter(({ base }) => base > 0n);
    if (samples.length === 0) return null;
    return Array.from({ length: groups.length + 2 }, (_cell, state) =>
      choices.average === 'simple'
        ? (Ratio.meanOfDefined(samples.map(({ base, cells }) => Ratio.of(cells[state] ?? 0n, base))) ?? Ratio.ZERO)
        : Ratio.of(
            samples.reduce((sum, { cells }) => sum + (cells[state] ?? 0n), 0n),
            samples.reduce((sum, { base }) => sum + base, 0n),
          ),
    );
  });
  return { rows, bases };
}

/** Loss rates by group. States from which an unobserved state can be reached have none. */
function lossesOf(rows: readonly (readonly Ratio[] | null)[], states: readonly string[], choices: MarkovChoices): (Ratio | null)[] {
  const last = rows.length - 1;
  const [paid, bad] = [rows.length, rows.length + 1];
  const ends = choices.terminalLoss === null ? [paid, bad] : [last, paid, bad];
  const unknown = new Set(rows.flatMap((row, index) => (row === null && !ends.includes(index) ? [index] : [])));
  for (let grown = true; grown;) {
    grown = false;
    rows.forEach((row, index) => {
      if (unknown.has(index) || ends.includes(index) || row === null) return;
      if (row.some((probability, to) => unknown.has(to) && !probability.isZero())) {
        unknown.add(index);
        grown = true;
      }
    });
  }
  const kept = states.map((_, index) => index).filter((index) => !unknown.has(index));
  const solved = absorption({
    states: kept.map((index) => states[index] ?? ''),
    absorbing: kept.flatMap((state, at) => (ends.includes(state) ? [at] : [])),
    rows: kept.map((from) => kept.map((to) => rows[from]?.[to] ?? Ratio.ZERO)),
  });
  const lossAtEnd = ends.map((end) => (end === bad ? Ratio.ONE : end === last ? (choices.terminalLoss ?? Ratio.ZERO) : Ratio.ZERO));
  return rows.map((_, index) => {
    if (unknown.has(index)) return null;
    if (ends.includes(index)) return choices.terminalLoss;
    const row = solved.probabilities[solved.transient.indexOf(kept.indexOf(index))] ?? [];
    return Ratio.sum(row.map((probability, end) => probability.times(lossAtEnd[end] ?? Ratio.ZERO)));
  });
}
