import { Decimal, daysBetween, localDate } from '../values';
import { isFractionText } from './loss-rate-set';

/** A debtor measured alone, outside the matrix, from effectiveOn as known from its approval. */
export interface IndividualAssessment {
  readonly assessmentId: string;
  readonly debtorId: string;
  readonly effectiveOn: string;
  /** after this day the rate is kept and a review is due. */
  readonly endsOn: string | null;
  /** null = every kind. */
  readonly kinds: readonly string[] | null;
  /** null = every entity. */
  readonly entityId: string | null;
  readonly lossRate: string | null;
  readonly scenarios: readonly Scenario[] | null;
  /** currency of the cash flows; null = the one currency of the assessed claims. */
  readonly scenarioCurrency: string | null;
  /** yearly effective rate as a fraction; null = no discounting. */
  readonly discountRate: string | null;
  readonly reason: string;
  /** link or text that says where the evidence is; null = none given. */
  readonly evidence: string | null;
  /** true = back to the matrix from effectiveOn. */
  readonly release: boolean;
}

export interface Scenario {
  readonly probability: string;
  readonly cashFlows: readonly { readonly on: string; /** minor units */ readonly amount: bigint }[];
}

/** An assessment a second person approved; `approvedAt` is the log position of the approval. */
export interface ApprovedAssessment extends IndividualAssessment {
  readonly approvedAt: bigint;
}

export interface AssessmentFault {
  readonly code: 'invalid-field';
  readonly detail: string;
  readonly field: string;
}

const SCENARIOS_MAX = 20;
const CASH_FLOWS_MAX = 600;
const DAYS_PER_YEAR = 365;

/** Checks the measurement of an assessment: exactly one of loss rate and scenarios, fractions in range, probabilities that make up 1. */
export function checkAssessment(assessment: IndividualAssessment): AssessmentFault[] {
  const faults: AssessmentFault[] = [];
  const fault = (field: string, detail: string): void => {
    faults.push({ code: 'invalid-field', field, detail });
  };
  if (assessment.endsOn !== null && assessment.endsOn < assessment.effectiveOn) fault('endsOn', 'endsOn lies before effectiveOn.');
  if (assessment.kinds?.length === 0) fault('kinds', 'Name at least one kind, or leave kinds out for all of them.');
  if (assessment.reason.trim() === '') fault('reason', 'An assessment needs a reason.');
  if (assessment.release) return faults;
  if ((assessment.lossRate === null) === (assessment.scenarios === null)) {
    fault('lossRate', 'Give either lossRate or scenarios.');
  }
  if (assessment.lossRate !== null && !isFractionText(assessment.lossRate)) fault('lossRate', 'lossRate is a fraction between 0 and 1.');
  if (assessment.discountRate !== null && !isFractionText(assessment.discountRate)) {
    fault('discountRate', 'discountRate is a fraction between 0 and 1.');
  }
  if (assessment.scenarios !== null) checkScenarios(assessment.scenarios, fault);
  return faults;
}

function checkScenarios(scenarios: readonly Scenario[], fault: (field: string, detail: string) => void): void {
  if (scenarios.length === 0 || scenarios.length > SCENARIOS_MAX) {
    fault('scenarios', `Give between 1 and ${String(SCENARIOS_MAX)} scenarios.`);
    return;
  }
  scenarios.forEach((scenario, index) => {
    const at = `scenarios[${String(index)}]`;
    if (!isFractionText(scenario.probability)) fault(`${at}.probability`, 'A probability is a fraction between 0 and 1.');
    if (scenario.cashFlows.length > CASH_FLOWS_MAX) fault(`${at}.cashFlows`, `At most ${String(CASH_FLOWS_MAX)} cash flows.`);
    scenario.cashFlows.forEach((flow, flowIndex) => {
      if (flow.amount < 0n) fault(`${at}.cashFlows[${String(flowIndex)}].amount`, 'An expected receipt is not negative.');
    });
  });
  if (!scenarios.every((scenario) => isFractionText(scenario.probability))) return;
  const sum = scenarios.reduce((total, scenario) => total.plus(scenario.probability), new Decimal(0));
  if (!sum.eq(1)) fault('scenarios', `The probabilities add up to ${sum.toFixed()}, not to 1.`);
}

/**
 * The assessment that holds for one claim on asOf: among those that cover debtor, kind and entity the latest effective date not
 * after asOf, and among equal dates the latest approval. Null when there is none or when the latest is a release.
 * The end date plays no part: expiry asks for a review and keeps the last rate.
 */
export function assessmentInForce(
  approved: readonly ApprovedAssessment[],
  claim: { readonly debtorId: string; readonly kind: string; readonly entityId: string; readonly asOf: string },
): ApprovedAssessment | null {
  let found: ApprovedAssessment | null = null;
  for (const assessment of approved) {
    if (assessment.debtorId !== claim.debtorId || assessment.effectiveOn > claim.asOf) continue;
    if (assessment.kinds !== null && !assessment.kinds.includes(claim.kind)) continue;
    if (assessment.entityId !== null && assessment.entityId !== claim.entityId) continue;
    const later =
      found === null ||
      assessment.effectiveOn > found.effectiveOn ||
      (assessment.effectiveOn === found.effectiveOn && assessment.approvedAt > found.approvedAt);
    if (later) found = assessment;
  }
  return found === null || found.release ? null : found;
}

/** Whether the end date has passed, so that somebody should look at the assessment again. */
export function reviewDue(assessment: IndividualAssessment, asOf: string): boolean {
  return assessment.endsOn !== null && assessment.endsOn < asOf;
}

/**
 * Probability-weighted present value, in minor units of the scenario currency, of what the scenarios expect after asOf:
 * sum of p x amount / (1 + rate)^(days / 365), discounted to asOf (IFRS 9 B5.5.29, B5.5.33). Flows dated before asOf are left
 * out: either they came and the gross is already lower, or they did not come.
 */
export function expectedReceipts(assessment: IndividualAssessment, asOf: string): Decimal {
  const growth = new Decimal(1).plus(assessment.discountRate ?? '0');
  let value = new Decimal(0);
  for (const scenario of assessment.scenarios ?? []) {
    for (const flow of scenario.cashFlows) {
      if (flow.on < asOf) continue;
      const days = daysBetween(localDate(asOf), localDate(flow.on));
      const amount = new Decimal(flow.amount.toString()).times(scenario.probability);
      value = value.plus(days === 0 || growth.eq(1) ? amount : amount.div(growth.pow(new Decimal(days).div(DAYS_PER_YEAR))));
    }
  }
  return value;
}
