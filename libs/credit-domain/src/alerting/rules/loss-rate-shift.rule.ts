import type { CloseFigures, CloseProvision, MatrixCell } from '../close-figures';
import { inScope } from '../close-figures';
import { debtorsOfBucket } from '../debtor-sums';
import type { Evaluation, MeasuredEvaluation } from '../evaluation';
import { movementOf, reasonByThresholds, scopeLabels } from '../evaluation';
import { Ratio } from '../../values/ratio';
import type { LossRateShift } from '../rule-definition';
import { amountText, direction, percent, points, printedChange } from '../wording';
import { lossRateBridges } from './loss-rate-bridges';
import { exitLevel, isBelowFloor, shiftLevel } from './materiality';

/** A bucket of a kind, over all its segments in scope. */
interface BucketRate {
  readonly kind: string;
  readonly scheme: string;
  readonly bucket: string;
  readonly gross: bigint;
  readonly allowance: bigint;
  /** The rates in force, weighted by gross. */
  readonly rate: Ratio;
}

/**
 * The loss rate applied to a bucket moved by at least the entry threshold, in either direction, and by enough to matter: |change| x closing gross
 * is at least the rule's share of the closing allowance of its kinds, individual assessments included, and its floor in currency (policy
 * "Measures"). With `enterRelative` the change must reach that fraction of the old rate as well. A bucket of fewer debtors than `minimumDebtors` tells
 * nothing. One evaluation, hence
 * one alert, for every kind and bucket; a single one for the rule when there is nothing to compare. Segments of a bucket are taken together, each
 * weighted by its gross, unless the rule names one; buckets of different schemes are never compared.
 */
export function evaluateLossRateShift(rule: LossRateShift, close: CloseFigures, base: CloseFigures | null): Evaluation[] {
  const unmeasured = { labels: scopeLabels(rule), asOf: close.asOf, baseAsOf: base?.asOf ?? null };
  if (base === null) return [{ ...unmeasured, reason: 'no-base' }];
  if (close.provision === null || base.provision === null) return [{ ...unmeasured, reason: 'no-provision' }];
  const isForeign = (rule.materialityAmount ?? null) !== null && rule.materialityAmount?.currency !== close.currency;
  if (close.currency !== base.currency || isForeign) return [{ ...unmeasured, reason: 'currency-differs' }];
  const { provision } = close;
  const ratesBefore = bucketRates(rule, base.provision);
  const evaluations = [...bucketRates(rule, provision)].flatMap(([key, after]): Evaluation[] => {
    const before = ratesBefore.get(key);
    if (before === undefined) return [];
    return [fewDebtors(rule, after, close, base) ?? evaluateBucket(rule, { after, close, provision }, { before, base })];
  });
  return evaluations.length === 0 ? [{ ...unmeasured, reason: 'nothing-owed' }] : evaluations;
}

/** Why a bucket is left out; `null` when it has debtors enough, or none are asked for. */
function fewDebtors(rule: LossRateShift, after: BucketRate, close: CloseFigures, base: CloseFigures): Evaluation | null {
  const minimum = rule.minimumDebtors ?? 0;
  if (minimum <= 1) return null;
  const scope = { kinds: [after.kind], segment: rule.segment };
  const counts = [close, base].map((each) => debtorsOfBucket(each, after.scheme, after.bucket, scope, 'collective'));
  const isCounted = counts.every((count) => count !== null);
  if (isCounted && counts.every((count) => count >= minimum)) return null;
  return {
    labels: labelsOf(rule, after),
    asOf: close.asOf,
    baseAsOf: base.asOf,
    reason: isCounted ? 'too-few-debtors' : 'debtors-not-counted',
  };
}

function labelsOf(rule: LossRateShift, { kind, bucket }: BucketRate): Evaluation['labels'] {
  return { kind, bucket, ...(rule.segment !== null && { segment: rule.segment }) };
}

function evaluateBucket(
  rule: LossRateShift,
  { after, close, provision }: { after: BucketRate; close: CloseFigures; provision: CloseProvision },
  { before, base }: { before: BucketRate; base: CloseFigures },
): MeasuredEvaluation {
  const movement = movementOf(before.rate, after.rate);
  const effect = movement.change.times(Ratio.of(after.gross, 1n));
  const allowance = allowanceOf(rule, provision);
  const floor = Ratio.parse(rule.materiality).times(Ratio.of(allowance, 1n));
  const isMaterial = effect.absolute().compare(floor) >= 0 && !isBelowFloor(rule.materialityAmount, effect);
  const subject = `Loss rate of ${after.bucket}${rule.segment === null ? '' : `, ${rule.segment}`}`;
  const inMoney = amountText(effect.toUnits(0), close.currency);
  return {
    labels: labelsOf(rule, after),
    asOf: close.asOf,
    baseAsOf: base.asOf,
    reason: isMaterial ? reasonByThresholds(shiftLevel(movement, rule), Ratio.ONE, exitLevel(rule)) : 'immaterial',
    movement,
    subject,
    cause:
      `${subject} ${direction(movement.change)} from ${percent(movement.before)} at ${base.asOf} to ${percent(movement.after)} at ${close.asOf} ` +
      `(${points(printedChange(movement))}): on ${amountText(after.gross, close.currency)} gross that is ${inMoney} of allowance`,
    inputs: {
      currency: close.currency,
      grossBefore: before.gross.toString(),
      grossAfter: after.gross.toString(),
      effect: effect.toUnits(0).toString(),
      allowance: allowance.toString(),
      materiality: rule.materiality,
    },
    bridges: lossRateBridges(`Allowance of ${after.bucket}`, close.currency, before, after),
    part: {
      kinds: [after.kind],
      segment: rule.segment,
      assessed: 'collective',
      aged: { scheme: after.scheme, buckets: [after.bucket] },
    },
  };
}

/** The buckets in scope that hold anything, by kind, scheme and label. */
function bucketRates(rule: LossRateShift, provision: CloseProvision): Map<string, BucketRate> {
  const cellsByKey = new Map<string, MatrixCell[]>();
  for (const cell of provision.cells) {
    if (cell.gross <= 0n || !inScope(rule, cell) || (rule.bucket !== null && rule.bucket !== cell.bucket)) continue;
    const key = JSON.stringify([cell.kind, cell.scheme, cell.bucket]);
    cellsByKey.set(key, [...(cellsByKey.get(key) ?? []), cell]);
  }
  return new Map([...cellsByKey].flatMap(([key, cells]) => bucketRate(cells).map((rate): [string, BucketRate] => [key, rate])));
}

function bucketRate(cells: readonly MatrixCell[]): BucketRate[] {
  const [first] = cells;
  if (first === undefined) return [];
  const gross = cells.reduce((sum, cell) => sum + cell.gross, 0n);
  const isOneRate = cells.every(({ rate }) => rate === first.rate);
  const weighted = (): Ratio => Ratio.sum(cells.map((cell) => Ratio.parse(cell.rate).times(Ratio.of(cell.gross, gross))));
  const allowance = cells.reduce((sum, cell) => sum + cell.allowance, 0n);
  const { kind, scheme, bucket } = first;
  return [{ kind, scheme, bucket, gross, allowance, rate: isOneRate ? Ratio.parse(first.rate) : weighted() }];
}

/** The closing allowance of the kinds the rule looks at: what a change has to be compared with to matter. */
function allowanceOf(rule: LossRateShift, provision: CloseProvision): bigint {
  return provision.kinds
    .filter(({ kind }) => rule.kinds === null || rule.kinds.includes(kind))
    .reduce((sum, { collective, individual }) => sum + collective.allowance + individual.allowance, 0n);
}
