import type {
  AgeingScheme,
  ApprovedAssessment,
  Assessed,
  BridgeClaim,
  ForwardLookingSet,
  Fraction,
  KindMeasure,
  LocalDate,
  PolicyView,
  PooledMeasure,
  ProvisionMeasure,
  Stage,
} from '@app/credit-domain';
import {
  anchorThresholds,
  assessmentInForce,
  bucketByThresholds,
  collectiveCoverage,
  fractionOf,
  fractionOfRate,
  individualLineKey,
  isReceivableKind,
  KINDS_WITH_ECL,
  lineOfClaim,
  localDate,
  measureOfKind,
  stageOfClaim,
  stagesScheme,
} from '@app/credit-domain';

/** Claims payable on demand, or not billed yet, are never past due; exposure by due date reads them on this day as well. */
const NEVER_DUE = '2199-12-31';

/** What one end measured with, and for which claims. */
export interface MeasuredEnd {
  readonly measure: ProvisionMeasure;
  /** the schemes its matrices use, by id. */
  readonly schemes: ReadonlyMap<string, AgeingScheme>;
  readonly assessments: readonly ApprovedAssessment[];
  /** allowance / gross of each individual line, by `individualLineKey`. */
  readonly individualCoverage: ReadonlyMap<string, Fraction>;
  /** null = every kind with expected credit losses. */
  readonly kinds: readonly string[] | null;
  /** kinds measured for nobody but individually assessed debtors. */
  readonly kindsLeftOut: ReadonlySet<string>;
}

/**
 * The policies of one run, asked about single receivables by the functions the run itself was measured with. Answers are kept by whatever
 * they depend on, so that a million receivables ask the engine a few hundred times.
 */
export class MeasuredView implements PolicyView {
  private readonly thresholds = new Map<string, LocalDate[]>();
  private readonly rates = new Map<string, PooledMeasure | null>();
  private readonly unplaced: ProvisionMeasure;
  private readonly named: ReadonlySet<string>;
  private readonly assessmentsOf = new Map<string, ApprovedAssessment[]>();
  private readonly inScope: ReadonlySet<string>;

  constructor(private readonly end: MeasuredEnd) {
    const { measure, assessments, kinds } = end;
    this.unplaced = { ...measure, measures: measure.measures.map(withoutPlacements) };
    this.named = new Set([
      ...measure.enhancements.map(({ debtorId }) => debtorId),
      ...measure.measures.flatMap((each) => (each.approach === 'stages' ? each.placements.map(({ debtorId }) => debtorId) : [])),
    ]);
    for (const assessment of assessments) {
      const known = this.assessmentsOf.get(assessment.debtorId);
      if (known === undefined) this.assessmentsOf.set(assessment.debtorId, [assessment]);
      else known.push(assessment);
    }
    this.inScope = new Set(kinds ?? KINDS_WITH_ECL);
  }

  readonly holds = (claim: BridgeClaim): boolean => {
    if (!this.inScope.has(claim.kind) || !isReceivableKind(claim.kind)) return false;
    return !this.end.kindsLeftOut.has(claim.kind) || this.assessmentFor(claim) !== null;
  };

  readonly measured = (claim: BridgeClaim, agedOn: string, stage: Stage | null): PooledMeasure | null => {
    const kind = measureOfKind(this.end.measure, claim.kind);
    if (kind === null) return null;
    const forced = kind.approach === 'stages' ? stage : null;
    const bucket = forced === null ? this.bucketOf(kind, claim, agedOn) : forced - 1;
    const debtor = this.named.has(claim.debtorId) ? claim.debtorId : '';
    const key = `${claim.entityId}\n${claim.kind}\n${claim.class}\n${claim.segment}\n${debtor}\n${String(bucket)}\n${String(forced)}`;
    const known = this.rates.get(key);
    if (known !== undefined) return known;
    const place = { ...placeOf(claim), bucket };
    const coverage = collectiveCoverage(forced === null ? this.end.measure : this.unplaced, place);
    const answer: PooledMeasure | null =
      coverage === null
        ? null
        : {
            side: kind.approach === 'stages' ? 'staged' : 'collective',
            stage: forced ?? stageOfClaim(this.end.measure, place),
            scheme: kind.scheme,
            coverage: fractionOfRate(coverage.applied),
          };
    this.rates.set(key, answer);
    return answer;
  };

  readonly assessed = (claim: BridgeClaim): Assessed | null => {
    const assessment = this.assessmentFor(claim);
    if (assessment === null) return null;
    const { debtorId, entityId, kind, segment, currency } = claim;
    const { lossRate, discountRate } = assessment;
    const coverage =
      this.end.individualCoverage.get(individualLineKey({ debtorId, entityId, kind, segment, currency })) ??
      (lossRate === null ? null : fractionOfRate(lossRate));
    return { coverage, discountRate };
  };

  /** Key of the line that holds the claim in the figures of this end; null when they hold nothing of it. */
  lineOf(claim: BridgeClaim): string | null {
    if (!this.holds(claim)) return null;
    const kind = measureOfKind(this.end.measure, claim.kind);
    const assessed = this.assessmentFor(claim) !== null;
    if (kind === null) return null;
    const bucket = this.bucketOf(kind, claim, this.end.measure.asOf);
    return lineOfClaim(this.end.measure, { ...placeOf(claim), currency: claim.currency, assessed, bucket });
  }

  /** Whatever the line of a claim depends on, as one short text. */
  lineGroupOf(claim: BridgeClaim): string {
    const kind = measureOfKind(this.end.measure, claim.kind);
    const bucket = kind === null ? -1 : this.bucketOf(kind, claim, this.end.measure.asOf);
    const debtor = this.named.has(claim.debtorId) || this.assessmentsOf.has(claim.debtorId) ? claim.debtorId : '';
    const { entityId, class: className, segment, currency } = claim;
    return `${entityId}\n${claim.kind}\n${className}\n${segment}\n${currency}\n${debtor}\n${String(bucket)}\n${claim.relatedParty ? 'r' : ''}`;
  }

  assessmentFor(claim: BridgeClaim): ApprovedAssessment | null {
    const own = this.assessmentsOf.get(claim.debtorId);
    if (own === undefined) return null;
    const { debtorId, kind, entityId } = claim;
    return assessmentInForce(own, { debtorId, kind, entityId, asOf: this.end.measure.asOf });
  }

  private bucketOf(kind: KindMeasure, claim: BridgeClaim, agedOn: string): number {
    const scheme = kind.approach === 'stages' ? stagesScheme(kind.policy) : this.end.schemes.get(kind.scheme);
    if (scheme === undefined) throw new Error(`Scheme '${kind.scheme}' of kind '${kind.kind}' was not read.`);
    const key = `${scheme.id}\n${agedOn}`;
    let thresholds = this.thresholds.get(key);
    if (thresholds === undefined) {
      thresholds = anchorThresholds(scheme, localDate(agedOn));
      this.thresholds.set(key, thresholds);
    }
    const anchors = { recognition: claim.recognisedOn, invoice: claim.invoicedOn, due: claim.dueOn ?? NEVER_DUE };
    return bucketByThresholds(thresholds, anchors[scheme.basis] as LocalDate);
  }
}

/** The measure of one end under the scenarios of another: what changed of rates and cover alone. Kinds the other did not have keep theirs. */
export function underScenariosOf(measure: ProvisionMeasure, other: ProvisionMeasure): ProvisionMeasure {
  const scenarios = new Map<string, ForwardLookingSet | null>(other.measures.map(({ kind, forwardLooking }) => [kind, forwardLooking]));
  return {
    ...measure,
    measures: measure.measures.map((each) => {
      const forwardLooking = scenarios.get(each.kind);
      return forwardLooking === undefined ? each : { ...each, forwardLooking };
    }),
  };
}

export function individualCoverageOf(
  lines: readonly {
    readonly debtorId: string;
    readonly entityId: string;
    readonly kind: string;
    readonly segment: string;
    readonly currency: string;
    readonly gross: string;
    readonly allowance: string;
  }[],
): ReadonlyMap<string, Fraction> {
  return new Map(lines.map((line) => [individualLineKey(line), fractionOf(BigInt(line.allowance), BigInt(line.gross))]));
}

function withoutPlacements(measure: KindMeasure): KindMeasure {
  return measure.approach === 'stages' ? { ...measure, placements: [] } : measure;
}

function placeOf(claim: BridgeClaim): { entityId: string; kind: string; class: string; segment: string; debtorId: string } {
  const { entityId, kind, class: className, segment, debtorId } = claim;
  return { entityId, kind, class: className, segment, debtorId };
}
