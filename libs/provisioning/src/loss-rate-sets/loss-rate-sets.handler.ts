import { lossRateSetInForce } from '@app/credit-domain';
import type { EventStore } from '@app/event-store';
import { EVENT_STORE } from '@app/platform';
import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { approvedLossRateSets, foldLossRateSets, LOSS_RATE_SET_CATEGORY, type LossRateSetState } from '../policy/loss-rate-set.fold';
import { ListLossRateSetsQuery, type LossRateSetList } from './loss-rate-sets.query';

@QueryHandler(ListLossRateSetsQuery)
export class ListLossRateSetsHandler implements IQueryHandler<ListLossRateSetsQuery> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  execute({ tenantId, request }: ListLossRateSetsQuery): Promise<LossRateSetList> {
    const { asOf, knownAt, kind } = request;
    return this.store.database.read(tenantId, async (tx) => {
      const known = await this.store.resolveKnownAt(tx, knownAt);
      const sets = foldLossRateSets(await this.store.readCategory(tx, LOSS_RATE_SET_CATEGORY, known.position));
      const approved = approvedLossRateSets(sets);
      const items = sets
        .filter((set) => kind === undefined || set.kind === kind)
        .sort(latestFirst)
        .map((set) => ({ ...set, inForce: lossRateSetInForce(approved, { kind: set.kind, asOf })?.setId === set.setId }));
      return { asOf, ...known, items };
    });
  }
}

function latestFirst(a: LossRateSetState, b: LossRateSetState): number {
  if (a.effectiveOn !== b.effectiveOn) return a.effectiveOn < b.effectiveOn ? 1 : -1;
  return a.setId < b.setId ? -1 : 1;
}
