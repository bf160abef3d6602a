import type { CloseFigures } from '../close-figures';
import { baseDate } from '../comparison-base';
import type { Evaluation, FigureBridge, MeasuredEvaluation } from '../evaluation';
import { figureBridge, movementOf, reasonByThresholds, scopeLabels } from '../evaluation';
import { Ratio } from '../../values/ratio';
import type { RollRateDrift } from '../rule-definition';
import type { ChartReading, RobustLevel } from '../statistics/control-charts';
import { chartReading, HISTORY_PERIODS_MIN, limitWidening, robustLevel, seasonalEffects, seasonOf } from '../statistics/control-charts';
import { amountText, bareAmount, direction, percent, points, printedChange } from '../wording';
import type { RollingBucket, RollRate } from './roll-rates';
import { rollingBuckets } from './roll-rates';

/** Charts look back over so many periods: long enough for a level, short enough to forget another time's book. */
const WINDOW_PERIODS = 60;
/** The last periods do not set the level they are judged by, where enough others do: a drift would pull it along. */
const GUARD_PERIODS = 12;
/** One odd period counts as this many standard deviations at most: a drift takes several. */
const RESIDUAL_MAX = Ratio.of(4n);
/** Scatter smaller than what is printed is none. */
const SIGMA_MIN = Ratio.parse('0.0001');
const SIGMA_DECIMALS = 2;

/** How one bucket's roll rates stand against their own history. */
interface Drift {
  readonly level: RobustLevel;
  readonly season: Ratio;
  readonly periods: number;
  readonly reading: ChartReading;
  /** How much wider than for a known level the limits are. */
  readonly widening: Ratio;
  /** The larger distance, as a share of its chart's limit. */
  readonly distance: Ratio;
}

/**
 * The roll rate of a bucket drifted, by an EWMA (lambda 0.2, L 2.96) or a CUSUM (k 0.5, h 5) of its seasonally adjusted residuals about a robust
 * level (median, median absolute deviation), in either direction. One evaluation a bucket. With fewer than HISTORY_PERIODS_MIN periods before it one
 * more evaluation says so by `too-little-history`, and each bucket is judged by the absolute rule: its rate moved by `enter` since the period before.
 */
export function evaluateRollRateDrift(rule: RollRateDrift, close: CloseFigures, closes: readonly CloseFigures[]): Evaluation[] {
  const dates = closes.map(({ asOf }) => asOf);
  const baseAsOf = baseDate(rule.base, close.asOf, dates);
  const unmeasured = { labels: scopeLabels(rule), asOf: close.asOf, baseAsOf };
  if (baseAsOf === null) return [{ ...unmeasured, reason: 'no-base' }];
  const all = rollingBuckets(closes, close.asOf, rule);
  if (all === null) return [{ ...unmeasured, reason: 'no-snapshot' }];
  const chosen = all.filter(({ label }) => rule.bucket === null || rule.bucket === label);
  if (!chosen.some(({ fits }) => fits)) return [{ ...unmeasured, reason: 'dates-do-not-fit' }];
  const current = chosen.filter(({ rates }) => rates.at(-1)?.asOf === close.asOf);
  if (current.length === 0) return [{ ...unmeasured, reason: 'nothing-owed' }];
  const evaluations = current.flatMap((bucket) => evaluateBucket(rule, close, bucket));
  const isShort = current.some(({ rates }) => rates.length - 1 < HISTORY_PERIODS_MIN);
  return isShort ? [{ ...unmeasured, reason: 'too-little-history' }, ...evaluations] : evaluations;
}

function evaluateBucket(rule: RollRateDrift, close: CloseFigures, bucket: RollingBucket): MeasuredEvaluation[] {
  const rates = bucket.rates.slice(-WINDOW_PERIODS);
  const now = rates.at(-1);
  const before = rates.at(-2);
  if (now === undefined || before === undefined) return [];
  return rates.length - 1 < HISTORY_PERIODS_MIN
    ? [byAbsoluteRule(rule, close, bucket, { now, before, periods: rates.length - 1 })]
    : [byCharts(rule, close, bucket, now, driftOf(rates))];
}

function driftOf(rates: readonly RollRate[]): Drift {
  const history = rates.slice(0, -1).map(({ asOf, rate }) => ({ asOf, value: rate }));
  const reference = history.slice(0, Math.max(HISTORY_PERIODS_MIN, history.length - GUARD_PERIODS));
  const seasons = seasonalEffects(reference);
  const seasonAt = (asOf: string): Ratio => seasons.get(seasonOf(asOf)) ?? Ratio.ZERO;
  const adjusted = (observation: { asOf: string; value: Ratio }): Ratio => observation.value.minus(seasonAt(observation.asOf)).reduced();
  const found = robustLevel(reference.map(adjusted));
  const level = { centre: found.centre, sigma: found.sigma.compare(SIGMA_MIN) < 0 ? SIGMA_MIN : found.sigma };
  const series = rates.map(({ asOf, rate }) => adjusted({ asOf, value: rate }).minus(level.centre).dividedBy(level.sigma).reduced());
  const known = chartReading(series.map(bounded));
  const widening = limitWidening(reference.length);
  const reading = { ewma: known.ewma.dividedBy(widening).reduced(), cusum: known.cusum.dividedBy(widening).reduced() };
  const [ewma, cusum] = [reading.ewma.absolute(), reading.cusum.absolute()];
  return {
    level,
    season: seasonAt(rates.at(-1)?.asOf ?? ''),
    periods: history.length,
    reading,
    widening,
    distance: ewma.compare(cusum) >= 0 ? ewma : cusum,
  };
}

function byCharts(rule: RollRateDrift, close: CloseFigures, bucket: RollingBucket, now: RollRate, drift: Drift): MeasuredEvaluation {
  const { level, season, reading, periods, widening } = drift;
  const movement = movementOf(level.centre, now.rate);
  const subject = subjectOf(rule, bucket);
  const chart = (name: string, share: Ratio): string => `${name} at ${percent(share.absolute())} of its limit`;
  return {
    ...shared(rule, close, bucket, now),
    reason: reasonByThresholds(drift.distance, Ratio.ONE, Ratio.parse(rule.exit).dividedBy(Ratio.parse(rule.enter))),
    movement,
    cause:
      `${subject} is ${percent(now.rate)} (${rolledText(now, close.currency)}) at ${now.asOf} against a level of ${percent(level.centre)} over ` +
      `${String(periods)} periods, scatter ${points(level.sigma).replace('+', '')}: ${chart('EWMA', reading.ewma)}, ${chart('CUSUM', reading.cusum)}`,
    inputs: {
      method: 'control-charts',
      periods,
      rate: now.rate.toDecimal(),
      gross: { before: now.before.toString(), after: now.after.toString() },
      centre: level.centre.toDecimal(),
      sigma: level.sigma.toDecimal(),
      season: season.toDecimal(),
      residual: now.rate.minus(season).minus(level.centre).dividedBy(level.sigma).toDecimal(SIGMA_DECIMALS),
      widening: widening.toDecimal(),
      ewma: reading.ewma.toDecimal(),
      cusum: reading.cusum.toDecimal(),
    },
    bridges: [
      figureBridge({
        subject,
        unit: 'fraction',
        currency: null,
        opening: movement.before,
        legs: [
          ...(season.isZero() ? [] : [{ cause: 'usual for the season', amount: season }]),
          { cause: 'away from its level', amount: movement.change.minus(season).reduced() },
        ],
        closing: movement.after,
      }),
    ],
  };
}

function byAbsoluteRule(
  rule: RollRateDrift,
  close: CloseFigures,
  bucket: RollingBucket,
  { now, before, periods }: { now: RollRate; before: RollRate; periods: number },
): MeasuredEvaluation {
  const movement = movementOf(before.rate, now.rate);
  const subject = subjectOf(rule, bucket);
  return {
    ...shared(rule, close, bucket, now),
    reason: reasonByThresholds(movement.change.absolute(), Ratio.parse(rule.enter), Ratio.parse(rule.exit)),
    movement,
    cause:
      `${subject} ${direction(movement.change)} from ${percent(before.rate)} at ${before.asOf} to ${percent(now.rate)} ` +
      `(${rolledText(now, close.currency)}) at ${now.asOf}, ${points(printedChange(movement))}: judged by that alone, since there are ` +
      `${String(periods)} periods of history and control charts need ${String(HISTORY_PERIODS_MIN)}`,
    inputs: {
      method: 'absolute',
      why: 'too-little-history',
      periods,
      periodsNeeded: HISTORY_PERIODS_MIN,
      rate: now.rate.toDecimal(),
      gross: { before: now.before.toString(), after: now.after.toString() },
      rateBefore: before.rate.toDecimal(),
    },
    bridges: [absoluteBridge(subject, before, now)],
  };
}

/** From one quotient to the next: what of it is more in the bucket rolled into, what less in the bucket rolled from. */
function absoluteBridge(subject: string, before: RollRate, now: RollRate): FigureBridge {
  const between = Ratio.of(now.after, before.before);
  return figureBridge({
    subject,
    unit: 'fraction',
    currency: null,
    opening: before.rate,
    legs: [
      { cause: 'amount that rolled', amount: between.minus(before.rate).reduced() },
      { cause: 'amount there was to roll', amount: now.rate.minus(between).reduced() },
    ],
    closing: now.rate,
  });
}

function shared(
  rule: RollRateDrift,
  close: CloseFigures,
  bucket: RollingBucket,
  now: RollRate,
): Pick<MeasuredEvaluation, 'labels' | 'asOf' | 'baseAsOf' | 'subject' | 'part'> {
  return {
    labels: { ...scopeLabels(rule), bucket: bucket.label },
    asOf: close.asOf,
    baseAsOf: now.baseAsOf,
    subject: subjectOf(rule, bucket),
    part: {
      kinds: rule.kinds,
      segment: rule.segment,
      assessed: rule.assessed,
      aged: { scheme: rule.scheme, buckets: [bucket.next] },
    },
  };
}

function subjectOf(rule: RollRateDrift, { label, next }: RollingBucket): string {
  return `Roll rate from ${label} to ${next}${rule.segment === null ? '' : `, ${rule.segment}`}`;
}

function rolledText({ before, after }: RollRate, currency: string): string {
  return `${amountText(after, currency)} of ${bareAmount(before, currency)}`;
}

function bounded(residual: Ratio): Ratio {
  if (residual.absolute().compare(RESIDUAL_MAX) <= 0) return residual;
  return residual.isNegative() ? Ratio.ZERO.minus(RESIDUAL_MAX) : RESIDUAL_MAX;
}
