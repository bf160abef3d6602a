import type { CloseFigures } from '../close-figures';
import { grossByBucket } from '../close-figures';
import { debtorSums } from '../debtor-sums';
import type { Evaluation, EvaluationInputs, FigureBridge, MeasuredEvaluation } from '../evaluation';
import { figureBridge, reasonByThresholds, scopeLabels, standing } from '../evaluation';
import { Ratio } from '../../values/ratio';
import type { AgeingMixShift } from '../rule-definition';
import { populationStability } from '../statistics/population-stability';
import type { CriticalValue, DebtorSums } from '../statistics/sampling-noise';
import { criticalIndex, kishSize, mixSize } from '../statistics/sampling-noise';
import { INDEX_DECIMALS, percent, unitsThatAddUp } from '../wording';
import { plainDecimal } from '../../values/plain-decimal';

const SUBJECT = 'Population stability index of the ageing mix';
const SIZE_DECIMALS = 1;

interface MixSide {
  readonly asOf: string;
  readonly sums: DebtorSums;
  readonly kish: Ratio;
  readonly mix: Ratio;
}

interface BucketMove {
  readonly label: string;
  readonly before: Ratio;
  readonly after: Ratio;
  readonly contribution: Ratio;
}

/**
 * The mix of the book over a scheme's buckets moved between a close and its base: the population stability index reaches the practical level `enter`
 * and what chance alone would stay below in a book of so few and so unequal debtors. `looksPerYear` is how often the book is looked at.
 *
 * A fired alert stays while the index is at or above `exit` and the same part of its critical value, so that a value at the edge of chance does not
 * make it flap.
 */
export function evaluateAgeingMixShift(
  rule: AgeingMixShift,
  close: CloseFigures,
  base: CloseFigures | null,
  looksPerYear: number,
): Evaluation {
  const unmeasured = { labels: scopeLabels(rule), asOf: close.asOf, baseAsOf: base?.asOf ?? null };
  if (base === null) return { ...unmeasured, reason: 'no-base' };
  const [after, before] = [grossByBucket(close, rule.scheme, rule, rule.assessed), grossByBucket(base, rule.scheme, rule, rule.assessed)];
  if (after === null || before === null) return { ...unmeasured, reason: 'no-snapshot' };
  const [sideBefore, sideAfter] = [sideOf(rule, base), sideOf(rule, close)];
  if (sideBefore === null || sideAfter === null) return { ...unmeasured, reason: 'debtors-not-counted' };
  const isEmpty = [before, after].some((buckets) => buckets.every(({ gross }) => gross <= 0n));
  if (isEmpty) return { ...unmeasured, reason: 'nothing-owed' };
  if (Math.min(sideBefore.sums.debtors, sideAfter.sums.debtors) < rule.minimumDebtors) return { ...unmeasured, reason: 'too-few-debtors' };

  const used = after.map(({ gross }, index) => gross > 0n || (before[index]?.gross ?? 0n) > 0n);
  const grossOf = (buckets: typeof after): bigint[] => buckets.filter((_, index) => used[index]).map(({ gross }) => gross);
  const spreads = {
    before: { amounts: grossOf(before), effectiveSize: sideBefore.mix },
    after: { amounts: grossOf(after), effectiveSize: sideAfter.mix },
  };
  const { index, contributions } = populationStability(spreads.before, spreads.after);
  const labels = after.filter((_, bucket) => used[bucket]).map(({ label }) => label);
  const moves = movesOf(labels, spreads.before.amounts, spreads.after.amounts, contributions);
  const critical =
    labels.length < 2
      ? null
      : criticalIndex({
          before: sideBefore,
          after: sideAfter,
          buckets: labels.length,
          confidence: Ratio.parse(rule.confidence),
          looksPerYear,
        });
  return measured(rule, { before: sideBefore, after: sideAfter, index, critical, moves, looksPerYear });
}

function measured(
  rule: AgeingMixShift,
  mix: {
    readonly before: MixSide;
    readonly after: MixSide;
    readonly index: Ratio;
    /** `null` when the whole book lies in one bucket both times: there is no mix to move. */
    readonly critical: CriticalValue | null;
    readonly moves: readonly BucketMove[];
    readonly looksPerYear: number;
  },
): MeasuredEvaluation {
  const { before, after, index, critical, moves } = mix;
  const largest = moves.reduce<BucketMove | null>(
    (best, move) => (best === null || move.contribution.compare(best.contribution) > 0 ? move : best),
    null,
  );
  return {
    labels: scopeLabels(rule),
    asOf: after.asOf,
    baseAsOf: before.asOf,
    reason: reasonOf(rule, index, critical?.value ?? Ratio.ZERO),
    movement: standing(index, 'index'),
    subject: SUBJECT,
    cause: causeOf(rule, mix, largest),
    inputs: inputsOf(rule, mix),
    bridges: [bridgeOf(index, moves)],
    part: {
      kinds: rule.kinds,
      segment: rule.segment,
      assessed: rule.assessed,
      aged: largest === null ? null : { scheme: rule.scheme, buckets: [largest.label] },
    },
  };
}

function reasonOf(rule: AgeingMixShift, index: Ratio, critical: Ratio): MeasuredEvaluation['reason'] {
  const [enter, exit] = [Ratio.parse(rule.enter), Ratio.parse(rule.exit)];
  const byLevel = reasonByThresholds(index, enter, exit);
  const byChance = reasonByThresholds(index, critical, critical.times(exit).dividedBy(enter));
  if (byLevel === 'below-exit') return byLevel;
  if (byChance === 'below-exit') return 'within-sampling-noise';
  return byLevel === 'at-or-above-enter' && byChance === 'at-or-above-enter' ? 'at-or-above-enter' : 'between-exit-and-enter';
}

function causeOf(
  rule: AgeingMixShift,
  { before, after, index, critical, moves }: Parameters<typeof measured>[1],
  largest: BucketMove | null,
): string {
  const noise =
    critical === null
      ? 'the whole book lies in one bucket'
      : `chance alone would stay below ${critical.value.toDecimal(INDEX_DECIMALS)} in a book of ${sizesText(before, after)}`;
  const told = `${SUBJECT} is ${index.toDecimal(INDEX_DECIMALS)} between ${before.asOf} and ${after.asOf}, against a level of ${rule.enter}; ${noise}`;
  if (largest === null) return told;
  const [first, ...others] = [...moves].sort((left, right) => right.contribution.compare(left.contribution));
  const named = [first, others[0]].flatMap((move) => (move === undefined || move.contribution.isZero() ? [] : [moveText(move, moves)]));
  return named.length === 0 ? told : `${told}: most of all ${named.join(', then ')}`;
}

function sizesText(before: MixSide, after: MixSide): string {
  const text = ({ sums, mix }: MixSide): string => `${String(sums.debtors)} debtors worth ${mix.toDecimal(SIZE_DECIMALS)}`;
  return `${text(before)} equal ones then and ${text(after)} now`;
}

/** Contributions are printed so that all of them add up to the printed index. */
function moveText(move: BucketMove, moves: readonly BucketMove[]): string {
  const total = Ratio.sum(moves.map(({ contribution }) => contribution)).toUnits(INDEX_DECIMALS);
  const units = unitsThatAddUp(
    moves.map(({ contribution }) => contribution),
    total,
    INDEX_DECIMALS,
  );
  const contribution = plainDecimal(units[moves.indexOf(move)] ?? 0n, INDEX_DECIMALS);
  return `${move.label} from ${percent(move.before)} to ${percent(move.after)} of gross (${contribution} of it)`;
}

function bridgeOf(index: Ratio, moves: readonly BucketMove[]): FigureBridge {
  return figureBridge({
    subject: SUBJECT,
    unit: 'index',
    currency: null,
    opening: Ratio.ZERO,
    legs: moves.map(({ label, contribution }) => ({ cause: label, amount: contribution })),
    closing: index,
  });
}

function inputsOf(
  rule: AgeingMixShift,
  { before, after, index, critical, moves, looksPerYear }: Parameters<typeof measured>[1],
): EvaluationInputs {
  const side = ({ sums, kish, mix }: MixSide): EvaluationInputs => ({
    debtors: sums.debtors,
    squares: sums.squares.toString(),
    kishSize: kish.toDecimal(),
    effectiveSize: mix.toDecimal(),
    gross: sums.buckets.map(({ gross }) => gross.toString()),
  });
  return {
    psi: index.toDecimal(),
    practicalLevel: rule.enter,
    confidence: rule.confidence,
    looksPerYear,
    critical:
      critical === null
        ? null
        : {
            value: critical.value.toDecimal(),
            degreesAbove: critical.degreesAbove,
            degreesBelow: critical.degreesBelow,
            confidencePerLook: critical.confidencePerLook.toDecimal(),
          },
    before: side(before),
    after: side(after),
    buckets: moves.map((move) => ({
      label: move.label,
      before: move.before.toDecimal(),
      after: move.after.toDecimal(),
      contribution: move.contribution.toDecimal(),
    })),
  };
}

function sideOf(rule: AgeingMixShift, close: CloseFigures): MixSide | null {
  const sums = debtorSums(close, rule.scheme, rule, rule.assessed);
  return sums === null ? null : { asOf: close.asOf, sums, kish: kishSize(sums), mix: mixSize(sums) };
}

/** The plain shares a reader knows, beside the contribution of the smoothed ones. */
function movesOf(
  labels: readonly string[],
  before: readonly bigint[],
  after: readonly bigint[],
  contributions: readonly Ratio[],
): BucketMove[] {
  const [totalBefore, totalAfter] = [sumOf(before), sumOf(after)];
  return labels.map((label, index) => ({
    label,
    before: Ratio.of(before[index] ?? 0n, totalBefore),
    after: Ratio.of(after[index] ?? 0n, totalAfter),
    contribution: contributions[index] ?? Ratio.ZERO,
  }));
}

function sumOf(amounts: readonly bigint[]): bigint {
  return amounts.reduce((sum, amount) => sum + amount, 0n);
}
