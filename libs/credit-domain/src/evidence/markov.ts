import { EvidenceFault } from './evidence-fault';
import { Ratio } from '../values/ratio';

/** Rows of probabilities may miss 1 by so little: published ones are rounded (domain reference 7.2). */
const ROW_SUM_TOLERANCE = Ratio.of(1n, 10n ** 9n);

/** States a claim moves between from period to period; absorbing ones (paid, bad) are never left. */
export interface MarkovChain {
  readonly states: readonly string[];
  /** indexes of the absorbing states. */
  readonly absorbing: readonly number[];
  /** probability of going from a state to each; rows of absorbing states are not looked at. */
  readonly rows: readonly (readonly Ratio[])[];
}

export interface Absorption {
  /** indexes of the transient states, in order. */
  readonly transient: readonly number[];
  /** by transient state, then by absorbing state: the probability of ending there. */
  readonly probabilities: readonly (readonly Ratio[])[];
}

/**
 * Where claims end: B = N R with N = (I - Q)^-1, solved exactly (domain reference 7.2). With cures and stays a product of rolls is wrong; without
 * them B is that product. Throws `markov-row-sum`, `markov-probability-invalid`, and `markov-closed-class` when some states are never left.
 */
export function absorption(chain: MarkovChain): Absorption {
  const transient = chain.states.map((_, index) => index).filter((index) => !chain.absorbing.includes(index));
  for (const index of transient) checkRow(chain, index);
  const probability = (from: number, to: number): Ratio => chain.rows[from]?.[to] ?? Ratio.ZERO;
  // [I - Q | R], reduced to [I | B].
  const matrix = transient.map((from) => [
    ...transient.map((to) => (from === to ? Ratio.ONE : Ratio.ZERO).minus(probability(from, to))),
    ...chain.absorbing.map((to) => probability(from, to)),
  ]);
  eliminate(matrix, transient.length, () => {
    const names = transient.map((index) => chain.states[index] ?? '').join(', ');
    return new EvidenceFault('markov-closed-class', `among ${names} there are states that claims never leave, so no lifetime loss follows`);
  });
  return { transient, probabilities: matrix.map((row) => row.slice(transient.length)) };
}

function checkRow(chain: MarkovChain, index: number): void {
  const row = chain.rows[index] ?? [];
  const name = chain.states[index] ?? String(index);
  if (row.length !== chain.states.length || row.some((value) => value.isNegative() || value.exceeds(Ratio.ONE.plus(ROW_SUM_TOLERANCE)))) {
    throw new EvidenceFault('markov-probability-invalid', `the row of '${name}' needs one probability between 0 and 1 for every state`);
  }
  const miss = Ratio.sum(row).minus(Ratio.ONE);
  if (miss.absolute().exceeds(ROW_SUM_TOLERANCE)) {
    throw new EvidenceFault('markov-row-sum', `the probabilities of leaving '${name}' make up ${Ratio.sum(row).toRate(12)}, not 1`);
  }
}

/** Gauss-Jordan in place on exact fractions: the first `size` columns become the identity. */
function eliminate(matrix: Ratio[][], size: number, singular: () => EvidenceFault): void {
  for (let column = 0; column < size; column++) {
    const pivotRow = matrix.findIndex((row, index) => index >= column && row[column]?.isZero() === false);
    const pivot = matrix[pivotRow]?.[column];
    const found = matrix[pivotRow];
    const here = matrix[column];
    if (pivot === undefined || found === undefined || here === undefined) throw singular();
    matrix[pivotRow] = here;
    // Every step feeds on the one before: terms not shortened would double in length with each.
    const scaled = found.map((value) => value.dividedBy(pivot).reduced());
    matrix[column] = scaled;
    matrix.forEach((row, index) => {
      const factor = row[column];
      if (index === column || factor === undefined || factor.isZero()) return;
      matrix[index] = row.map((value, at) => value.minus(factor.times(scaled[at] ?? Ratio.ZERO)).reduced());
    });
  }
}
