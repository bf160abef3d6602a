import { inForceForKind, type StagingPolicy } from '@app/credit-domain';
import { canonicalJson, type JsonObject } from '@app/event-store';
import { dataOf, newEvent, type DataOf } from '../event-data';
import type { PolicyType } from './approvable';
import { approvedContents } from './approvable.fold';

/** A staging policy with the one it is proposed to take the place of. */
export interface ProposedStagingPolicy extends StagingPolicy {
  readonly replaces: string | null;
}

export const stagingPolicies: PolicyType<ProposedStagingPolicy> = {
  category: 'staging-policy',
  noun: 'staging policy',
  notFound: 'staging-policy-not-found',
  events: { proposed: 'StagingPolicyProposed', approved: 'StagingPolicyApproved', withdrawn: 'StagingPolicyWithdrawn' },
  scopeOf: ({ policyId, effectiveOn }) => ({ id: policyId, effectiveOn, entityId: null }),
  contentOf: (event) => dataOf('StagingPolicyProposed', event),
  proposedEvent: (policy) => newEvent('StagingPolicyProposed', policy.effectiveOn, policyData(policy)),
  approvedEvent: (policy, by) => newEvent('StagingPolicyApproved', policy.effectiveOn, { ...policyData(policy), ...by }),
  withdrawnEvent: ({ policyId, effectiveOn }, by) => newEvent('StagingPolicyWithdrawn', effectiveOn, { policyId, ...by }),
  inForce: (approved, asOf) => {
    const all = approvedContents(approved);
    return new Set(all.map(({ kind }) => inForceForKind(all, { kind, asOf })?.policyId ?? ''));
  },
  inWords: (policy, approved) => {
    const before = inForceForKind(approvedContents(approved), { kind: policy.kind, asOf: policy.effectiveOn });
    const days = `stage 2 above ${String(policy.sicrDays)} and stage 3 from ${String(policy.defaultDays)} days past due`;
    const instead = before === null ? 'the first for this kind' : `instead of '${before.policyId}'`;
    return `Measures ${policy.kind} in three stages from ${policy.effectiveOn} (${days}); ${instead}.`;
  },
  exclusive: {
    slotOf: ({ kind, effectiveOn }) => JSON.stringify([kind, effectiveOn]),
    effectOf: ({ sicrDays, defaultDays, probationDays, parameters }): JsonObject => ({
      ...{ sicrDays, defaultDays, probationDays },
      parameters: policyParameters(parameters).map(canonicalJson).sort(),
    }),
    replaces: (policy) => policy.replaces,
  },
};

function policyData(policy: ProposedStagingPolicy): DataOf<'StagingPolicyProposed'> {
  return { ...policy, parameters: policyParameters(policy.parameters) };
}

function policyParameters(parameters: ProposedStagingPolicy['parameters']): DataOf<'StagingPolicyProposed'>['parameters'] {
  return parameters.map((row) => ({ ...row, term: row.term?.map((period) => ({ ...period })) ?? null }));
}
