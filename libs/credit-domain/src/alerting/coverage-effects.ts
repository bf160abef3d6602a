import type { CoverageCell } from './close-figures';
import { totalOf } from './close-figures';
import { Ratio } from './exact-ratio';

/** The part of a coverage change that one group of balances brought about. */
export interface CellEffect {
  readonly name: string;
  readonly mix: Ratio;
  readonly rate: Ratio;
}

/** A change of coverage split in two. `mix` + `rate` is the change, exactly, and each is the sum over the cells, exactly. */
export interface CoverageEffects {
  readonly mix: Ratio;
  readonly rate: Ratio;
  readonly cells: readonly CellEffect[];
}

/**
 * Splits the change of coverage between two closes into a mix effect, sum of (w1 - w0) x r0, and a rate effect, sum of (r1 - r0) x w1, where w is
 * a cell's share of gross and r its allowance / gross. A cell without gross at one of the two closes has no rate of its own there and takes the
 * other close's, so appearing and vanishing are mix.
 *
 * Within a cell the mix effect is taken against the average coverage of the base, (w1 - w0) x (r0 - R0): since the shares sum to one both times
 * the total stays the same, and a cell gets credit for its weight only as far as its rate differs from the book's.
 *
 * Both totals must be above zero.
 */
export function coverageEffects(before: readonly CoverageCell[], after: readonly CoverageCell[]): CoverageEffects {
  const totalBefore = totalOf(before);
  const totalAfter = totalOf(after);
  const average = Ratio.of(totalBefore.allowance, totalBefore.gross);
  const names = new Map([...before, ...after].map((cell) => [cell.key, cell.name]));
  const cells = [...names].map(([key, name]): CellEffect => {
    const cellBefore = before.find((cell) => cell.key === key);
    const cellAfter = after.find((cell) => cell.key === key);
    const ownBefore = rateOfCell(cellBefore);
    const ownAfter = rateOfCell(cellAfter);
    const rateBefore = ownBefore ?? ownAfter ?? Ratio.zero;
    const rateAfter = ownAfter ?? rateBefore;
    const shareBefore = Ratio.of(cellBefore?.gross ?? 0n, totalBefore.gross);
    const shareAfter = Ratio.of(cellAfter?.gross ?? 0n, totalAfter.gross);
    return {
      name,
      mix: shareAfter.minus(shareBefore).times(rateBefore.minus(average)),
      rate: rateAfter.minus(rateBefore).times(shareAfter),
    };
  });
  return { mix: Ratio.sum(cells.map(({ mix }) => mix)), rate: Ratio.sum(cells.map(({ rate }) => rate)), cells };
}

/** The cell with the largest effect in the direction of the whole. */
export function largestContributor(effects: CoverageEffects, part: 'mix' | 'rate'): CellEffect | undefined {
  const sign = effects[part].numerator < 0n ? -1 : 1;
  return effects.cells.reduce<CellEffect | undefined>(
    (best, cell) => (best === undefined || cell[part].compare(best[part]) * sign > 0 ? cell : best),
    undefined,
  );
}

function rateOfCell(cell: CoverageCell | undefined): Ratio | null {
  return cell === undefined || cell.gross === 0n ? null : Ratio.of(cell.allowance, cell.gross);
}
