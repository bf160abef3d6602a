import type { EventStore, Position, Tx } from '@app/event-store';
import { EVENT_STORE } from '@app/platform';
import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { overlapOf, type PolicyState, type PolicyType } from './approvable';
import { approvedPolicies, readPolicies } from './approvable.fold';
import { ListApprovalsQuery, ListPoliciesQuery, type PolicyList, type WaitingProposal } from './policies.query';
import { POLICY_COLLECTIONS, policyTypeOf, type PolicyCollection, type PolicyContent } from './policy-types';

@QueryHandler(ListPoliciesQuery)
export class ListPoliciesHandler implements IQueryHandler<ListPoliciesQuery<PolicyCollection>> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  execute<Collection extends PolicyCollection>({
    tenantId,
    collection,
    request,
  }: ListPoliciesQuery<Collection>): Promise<PolicyList<PolicyContent<Collection>>> {
    const { asOf, knownAt } = request;
    const type: PolicyType<PolicyContent<Collection>> = policyTypeOf(collection);
    return this.store.database.read(tenantId, async (tx) => {
      const known = await this.store.resolveKnownAt(tx, knownAt);
      const states = await readPolicies(this.store, tx, type, known.position);
      const holding = type.inForce(approvedPolicies(states), asOf);
      const items = states.sort(latestFirst).map((state) => ({ ...state, inForce: state.status === 'approved' && holding.has(state.id) }));
      return { asOf, ...known, items };
    });
  }
}

@QueryHandler(ListApprovalsQuery)
export class ListApprovalsHandler implements IQueryHandler<ListApprovalsQuery> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  execute({ tenantId, request }: ListApprovalsQuery) {
    return this.store.database.read(tenantId, async (tx) => {
      const known = await this.store.resolveKnownAt(tx, request.knownAt);
      const items: WaitingProposal[] = [];
      for (const collection of POLICY_COLLECTIONS) items.push(...(await this.waiting(tx, collection, known.position)));
      items.sort((a, b) => (a.proposedAt < b.proposedAt ? -1 : a.proposedAt > b.proposedAt ? 1 : 0));
      return { ...known, items };
    });
  }

  private async waiting(tx: Tx, collection: PolicyCollection, position: Position): Promise<WaitingProposal[]> {
    const type = policyTypeOf(collection);
    const states = await readPolicies(this.store, tx, type, position);
    const approved = approvedPolicies(states);
    return states
      .filter(({ status }) => status === 'proposed')
      .map(({ id, effectiveOn, contentHash, proposedBy, proposedAt, content }) => ({
        ...{ collection, noun: type.noun, id, effectiveOn, contentHash, proposedBy, proposedAt },
        change: type.inWords(content, approved),
        overlapsWith: overlapOf(type, content, approved)?.id ?? null,
      }));
  }
}

function latestFirst(a: PolicyState<unknown>, b: PolicyState<unknown>): number {
  if (a.effectiveOn !== b.effectiveOn) return a.effectiveOn < b.effectiveOn ? 1 : -1;
  return a.id < b.id ? -1 : 1;
}
