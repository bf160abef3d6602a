import { Ratio } from '../../values/ratio';
import { shortLegs } from '../bridge-legs';
import type { CoverageCell, CoverageFigures } from '../close-figures';
import { totalOf } from '../close-figures';
import type { CoverageEffects } from '../coverage-effects';
import { coverageEffects } from '../coverage-effects';
import type { FigureBridge, FigureShift } from '../evaluation';
import { figureBridge } from '../evaluation';

/** A message names so many buckets; the smaller ones share a leg. */
const BUCKET_LEGS_MAX = 7;

type Leg = FigureBridge['legs'][number];

interface CoverageMove {
  readonly subject: string;
  readonly currency: string;
  readonly movement: FigureShift;
  readonly effects: CoverageEffects;
  readonly before: readonly CoverageCell[];
  readonly after: readonly CoverageCell[];
}

/**
 * Why a coverage moved: its mix and rate effects in points, each of them by bucket, and in currency the allowance from base to close by volume, mix,
 * rates and individual assessments.
 */
export function coverageBridges({ subject, currency, movement, effects, before, after }: CoverageMove): FigureBridge[] {
  const { mix, rate } = effects;
  const legs = shortLegs(
    [
      { cause: 'mix of the book', amount: mix },
      { cause: 'loss rates', amount: rate },
    ],
    movement.change,
  );
  return [
    figureBridge({
      subject,
      unit: 'fraction',
      currency: null,
      opening: movement.before,
      legs,
      closing: movement.after,
    }),
    ...byBucket(`${subject}: mix of the book by bucket`, effects, 'mix', legs[0]?.amount ?? Ratio.ZERO),
    ...byBucket(`${subject}: loss rates by bucket`, effects, 'rate', legs[1]?.amount ?? Ratio.ZERO),
    allowanceBridge(`${subject}: the allowance`, currency, before, after),
  ];
}

function byBucket(subject: string, effects: CoverageEffects, part: 'mix' | 'rate', closing: Ratio): FigureBridge[] {
  const legs = largestLegs(shortLegs(bucketLegs(effects, part), closing));
  if (legs.length === 0) return [];
  return [figureBridge({ subject, unit: 'fraction', currency: null, opening: Ratio.ZERO, legs, closing })];
}

/** Over all kinds and segments of a bucket, in the order of the book. */
function bucketLegs({ cells }: CoverageEffects, part: 'mix' | 'rate'): Leg[] {
  const amounts = new Map<string, Ratio[]>();
  for (const cell of cells) amounts.set(cell.name, [...(amounts.get(cell.name) ?? []), cell[part]]);
  return [...amounts].map(([cause, parts]) => ({ cause, amount: Ratio.sum(parts) })).filter(({ amount }) => !amount.isZero());
}

function largestLegs(legs: readonly Leg[]): readonly Leg[] {
  if (legs.length <= BUCKET_LEGS_MAX) return legs;
  const bySize = [...legs].sort((left, right) => right.amount.absolute().compare(left.amount.absolute()));
  const named = new Set(bySize.slice(0, BUCKET_LEGS_MAX - 1));
  const others = legs.filter((leg) => !named.has(leg));
  return [
    ...legs.filter((leg) => named.has(leg)),
    { cause: `${String(others.length)} smaller ones`, amount: Ratio.sum(others.map(({ amount }) => amount)) },
  ];
}

/** The individually assessed are one leg beside the collective ones; looked at alone, they have a volume, mix and rate of their own. */
export function allowanceBridge(
  subject: string,
  currency: string,
  before: readonly CoverageCell[],
  after: readonly CoverageCell[],
): FigureBridge {
  const isIndividual = ({ segment }: CoverageCell): boolean => segment === null;
  const collective = [before, after].map((cells) => cells.filter((cell) => !isIndividual(cell)));
  const [collectiveBefore = [], collectiveAfter = []] = collective;
  const hasCollective = collectiveBefore.length + collectiveAfter.length > 0;
  const individual = allowanceOf(after.filter(isIndividual)) - allowanceOf(before.filter(isIndividual));
  const legs = hasCollective
    ? [
        ...allowanceLegs(collectiveBefore, collectiveAfter),
        ...(individual === 0n ? [] : [{ cause: 'individual assessments', amount: Ratio.of(individual) }]),
      ]
    : allowanceLegs(before, after);
  return figureBridge({
    subject,
    unit: 'minor-units',
    currency,
    opening: Ratio.of(allowanceOf(before)),
    legs,
    closing: Ratio.of(allowanceOf(after)),
  });
}

/** Volume at the coverage of the base; mix and rate effects on the closing gross. A book that begins or ends has nothing to split by. */
function allowanceLegs(before: readonly CoverageCell[], after: readonly CoverageCell[]): Leg[] {
  const [opening, closing] = [totalOf(before), totalOf(after)];
  if (opening.gross <= 0n || closing.gross <= 0n) {
    return [{ cause: 'balances that came or went', amount: Ratio.of(closing.allowance - opening.allowance) }];
  }
  const { mix, rate } = coverageEffects(before, after);
  const gross = Ratio.of(closing.gross);
  return shortLegs(
    [
      { cause: 'volume', amount: Ratio.of(opening.allowance, opening.gross).times(Ratio.of(closing.gross - opening.gross)) },
      { cause: 'mix of the book', amount: mix.times(gross) },
      { cause: 'loss rates', amount: rate.times(gross) },
    ],
    Ratio.of(closing.allowance - opening.allowance),
  );
}

function allowanceOf(cells: readonly CoverageFigures[]): bigint {
  return totalOf(cells).allowance;
}
