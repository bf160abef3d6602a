import type { AgeingScheme } from '../ageing';
import { addMonths, daysBetween, Decimal, formatRate, localDate } from '../values';
import { APPLIED_RATE_DECIMALS, decimalRate, scaledByScenarios, weighted } from './forward-looking';
import { ANY, type ForwardLookingSet, type StageParameters, type StagingPolicy, type TermPeriod } from './policies';
import type { KindStages, Stage, StagePlacement } from './provision';

/**
 * The general approach in three stages (IFRS 9 5.5.1-5.5.8, 5.5.11, B5.5.37).
 *
 * Stage by days past due of each claim: 1 up to `sicrDays`, 3 from `defaultDays`, 2 between; no due date is never past due. A placement of
 * the debtor (assignment, credit-impaired flag, probation) can put a claim higher, never lower.
 */

const MONTHS_OF_STAGE_1 = 12;
const DAYS_PER_YEAR = 365;
const ONE = new Decimal(1);

export const STAGE_LABELS: readonly [string, string, string] = ['Stage 1', 'Stage 2', 'Stage 3'];

/** The buckets that read a kind's exposure by stage: days past due, on the due date. */
export function stagesScheme({ sicrDays, defaultDays }: Pick<StagingPolicy, 'sicrDays' | 'defaultDays'>): AgeingScheme {
  return {
    id: `stages-${String(sicrDays)}-${String(defaultDays)}`,
    basis: 'due',
    buckets: [
      { label: STAGE_LABELS[0], upTo: { unit: 'days', count: sicrDays } },
      { label: STAGE_LABELS[1], upTo: { unit: 'days', count: defaultDays - 1 } },
      { label: STAGE_LABELS[2], over: true },
    ],
  };
}

/** The stage of a claim whose days past due fall into `bucket` (0, 1, 2) of `stagesScheme`. */
export function stageOf(
  measure: Pick<KindStages, 'placements'>,
  claim: { readonly debtorId: string | null; readonly entityId: string; readonly bucket: number },
): Stage {
  const byDays = stageOfBucket(claim.bucket);
  const placed = placementOf(measure.placements, claim)?.stage ?? 1;
  return placed > byDays ? placed : byDays;
}

export function stageOfBucket(bucket: number): Stage {
  if (bucket === 0) return 1;
  if (bucket === 1) return 2;
  if (bucket === 2) return 3;
  throw new RangeError(`There is no stage for bucket number ${String(bucket)}.`);
}

/** The debtor's placement in an entity: one that names the entity goes before one for all of them. */
export function placementOf(
  placements: readonly StagePlacement[],
  claim: { readonly debtorId: string | null; readonly entityId: string },
): StagePlacement | null {
  if (claim.debtorId === null) return null;
  let general: StagePlacement | null = null;
  for (const placement of placements) {
    if (placement.debtorId !== claim.debtorId) continue;
    if (placement.entityId === claim.entityId) return placement;
    if (placement.entityId === null) general = placement;
  }
  return general;
}

/** Parameters of (class, segment), else of (class, *), else of (*, segment), else of (*, *); null when the policy has none of them. */
export function parametersFor(policy: StagingPolicy, className: string, segment: string): StageParameters | null {
  const wanted: readonly (readonly [string, string])[] = [
    [className, segment],
    [className, ANY],
    [ANY, segment],
    [ANY, ANY],
  ];
  for (const [forClass, forSegment] of wanted) {
    const found = policy.parameters.find((each) => each.class === forClass && each.segment === forSegment);
    if (found !== undefined) return found;
  }
  return null;
}

export interface StageRates {
  /** before and after scenarios, rounded half up to 24 decimals. */
  readonly baseRate: string;
  readonly rate: string;
}

/**
 * Loss per unit of exposure. Stage 1: 12-month default probability x loss given default x discount factor; stage 2: the lifetime
 * probability; stage 3: probability 1 (it has defaulted, and no scenario changes that). With a term structure: sum over the periods of
 * exposure share x marginal probability x loss given default x discount factor, in stage 1 over the periods of 12 months or less. Scenarios
 * scale probabilities, capped at 1: of a term structure its running sum.
 */
export function stageRates(parameters: StageParameters, stage: Stage, asOf: string, set: ForwardLookingSet | null): StageRates {
  const lossRate = (scenarios: ForwardLookingSet | null): string =>
    formatRate(Decimal.min(ONE, lossPerUnit(parameters, stage, asOf, scenarios)).toDecimalPlaces(APPLIED_RATE_DECIMALS));
  const baseRate = lossRate(null);
  return { baseRate, rate: stage === 3 || set === null ? baseRate : lossRate(set) };
}

function lossPerUnit(parameters: StageParameters, stage: Stage, asOf: string, set: ForwardLookingSet | null): Decimal {
  const { effectiveRate, recoveryMonths, term } = parameters;
  const onDefault = decimalRate(parameters.lgd).times(discountFactor(effectiveRate, recoveryMonths, asOf));
  if (stage === 3) return onDefault;
  if (term !== null) {
    const periods = stage === 1 ? term.filter(({ months }) => months <= MONTHS_OF_STAGE_1) : term;
    return set === null ? overTerm(periods, parameters, asOf, ONE) : termByScenarios(periods, parameters, asOf, set);
  }
  const probability = decimalRate(stage === 1 ? parameters.pd12Months : parameters.pdLifetime);
  return scaledByScenarios(probability, set).times(onDefault);
}

function termByScenarios(periods: readonly TermPeriod[], parameters: StageParameters, asOf: string, set: ForwardLookingSet): Decimal {
  const certain = periods.reduce((sum, { marginalPd }) => sum.plus(decimalRate(marginalPd)), new Decimal(0)).eq(1);
  if (set.keepFullRates && certain) return overTerm(periods, parameters, asOf, ONE);
  return weighted(set, (scalar) => overTerm(periods, parameters, asOf, scalar));
}

function overTerm(periods: readonly TermPeriod[], parameters: StageParameters, asOf: string, scalar: Decimal): Decimal {
  let survived = ONE;
  let loss = new Decimal(0);
  for (const { months, marginalPd, lgd, exposureShare } of periods) {
    const probability = Decimal.min(survived, decimalRate(marginalPd).times(scalar));
    survived = survived.minus(probability);
    const factor = discountFactor(parameters.effectiveRate, months, asOf);
    loss = loss.plus(probability.times(decimalRate(exposureShare)).times(decimalRate(lgd)).times(factor));
  }
  return loss;
}

/** 1 / (1 + yearly rate)^(days / 365), the days counted by calendar months from asOf; 1 where there is no rate or no time. */
export function discountFactor(effectiveRate: string | null, months: number | null, asOf: string): Decimal {
  if (effectiveRate === null || months === null) return ONE;
  const from = localDate(asOf);
  const days = daysBetween(from, addMonths(from, months));
  const growth = decimalRate(effectiveRate).plus(1);
  return days === 0 || growth.eq(1) ? ONE : ONE.div(growth.pow(new Decimal(days).div(DAYS_PER_YEAR)));
}
