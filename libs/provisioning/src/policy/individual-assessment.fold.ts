import type { ApprovedAssessment, IndividualAssessment } from '@app/credit-domain';
import type { StoredEvent } from '@app/event-store';
import { dataOf } from '../event-data';
import type { IndividualAssessmentProposedData } from '../events';

export const INDIVIDUAL_ASSESSMENT_CATEGORY = 'individual-assessment';

interface Proposal {
  readonly assessment: IndividualAssessment;
  readonly version: number;
  readonly proposedBy: string;
  readonly proposedAt: string;
}

/** An individual assessment, or a release from one, as far as it has come. */
export type IndividualAssessmentState =
  | (Proposal & { readonly status: 'proposed' })
  | (Proposal & {
      readonly status: 'approved';
      readonly approvedBy: string;
      readonly approvedAt: string;
      readonly approvedPosition: bigint;
    });

/** Folds the events of one or of many assessments, given by position. */
export function foldIndividualAssessments(events: readonly StoredEvent[]): IndividualAssessmentState[] {
  const assessments = new Map<string, IndividualAssessmentState>();
  for (const event of events) {
    if (event.type === 'IndividualAssessmentProposed') {
      assessments.set(event.key, {
        assessment: assessmentOf(dataOf('IndividualAssessmentProposed', event)),
        version: event.version,
        status: 'proposed',
        proposedBy: event.principalId,
        proposedAt: event.recordedAt.toISOString(),
      });
    } else if (event.type === 'IndividualAssessmentApproved') {
      const proposed = assessments.get(event.key);
      if (proposed === undefined) throw new Error(`Assessment '${event.key}' was approved before it was proposed.`);
      const { approvedBy, ...data } = dataOf('IndividualAssessmentApproved', event);
      assessments.set(event.key, {
        ...proposed,
        assessment: assessmentOf(data),
        version: event.version,
        status: 'approved',
        approvedBy,
        approvedAt: event.recordedAt.toISOString(),
        approvedPosition: event.position,
      });
    }
  }
  return [...assessments.values()];
}

/** The approved ones, as the rules want them. */
export function approvedAssessments(states: readonly IndividualAssessmentState[]): ApprovedAssessment[] {
  return states.flatMap((state) => (state.status === 'proposed' ? [] : [{ ...state.assessment, approvedAt: state.approvedPosition }]));
}

export function assessmentOf(data: IndividualAssessmentProposedData): IndividualAssessment {
  return {
    ...data,
    scenarios:
      data.scenarios?.map(({ probability, cashFlows }) => ({
        probability,
        cashFlows: cashFlows.map(({ on, amount }) => ({ on, amount: BigInt(amount) })),
      })) ?? null,
  };
}

export function assessmentData(assessment: IndividualAssessment): IndividualAssessmentProposedData {
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
    release,
  };
}
