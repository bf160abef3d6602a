import type { CoverageCell, CoverageFigures } from './close-figures';
import { totalOf } from './close-figures';
import { Ratio } from '../values/ratio';

/** The part of a coverage change that one group of balances brought about. */
export interface CellEffect {
  readonly kind: string;
  /** `null` for the individually assessed, which are known by kind only. */
  readonly segment: string | null;
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
 * a cell's share of gross and r its allowance / gross. A cell without gross at the base has no rate of its own there: it takes that of its bucket,
 * and where the bucket was empty too, its own of now. So appearing is mix as far as the base knew a rate for it, and vanishing is all mix.
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
  const known = new Map([...before, ...after].map((cell) => [cell.key, cell]));
  const cells = [...known].map(([key, { kind, segment, name }]): CellEffect => {
    const cellBefore = before.find((cell) => cell.key === key);
    const cellAfter = after.find((cell) => cell.key === key);
    const ownBefore = rateOfCell(cellBefore);
    const ownAfter = rateOfCell(cellAfter);
    const rateBefore = ownBefore ?? bucketRate(before, name) ?? ownAfter ?? Ratio.ZERO;
    const rateAfter = ownAfter ?? rateBefore;
    const shareBefore = Ratio.of(cellBefore?.gross ?? 0n, totalBefore.gross);
    const shareAfter = Ratio.of(cellAfter?.gross ?? 0n, totalAfter.gross);
    return {
      kind,
      segment,
      name,
      mix: shareAfter.minus(shareBefore).times(rateBefore.minus(average)),
      rate: rateAfter.minus(rateBefore).times(shareAfter),
    };
  });
  return { mix: Ratio.sum(cells.map(({ mix }) => mix)), rate: Ratio.sum(cells.map(({ rate }) => rate)), cells };
}

/** The bucket, over all its kinds and segments, with the largest effect in the direction of the whole. */
export function largestContributor(effects: CoverageEffects, part: 'mix' | 'rate'): { name: string; effect: Ratio } | undefined {
  const sign = effects[part].numerator < 0n ? -1 : 1;
  const names = [...new Set(effects.cells.map(({ name }) => name))];
  return names
    .map((name) => ({ name, effect: Ratio.sum(effects.cells.filter((cell) => cell.name === name).map((cell) => cell[part])) }))
    .reduce<{ name: string; effect: Ratio } | undefined>(
      (best, bucket) => (best === undefined || bucket.effect.compare(best.effect) * sign > 0 ? bucket : best),
      undefined,
    );
}

function bucketRate(cells: readonly CoverageCell[], name: string): Ratio | null {
  return rateOfCell(totalOf(cells.filter((cell) => cell.name === name)));
}

function rateOfCell(cell: CoverageFigures | undefined): Ratio | null {
  return cell === undefined || cell.gross === 0n ? null : Ratio.of(cell.allowance, cell.gross);
}
