import type { PolicyType } from './approvable';
import { creditEnhancements } from './credit-enhancement.fold';
import { forwardLookingSets } from './forward-looking-set.fold';
import { individualAssessments } from './individual-assessment.fold';
import { lossRateSets } from './loss-rate-set.fold';
import { overlays } from './overlay.fold';
import { stageAssignments } from './stage-assignment.fold';
import { stagingPolicies } from './staging-policy.fold';

const POLICY_TYPES = {
  'loss-rate-sets': lossRateSets,
  'individual-assessments': individualAssessments,
  'staging-policies': stagingPolicies,
  'stage-assignments': stageAssignments,
  'forward-looking-sets': forwardLookingSets,
  overlays,
  'credit-enhancements': creditEnhancements,
} as const;

/** Every kind of policy two people agree on, by the name of its collection. */
export type PolicyCollection = keyof typeof POLICY_TYPES;
export const POLICY_COLLECTIONS = Object.keys(POLICY_TYPES) as PolicyCollection[];

/** What a policy of a collection says. */
export type PolicyContent<Collection extends PolicyCollection> =
  (typeof POLICY_TYPES)[Collection] extends PolicyType<infer Content> ? Content : never;

export function policyTypeOf<Collection extends PolicyCollection>(collection: Collection): PolicyType<PolicyContent<Collection>> {
  const type: PolicyType<never> = POLICY_TYPES[collection] as PolicyType<never>;
  return type;
}
