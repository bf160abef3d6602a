import type {
  ApprovedAssessment,
  ApprovedCreditEnhancement,
  ApprovedForwardLookingSet,
  ApprovedLossRateSet,
  ApprovedOverlay,
  ApprovedStageAssignment,
  ApprovedStagingPolicy,
} from '@app/credit-domain';
import type { EventStore, Position, Tx } from '@app/event-store';
import { readApproved } from './approvable.fold';
import { creditEnhancements } from './credit-enhancement.fold';
import { forwardLookingSets } from './forward-looking-set.fold';
import { individualAssessments } from './individual-assessment.fold';
import { readApprovedLossRateSets } from './loss-rate-set.fold';
import { overlays } from './overlay.fold';
import { stageAssignments } from './stage-assignment.fold';
import { stagingPolicies } from './staging-policy.fold';

/** What two people have agreed on by a position: nothing proposed and not approved counts. */
export interface ProvisionPolicy {
  readonly lossRateSets: readonly ApprovedLossRateSet[];
  readonly assessments: readonly ApprovedAssessment[];
  readonly stagingPolicies: readonly ApprovedStagingPolicy[];
  readonly stageAssignments: readonly ApprovedStageAssignment[];
  readonly forwardLookingSets: readonly ApprovedForwardLookingSet[];
  readonly overlays: readonly ApprovedOverlay[];
  readonly enhancements: readonly ApprovedCreditEnhancement[];
}

export async function readPolicy(store: EventStore, tx: Tx, position: Position): Promise<ProvisionPolicy> {
  return {
    lossRateSets: await readApprovedLossRateSets(store, tx, position),
    assessments: await readApproved(store, tx, individualAssessments, position),
    stagingPolicies: await readApproved(store, tx, stagingPolicies, position),
    stageAssignments: await readApproved(store, tx, stageAssignments, position),
    forwardLookingSets: await readApproved(store, tx, forwardLookingSets, position),
    overlays: await readApproved(store, tx, overlays, position),
    enhancements: await readApproved(store, tx, creditEnhancements, position),
  };
}
