import { assessmentInForce, KINDS_WITH_ECL, type ApprovedAssessment, type IndividualAssessment } from '@app/credit-domain';
import { dataOf, newEvent } from '../event-data';
import type { IndividualAssessmentProposedData } from '../events';
import type { PolicyType } from './approvable';
import { approvedContents } from './approvable.fold';

export const individualAssessments: PolicyType<IndividualAssessment> = {
  category: 'individual-assessment',
  noun: 'individual assessment',
  notFound: 'assessment-not-found',
  events: {
    proposed: 'IndividualAssessmentProposed',
    approved: 'IndividualAssessmentApproved',
    withdrawn: 'IndividualAssessmentWithdrawn',
  },
  scopeOf: ({ assessmentId, effectiveOn, entityId }) => ({ id: assessmentId, effectiveOn, entityId }),
  contentOf: (event) => assessmentOf(dataOf('IndividualAssessmentProposed', event)),
  proposedEvent: (assessment) => newEvent('IndividualAssessmentProposed', assessment.effectiveOn, assessmentData(assessment)),
  approvedEvent: (assessment, by) =>
    newEvent('IndividualAssessmentApproved', assessment.effectiveOn, { ...assessmentData(assessment), ...by }),
  withdrawnEvent: ({ assessmentId, effectiveOn }, by) => newEvent('IndividualAssessmentWithdrawn', effectiveOn, { assessmentId, ...by }),
  inForce: (approved, asOf) => {
    const all = approvedContents(approved);
    const holding = new Set<string>();
    for (const assessment of all) {
      for (const kind of assessment.kinds ?? KINDS_WITH_ECL) {
        for (const entityId of entitiesOf(all, assessment)) {
          const found = assessmentInForce(all, { debtorId: assessment.debtorId, kind, entityId, asOf });
          if (found !== null) holding.add(found.assessmentId);
        }
      }
    }
    return holding;
  },
  inWords: (assessment) => {
    const kinds = assessment.kinds === null ? 'all kinds' : assessment.kinds.join(', ');
    const where = `debtor '${assessment.debtorId}' (${kinds}${assessment.entityId === null ? '' : `, entity '${assessment.entityId}'`})`;
    if (assessment.release) return `Puts ${where} back into the matrix from ${assessment.effectiveOn}.`;
    const measure = assessment.lossRate === null ? 'by cash-flow scenarios' : `at a loss rate of ${assessment.lossRate}`;
    return `Takes ${where} out of the matrix from ${assessment.effectiveOn} and measures it ${measure}.`;
  },
};

/** The entities an assessment can hold for: its own, or every one named for the debtor and one that nobody names. */
function entitiesOf(all: readonly ApprovedAssessment[], { debtorId, entityId }: IndividualAssessment): string[] {
  if (entityId !== null) return [entityId];
  return [...new Set(['', ...all.flatMap((each) => (each.debtorId === debtorId && each.entityId !== null ? [each.entityId] : []))])];
}

function assessmentOf(data: IndividualAssessmentProposedData): IndividualAssessment {
  return {
    ...data,
    scenarios:
      data.scenarios?.map(({ probability, cashFlows }) => ({
        probability,
        cashFlows: cashFlows.map(({ on, amount }) => ({ on, amount: BigInt(amount) })),
      })) ?? null,
  };
}

function assessmentData(assessment: IndividualAssessment): IndividualAssessmentProposedData {
  const { assessmentId, debtorId, effectiveOn, endsOn, kinds, entityId, lossRate, scenarioCurrency, discountRate, reason, release } =
    assessment;
  return {
    assessmentId,
    debtorId,
    effectiveOn,
    endsOn,
    kinds: kinds === null ? null : [...kinds],
    entityId,
    lossRate,
    scenarios:
      assessment.scenarios?.map(({ probability, cashFlows }) => ({
        probability,
        cashFlows: cashFlows.map(({ on, amount }) => ({ on, amount: amount.toString() })),
      })) ?? null,
    scenarioCurrency,
    discountRate,
    reason,
    evidence: assessment.evidence,
    release,
  };
}
