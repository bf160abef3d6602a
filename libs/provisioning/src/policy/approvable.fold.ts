import type { Approved } from '@app/credit-domain';
import type { EventStore, Position, StoredEvent, Tx } from '@app/event-store';
import { contentHashOf, type ApprovedPolicy, type PolicyState, type PolicyType } from './approvable';

/** Folds the events of one or of many policies of a type, given by position. The latest proposal is the one that counts. */
export function foldPolicies<Content>(type: PolicyType<Content>, events: readonly StoredEvent[]): PolicyState<Content>[] {
  const policies = new Map<string, PolicyState<Content>>();
  for (const event of events) {
    const { version, position } = event;
    const at = event.recordedAt.toISOString();
    if (event.type === type.events.proposed) {
      const content = type.contentOf(event);
      policies.set(event.key, {
        ...type.scopeOf(content),
        ...{ content, contentHash: contentHashOf(event.data), version, position, status: 'proposed' },
        ...{ proposedBy: event.principalId, proposedAt: at },
      });
      continue;
    }
    const policy = policies.get(event.key);
    if (policy === undefined) throw new Error(`The ${type.noun} '${event.key}' was decided on before it was proposed.`);
    if (event.type === type.events.approved) {
      const approval = { approvedBy: event.principalId, approvedAt: at, approvedPosition: position };
      policies.set(event.key, { ...policy, version, position, status: 'approved', ...approval });
    } else if (event.type === type.events.withdrawn) {
      policies.set(event.key, { ...policy, version, position, status: 'withdrawn', withdrawnBy: event.principalId, withdrawnAt: at });
    }
  }
  return [...policies.values()];
}

/** Every policy of a type as recorded by a position; without one, by now. */
export async function readPolicies<Content>(
  store: EventStore,
  tx: Tx,
  type: PolicyType<Content>,
  position?: Position,
): Promise<PolicyState<Content>[]> {
  return foldPolicies(type, await store.readCategory(tx, type.category, position));
}

export function approvedPolicies<Content>(states: readonly PolicyState<Content>[]): ApprovedPolicy<Content>[] {
  return states.filter((state) => state.status === 'approved');
}

/** The approved ones by a position, as the rules want them. */
export async function readApproved<Content extends object>(
  store: EventStore,
  tx: Tx,
  type: PolicyType<Content>,
  position: Position,
): Promise<(Content & Approved)[]> {
  return approvedContents(await readPolicies(store, tx, type, position));
}

export function approvedContents<Content extends object>(states: readonly PolicyState<Content>[]): (Content & Approved)[] {
  return approvedPolicies(states).map(({ content, approvedPosition }) => ({ ...content, approvedAt: approvedPosition }));
}
