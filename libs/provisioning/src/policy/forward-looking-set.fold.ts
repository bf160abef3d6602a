import { inForceForKind, meanScalar, type ForwardLookingSet } from '@app/credit-domain';
import { canonicalJson, type JsonObject } from '@app/event-store';
import { dataOf, newEvent, type DataOf } from '../event-data';
import type { PolicyType } from './approvable';
import { approvedContents } from './approvable.fold';

/** Forward-looking scenarios with the set they are proposed to take the place of. */
export interface ProposedForwardLookingSet extends ForwardLookingSet {
  readonly replaces: string | null;
}

export const forwardLookingSets: PolicyType<ProposedForwardLookingSet> = {
  category: 'forward-looking-set',
  noun: 'forward-looking set',
  notFound: 'forward-looking-set-not-found',
  events: { proposed: 'ForwardLookingSetProposed', approved: 'ForwardLookingSetApproved', withdrawn: 'ForwardLookingSetWithdrawn' },
  scopeOf: ({ setId, effectiveOn }) => ({ id: setId, effectiveOn, entityId: null }),
  contentOf: (event) => dataOf('ForwardLookingSetProposed', event),
  proposedEvent: (set) => newEvent('ForwardLookingSetProposed', set.effectiveOn, setData(set)),
  approvedEvent: (set, by) => newEvent('ForwardLookingSetApproved', set.effectiveOn, { ...setData(set), ...by }),
  withdrawnEvent: ({ setId, effectiveOn }, by) => newEvent('ForwardLookingSetWithdrawn', effectiveOn, { setId, ...by }),
  inForce: (approved, asOf) => {
    const all = approvedContents(approved);
    return new Set(all.map(({ kind }) => inForceForKind(all, { kind, asOf })?.setId ?? ''));
  },
  inWords: (set, approved) => {
    const before = inForceForKind(approvedContents(approved), { kind: set.kind, asOf: set.effectiveOn });
    const mean = `scales the loss rates of ${set.kind} by ${meanScalar(set.scenarios).toFixed()} on average from ${set.effectiveOn}`;
    const instead = before === null ? 'none held before' : `instead of ${meanScalar(before.scenarios).toFixed()} by '${before.setId}'`;
    return `Weights ${String(set.scenarios.length)} scenarios and ${mean}; ${instead}.`;
  },
  exclusive: {
    slotOf: ({ kind, effectiveOn }) => JSON.stringify([kind, effectiveOn]),
    effectOf: ({ scenarios, keepFullRates }): JsonObject => ({
      keepFullRates,
      scenarios: scenarios.map((each) => canonicalJson({ ...each })).sort(),
    }),
    replaces: (set) => set.replaces,
  },
};

function setData(set: ProposedForwardLookingSet): DataOf<'ForwardLookingSetProposed'> {
  return { ...set, scenarios: set.scenarios.map((scenario) => ({ ...scenario })) };
}
