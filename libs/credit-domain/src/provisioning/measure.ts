import { coveredRate, enhancementsInForce, integralCoverOf, integralCovers, type Cover } from './credit-enhancement';
import { appliedRate } from './forward-looking';
import { rateFor } from './loss-rate-set';
import type { ApprovedCreditEnhancement } from './policies';
import type { KindMeasure, ProvisionInput, Stage } from './provision';
import { parametersFor, stageOf, STAGE_LABELS, stageRates } from './stages';

/**
 * How a run measures, without the book: enough to say for any claim, in whatever state, which line it would belong to and what share of its
 * gross the line provides for. The bridge puts one claim through states and measures of two runs with these functions.
 */
export interface ProvisionMeasure {
  readonly asOf: string;
  readonly measures: readonly KindMeasure[];
  /** integral credit enhancements in force on asOf. */
  readonly enhancements: readonly ApprovedCreditEnhancement[];
  /** what they cover at the run, by enhancement id. */
  readonly covers: ReadonlyMap<string, Cover>;
}

/** Where a claim stands. */
export interface ClaimPlace {
  readonly entityId: string;
  readonly kind: string;
  /** '' = no class. */
  readonly class: string;
  readonly segment: string;
  readonly currency: string;
  readonly debtorId: string;
  /** true = assessed individually: no rate of the measure applies. */
  readonly assessed: boolean;
  /** index of the bucket in the scheme of the kind's measure (`scheme`); a kind measured by stages takes days past due (`stagesScheme`). */
  readonly bucket: number;
}

export interface Coverage {
  /** allowance for one unit of gross, before scenarios and cover. */
  readonly base: string;
  /** after scenarios, before any cover. */
  readonly uncovered: string;
  /** after scenarios and cover; the line's rate. */
  readonly applied: string;
}

export function provisionMeasure(input: ProvisionInput): ProvisionMeasure {
  const enhancements = enhancementsInForce(input).filter(({ integral }) => integral);
  return { asOf: input.asOf, measures: input.measures, enhancements, covers: integralCovers(input) };
}

/** How the measure treats a kind; null when the run has nothing of it. */
export function measureOfKind(measure: Pick<ProvisionMeasure, 'measures'>, kind: string): KindMeasure | null {
  return measure.measures.find((each) => each.kind === kind) ?? null;
}

/** The share of its gross that is provided for a claim that is not assessed individually. Null when the measure has no rate for it. */
export function collectiveCoverage(measure: ProvisionMeasure, place: Omit<ClaimPlace, 'assessed' | 'currency'>): Coverage | null {
  const kind = measureOfKind(measure, place.kind);
  if (kind === null) return null;
  const rates = ratesAt(kind, place, measure.asOf);
  if (rates === null) return null;
  const enhancement = integralCoverOf(measure.enhancements, place);
  const cover = enhancement === null ? undefined : measure.covers.get(enhancement.enhancementId);
  if (cover === undefined || cover.exposure.isZero()) return { base: rates.baseRate, uncovered: rates.rate, applied: rates.rate };
  return { base: rates.baseRate, uncovered: rates.rate, applied: coveredRate(rates.rate, cover.insured, cover.exposure, cover.retained) };
}

/** The claim's stage; null for a kind that the measure does not stage. */
export function stageOfClaim(
  measure: ProvisionMeasure,
  place: Pick<ClaimPlace, 'kind' | 'entityId' | 'debtorId' | 'bucket'>,
): Stage | null {
  const kind = measureOfKind(measure, place.kind);
  return kind?.approach === 'stages' ? stageOf(kind, place) : null;
}

/** Key of the line a claim belongs to: the `lineKey` of that line of a run by this measure. Null when the run has nothing of the kind. */
export function lineOfClaim(measure: ProvisionMeasure, place: ClaimPlace): string | null {
  const { entityId, kind, segment, currency, debtorId, bucket } = place;
  if (place.assessed) return individualLineKey({ debtorId, entityId, kind, segment, currency });
  const found = measureOfKind(measure, kind);
  if (found === null) return null;
  const enhancement = integralCoverOf(measure.enhancements, place);
  const isCovered = enhancement !== null && measure.covers.has(enhancement.enhancementId);
  const line = { entityId, kind, segment, currency, debtorId: isCovered ? debtorId : null };
  if (found.approach === 'stages') return stagedLineKey({ ...line, class: place.class, stage: stageOf(found, place) });
  const label = found.bucketLabels[bucket];
  if (label === undefined) throw new RangeError(`Scheme '${found.scheme}' has no bucket number ${String(bucket)}.`);
  return collectiveLineKey({ ...line, bucket: label });
}

interface LinePlace {
  readonly entityId: string;
  readonly kind: string;
  readonly segment: string;
  readonly currency: string;
  readonly debtorId: string | null;
}

/** The keys name lines of a run whether they come from the engine or from the log. */
export function collectiveLineKey({
  entityId,
  kind,
  segment,
  bucket,
  currency,
  debtorId,
}: LinePlace & { readonly bucket: string }): string {
  return JSON.stringify(['collective', entityId, kind, segment, bucket, currency, debtorId]);
}

export function stagedLineKey(line: LinePlace & { readonly class: string; readonly stage: Stage }): string {
  return JSON.stringify(['staged', line.entityId, line.kind, line.class, line.segment, line.stage, line.currency, line.debtorId]);
}

export function individualLineKey({ debtorId, entityId, kind, segment, currency }: LinePlace): string {
  return JSON.stringify(['individual', debtorId, entityId, kind, segment, currency]);
}

export interface RatesAt {
  readonly baseRate: string;
  readonly rate: string;
}

/** Rates of a claim before any cover; null when none is in force for it. */
export function ratesAt(
  measure: KindMeasure,
  place: {
    readonly class: string;
    readonly segment: string;
    readonly entityId: string;
    readonly bucket: number;
    readonly debtorId?: string | null;
  },
  asOf: string,
): RatesAt | null {
  if (measure.approach === 'stages') {
    const parameters = parametersFor(measure.policy, place.class, place.segment);
    const stage = stageOf(measure, { ...place, debtorId: place.debtorId ?? null });
    return parameters === null ? null : stageRates(parameters, stage, asOf, measure.forwardLooking);
  }
  const baseRate = rateFor(measure.lossRateSet?.rates ?? [], place.segment, bucketLabel(measure, place.bucket));
  return baseRate === null ? null : { baseRate, rate: appliedRate(baseRate, measure.forwardLooking) };
}

/** The bucket of a kind's measure as it is printed. */
export function bucketLabel(measure: KindMeasure, bucket: number): string {
  const labels: readonly string[] = measure.approach === 'stages' ? STAGE_LABELS : measure.bucketLabels;
  const label = labels[bucket];
  if (label === undefined) throw new Error(`Scheme '${measure.scheme}' has no bucket number ${String(bucket)}.`);
  return label;
}
