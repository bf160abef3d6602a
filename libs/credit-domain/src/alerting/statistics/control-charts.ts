import { Decimal } from '../../values/decimal';
import { Ratio } from '../../values/ratio';
import { decimalOf } from './population-stability';

/**
 * Control charts for a small shift that stays: a line at three sigma would find a shift of one sigma after 42 periods on average, these two find it
 * after about ten, at one false alarm in some 500 periods while centre and scatter are known. Sources: Lucas and Saccucci, "Exponentially weighted
 * moving average control schemes", Technometrics 32 (1990), for lambda 0.2 and L 2.96; Montgomery, Introduction to Statistical Quality Control, 9.1,
 * for the CUSUM with k 0.5 and h 5.
 */
export const EWMA_LAMBDA = '0.2';
export const EWMA_LIMIT = '2.96';
export const CUSUM_ALLOWANCE = '0.5';
export const CUSUM_LIMIT = '5';
/** Fewer periods than this say nothing reliable about centre and scatter. */
export const HISTORY_PERIODS_MIN = 12;
/** The median absolute deviation of a normal variable is its standard deviation divided by this: 1 / (0.75 quantile). */
const MAD_TO_SIGMA = Ratio.parse('1.482602218505601860');
const CHART_DECIMALS = 18;
const PI = Decimal.acos(-1);

export interface Observation {
  /** Business date of the close. */
  readonly asOf: string;
  readonly value: Ratio;
}

export interface RobustLevel {
  readonly centre: Ratio;
  readonly sigma: Ratio;
}

/** The middle value, or the mean of the two in the middle. Throws a RangeError for none. */
export function median(values: readonly Ratio[]): Ratio {
  const sorted = [...values].sort((left, right) => left.compare(right));
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  if (upper === undefined || lower === undefined) throw new RangeError('there is no median of nothing');
  return lower === upper ? upper : lower.plus(upper).dividedBy(Ratio.of(2n)).reduced();
}

/** Median and the median absolute deviation as a standard deviation: a few outlying periods move neither. */
export function robustLevel(values: readonly Ratio[]): RobustLevel {
  const centre = median(values);
  const deviation = median(values.map((value) => value.minus(centre).absolute()));
  return { centre, sigma: deviation.times(MAD_TO_SIGMA).reduced() };
}

export type Season = 'quarter-end' | 'other';

/** What of a year repeats in a credit book: debtors pay, and sellers bill, for the end of a quarter. */
export function seasonOf(asOf: string): Season {
  return Number(asOf.slice(5, 7)) % 3 === 0 ? 'quarter-end' : 'other';
}

/**
 * Typical departure of each season from the level of all: median of the season less median of all, where the season was seen in at least two years;
 * otherwise nothing is taken off, since a season guessed from three values adds more noise than it takes away.
 */
export function seasonalEffects(history: readonly Observation[]): ReadonlyMap<Season, Ratio> {
  const seasonSeenMin = 8;
  const level = median(history.map(({ value }) => value));
  const effects = new Map<Season, Ratio>();
  for (const season of ['quarter-end', 'other'] as const) {
    const seen = history.filter(({ asOf }) => seasonOf(asOf) === season).map(({ value }) => value);
    if (seen.length >= seasonSeenMin) effects.set(season, median(seen).minus(level).reduced());
  }
  return effects;
}

/**
 * How much wider the limits are because level and scatter are estimated from so many periods and not known: 1.97 after 12, 1.31 after 36, 1 in the end.
 * The first factor is the error of a median of n, pi / 2n of the variance, beside the scatter of an EWMA, lambda / (2 - lambda). The second is for the
 * error of the scatter, and calibrated: with it a stable book gives about half of the false alarms that the limits for a known level give.
 */
export function limitWidening(periods: number): Ratio {
  const lambda = new Decimal(EWMA_LAMBDA);
  const ofCentre = PI.div(2 * periods)
    .times(new Decimal(2).minus(lambda))
    .div(lambda);
  const ofScatter = new Decimal(1).plus(new Decimal(4).div(periods));
  return Ratio.parse(ofCentre.plus(1).sqrt().times(ofScatter).toFixed(CHART_DECIMALS));
}

/** Where the charts stand at the end of a series of standardised residuals, as shares of their limits: 1 = at the limit. Signed: above the level, or below. */
export interface ChartReading {
  readonly ewma: Ratio;
  readonly cusum: Ratio;
}

/** EWMA with its exact limits for the number of periods, and the two-sided CUSUM, both from zero at the first residual. */
export function chartReading(residuals: readonly Ratio[]): ChartReading {
  const lambda = new Decimal(EWMA_LAMBDA);
  const allowance = new Decimal(CUSUM_ALLOWANCE);
  let [average, above, below] = [new Decimal(0), new Decimal(0), new Decimal(0)];
  for (const residual of residuals) {
    const z = decimalOf(residual);
    average = average.times(new Decimal(1).minus(lambda)).plus(z.times(lambda));
    above = Decimal.max(0, above.plus(z).minus(allowance));
    below = Decimal.max(0, below.minus(z).minus(allowance));
  }
  const forgotten = new Decimal(1).minus(lambda).pow(2 * residuals.length);
  const scatter = lambda.div(new Decimal(2).minus(lambda)).times(new Decimal(1).minus(forgotten)).sqrt();
  const ewma = residuals.length === 0 ? new Decimal(0) : average.div(scatter.times(EWMA_LIMIT));
  const cusum = (above.greaterThanOrEqualTo(below) ? above : below.negated()).div(CUSUM_LIMIT);
  return { ewma: Ratio.parse(ewma.toFixed(CHART_DECIMALS)), cusum: Ratio.parse(cusum.toFixed(CHART_DECIMALS)) };
}
