import type { ApprovedLossRateSet, LossRateSet } from '@app/credit-domain';
import type { StoredEvent } from '@app/event-store';
import { dataOf } from '../event-data';

export const LOSS_RATE_SET_CATEGORY = 'loss-rate-set';

interface Proposal extends LossRateSet {
  readonly version: number;
  readonly proposedBy: string;
  readonly proposedAt: string;
}

/** A loss-rate set as far as it has come: proposed by one principal, approved by another. */
export type LossRateSetState =
  | (Proposal & { readonly status: 'proposed' })
  | (Proposal & {
      readonly status: 'approved';
      readonly approvedBy: string;
      readonly approvedAt: string;
      readonly approvedPosition: bigint;
    });

/** Folds the events of one or of many sets, given by position. */
export function foldLossRateSets(events: readonly StoredEvent[]): LossRateSetState[] {
  const sets = new Map<string, LossRateSetState>();
  for (const event of events) {
    if (event.type === 'LossRateSetProposed') {
      const { setId, kind, scheme, effectiveOn, rates } = dataOf('LossRateSetProposed', event);
      const proposal = { setId, kind, scheme, effectiveOn, rates, version: event.version };
      sets.set(event.key, { ...proposal, status: 'proposed', proposedBy: event.principalId, proposedAt: event.recordedAt.toISOString() });
    } else if (event.type === 'LossRateSetApproved') {
      const set = sets.get(event.key);
      if (set === undefined) throw new Error(`Loss-rate set '${event.key}' was approved before it was proposed.`);
      sets.set(event.key, {
        ...set,
        status: 'approved',
        version: event.version,
        approvedBy: event.principalId,
        approvedAt: event.recordedAt.toISOString(),
        approvedPosition: event.position,
      });
    }
  }
  return [...sets.values()];
}

/** The approved ones, as the rules want them. */
export function approvedLossRateSets(sets: readonly LossRateSetState[]): ApprovedLossRateSet[] {
  return sets.flatMap((set) => {
    if (set.status === 'proposed') return [];
    const { setId, kind, scheme, effectiveOn, rates, approvedPosition } = set;
    return [{ setId, kind, scheme, effectiveOn, rates, approvedAt: approvedPosition }];
  });
}
