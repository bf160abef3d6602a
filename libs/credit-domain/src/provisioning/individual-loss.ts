import { Decimal, formatRate, roundHalfUp } from '../values';
import { allowanceOn, allowanceOnSum, clampToGross } from './allowance';
import { minorRate } from './credit-enhancement';
import { assessmentInForce, expectedReceipts, reviewDue, type ApprovedAssessment } from './individual-assessment';
import { bucketLabel, individualLineKey, ratesAt } from './measure';
import { byCodeUnit } from './order';
import type { IndividualAge, IndividualCell, IndividualLine, IndividualWarning, ProvisionInput, ProvisionProblem } from './provision';
import { comparePools, fxRateMissing, inPresentation, lineAmounts, measureOf, notNegative } from './run-lines';
import { spreadOverUnits, type LineUnit, type UnitGross } from './spread';

/** Decimal places of a loss rate derived from scenarios; given rates are kept as given. */
const DERIVED_RATE_DECIMALS = 18;

/** One debtor's claims in one entity, kind and currency: the unit an individual allowance is rounded on. */
interface AssessedClaim {
  readonly assessment: ApprovedAssessment;
  readonly cell: IndividualCell;
  readonly cells: readonly IndividualCell[];
  readonly gross: bigint;
  readonly matrixAllowance: bigint | null;
}

interface Loss {
  readonly allowance: bigint;
  readonly rate: string;
}

export type IndividualOutcome =
  | { readonly ok: true; readonly lines: readonly IndividualLine[]; readonly units: readonly LineUnit[] }
  | { readonly ok: false; readonly problem: ProvisionProblem };

/** Losses of the debtors carved out of the matrix, each beside what the matrix would have given on the same items. */
export function individualLoss(input: ProvisionInput): IndividualOutcome {
  const claims = assessedClaims(input);
  const byAssessment = new Map<ApprovedAssessment, AssessedClaim[]>();
  for (const claim of claims) byAssessment.set(claim.assessment, [...(byAssessment.get(claim.assessment) ?? []), claim]);
  const lines = new Map<AssessedClaim, IndividualLine>();
  for (const [assessment, group] of byAssessment) {
    const measured = measure(input, assessment, group);
    if (!measured.ok) return measured;
    for (const [claim, loss] of measured.losses) lines.set(claim, individualLine(input, claim, loss));
  }
  return {
    ok: true,
    lines: claims.flatMap((claim) => lines.get(claim) ?? []),
    units: claims.flatMap((claim) => unitsOf(claim, lines.get(claim))),
  };
}

function unitsOf({ cells }: AssessedClaim, line: IndividualLine | undefined): LineUnit[] {
  if (line === undefined) return [];
  const units = new Map<string, UnitGross>();
  for (const { class: className, related, amount } of cells) {
    const key = JSON.stringify([className, related]);
    units.set(key, { class: className, related, gross: (units.get(key)?.gross ?? 0n) + amount });
  }
  const { entityId, kind, segment } = line;
  return spreadOverUnits(line, [...units.values()]).map((unit) => ({
    ...unit,
    ...{ lineKey: individualLineKey(line), side: 'individual', stage: null, entityId, kind, segment, overlays: new Map<string, bigint>() },
  }));
}

/** Age of what is assessed individually, in the buckets the kind's other claims are measured in. */
export function individualAgeing(input: ProvisionInput): IndividualAge[] {
  const ages = new Map<string, { readonly cell: IndividualCell; gross: bigint }>();
  for (const cell of input.individual) {
    if (cell.amount === 0n) continue;
    const key = JSON.stringify([cell.entityId, cell.kind, cell.segment, cell.currency, cell.bucket]);
    const age = ages.get(key) ?? { cell, gross: 0n };
    age.gross += cell.amount;
    ages.set(key, age);
  }
  return [...ages.values()]
    .sort((a, b) => comparePools(input, a.cell, b.cell) || a.cell.bucket - b.cell.bucket)
    .map(({ cell: { entityId, kind, segment, currency, bucket }, gross }) => ({
      ...{ entityId, kind, segment, currency, gross },
      bucket: bucketLabel(measureOf(input, kind), bucket),
      presentationGross: inPresentation(input, currency, gross),
    }));
}

function assessedClaims(input: ProvisionInput): AssessedClaim[] {
  const groups = new Map<string, [IndividualCell, ...IndividualCell[]]>();
  for (const cell of input.individual) {
    if (cell.amount === 0n) continue;
    const key = JSON.stringify([cell.debtorId, cell.entityId, cell.kind, cell.segment, cell.currency]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [cell]);
    else group.push(cell);
  }
  const claims = [...groups.values()].map((cells) => {
    const [cell] = cells;
    const { debtorId, kind, entityId } = cell;
    const gross = notNegative(
      cells.reduce((sum, { amount }) => sum + amount, 0n),
      cell,
      `debtor ${debtorId}`,
    );
    const assessment = assessmentInForce(input.assessments, { debtorId, kind, entityId, asOf: input.asOf });
    if (assessment === null) {
      throw new Error(`Debtor '${debtorId}' is carved out of kind '${kind}' on ${input.asOf} without an assessment in force.`);
    }
    return { assessment, cell, cells, gross, matrixAllowance: matrixAllowanceOn(input, cells) };
  });
  return claims.sort((a, b) => byCodeUnit(a.cell.debtorId, b.cell.debtorId) || comparePools(input, a.cell, b.cell));
}

function matrixAllowanceOn(input: ProvisionInput, cells: readonly IndividualCell[]): bigint | null {
  const items: { gross: bigint; rate: string }[] = [];
  for (const cell of cells) {
    const rates = ratesAt(measureOf(input, cell.kind), cell, input.asOf);
    if (rates === null) return null;
    items.push({ gross: cell.amount, rate: rates.rate });
  }
  return allowanceOnSum(items);
}

type Measured =
  { readonly ok: true; readonly losses: ReadonlyMap<AssessedClaim, Loss> } | { readonly ok: false; readonly problem: ProvisionProblem };

/** A loss rate applies to each claim; scenarios speak of the claims together, so their loss is shared by gross. */
function measure(input: ProvisionInput, assessment: ApprovedAssessment, claims: readonly AssessedClaim[]): Measured {
  const { lossRate } = assessment;
  if (lossRate !== null) {
    return { ok: true, losses: new Map(claims.map((claim) => [claim, { allowance: allowanceOn(claim.gross, lossRate), rate: lossRate }])) };
  }
  const currencies = [...new Set(claims.map(({ cell }) => cell.currency))].sort(byCodeUnit);
  const currency = assessment.scenarioCurrency ?? (currencies.length === 1 ? currencies[0] : undefined);
  if (currency === undefined) return { ok: false, problem: ambiguousCurrency(assessment, currencies) };
  const inScenarioCurrency = scenarioTranslation(input, currency);
  if (inScenarioCurrency === null && currencies.some((each) => each !== currency)) {
    return { ok: false, problem: fxRateMissing([currency], input.currency, input.asOf) };
  }
  const together = claims.reduce((sum, { cell, gross }) => {
    const amount = new Decimal(gross.toString());
    return sum.plus(cell.currency === currency || inScenarioCurrency === null ? amount : inScenarioCurrency(amount, cell.currency));
  }, new Decimal(0));
  const loss = Decimal.min(Decimal.max(together.minus(expectedReceipts(assessment, input.asOf)), 0), together);
  const rate = formatRate(loss.div(together).toDecimalPlaces(DERIVED_RATE_DECIMALS));
  return {
    ok: true,
    // Multiplied before it is divided, so that the loss of a single claim is exactly gross less receipts.
    losses: new Map(
      claims.map((claim) => {
        const { gross } = claim;
        return [claim, { allowance: clampToGross(roundHalfUp(loss.times(gross.toString()).div(together)), gross), rate }];
      }),
    ),
  };
}

/** From another line currency into the scenario currency by way of the presentation currency, in minor units; null without a rate. */
function scenarioTranslation(input: ProvisionInput, currency: string): ((amount: Decimal, from: string) => Decimal) | null {
  const scenario = input.closingRates.get(currency);
  if (scenario === undefined) return null;
  return (amount, from) => {
    const line = input.closingRates.get(from);
    if (line === undefined) throw new Error(`No closing rate for ${from} after the rates were checked.`);
    return amount.times(minorRate(line)).div(minorRate(scenario));
  };
}

function ambiguousCurrency(assessment: ApprovedAssessment, currencies: readonly string[]): ProvisionProblem {
  const { assessmentId, debtorId } = assessment;
  return {
    code: 'assessment-currency-ambiguous',
    detail: `Assessment '${assessmentId}' expects cash flows for claims in ${currencies.join(', ')} and names no currency.`,
    errors: [{ code: 'assessment-currency-ambiguous', assessmentId, debtorId }],
  };
}

function individualLine(input: ProvisionInput, claim: AssessedClaim, { allowance, rate }: Loss): IndividualLine {
  const { assessment, cell, gross, matrixAllowance } = claim;
  const isReviewDue = reviewDue(assessment, input.asOf);
  const warnings: IndividualWarning[] = [];
  if (matrixAllowance === null) warnings.push('matrix-allowance-unknown');
  else if (allowance < matrixAllowance) warnings.push('below-matrix');
  if (isReviewDue) warnings.push('review-due');
  return {
    assessmentId: assessment.assessmentId,
    debtorId: cell.debtorId,
    entityId: cell.entityId,
    kind: cell.kind,
    segment: cell.segment,
    rate,
    ...lineAmounts(input, cell.currency, gross, allowance),
    matrixAllowance,
    presentationMatrixAllowance: matrixAllowance === null ? null : inPresentation(input, cell.currency, matrixAllowance),
    reason: assessment.reason,
    evidence: assessment.evidence,
    reviewDue: isReviewDue,
    warnings,
  };
}
