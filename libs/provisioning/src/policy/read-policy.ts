import type { ApprovedAssessment, ApprovedLossRateSet } from '@app/credit-domain';
import type { EventStore, Position, Tx } from '@app/event-store';
import { approvedAssessments, foldIndividualAssessments, INDIVIDUAL_ASSESSMENT_CATEGORY } from './individual-assessment.fold';
import { approvedLossRateSets, foldLossRateSets, LOSS_RATE_SET_CATEGORY } from './loss-rate-set.fold';

/** What two people have agreed on by a position: nothing proposed and not approved counts. */
export interface ProvisionPolicy {
  readonly lossRateSets: readonly ApprovedLossRateSet[];
  readonly assessments: readonly ApprovedAssessment[];
}

export async function readPolicy(store: EventStore, tx: Tx, position: Position): Promise<ProvisionPolicy> {
  const sets = await store.readCategory(tx, LOSS_RATE_SET_CATEGORY, position);
  const assessments = await store.readCategory(tx, INDIVIDUAL_ASSESSMENT_CATEGORY, position);
  return {
    lossRateSets: approvedLossRateSets(foldLossRateSets(sets)),
    assessments: approvedAssessments(foldIndividualAssessments(assessments)),
  };
}
