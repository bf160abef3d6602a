import { Ratio } from '../values/ratio';

/** What a past set of loss rates gave on a cohort, and what came of that cohort by a later date. Minor units of one currency. */
export interface BackTestFigures {
  /** allowance the set gave on the cohort on its date. */
  readonly given: bigint;
  readonly writtenOff: bigint;
  readonly recovered: bigint;
  /** allowance needed at the later date on what is still open of the cohort. */
  readonly stillNeeded: bigint;
}

export interface BackTestOutcome extends BackTestFigures {
  /** write-offs net of recoveries + allowance still needed. */
  readonly came: bigint;
  /** came - given: positive when the estimate was too low. */
  readonly shortfall: bigint;
  /** came / given; null when nothing had been given. */
  readonly ratio: Ratio | null;
}

/** Compares estimate and experience (IFRS 9 B5.5.52: methods are reviewed to reduce the differences between the two). */
export function backTest(figures: BackTestFigures): BackTestOutcome {
  const came = figures.writtenOff - figures.recovered + figures.stillNeeded;
  return { ...figures, came, shortfall: came - figures.given, ratio: Ratio.ofOrNull(came, figures.given) };
}
