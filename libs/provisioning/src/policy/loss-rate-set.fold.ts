import { lossRateSetInForce, parseRate, type ApprovedLossRateSet, type LossRate, type LossRateSet } from '@app/credit-domain';
import type { EventStore, Position, Tx } from '@app/event-store';
import { dataOf, newEvent } from '../event-data';
import type { LossRateSetProposedData } from '../events';
import type { ApprovedPolicy, PolicyType } from './approvable';
import { approvedPolicies, readPolicies } from './approvable.fold';

/** Where proposed rates come from: how they were derived, over which period, from how many observations, and where to read on. */
export interface LossRateEvidence {
  readonly method: string;
  readonly window: string;
  readonly sampleSize: number;
  readonly url: string | null;
}

/** A loss-rate set with what its proposal says about it; runs read the set alone. */
export interface ProposedLossRates extends LossRateSet {
  readonly evidence: LossRateEvidence | null;
  /** the approved set of the same kind, scheme and effective date it takes the place of. */
  readonly replaces: string | null;
}

export const lossRateSets: PolicyType<ProposedLossRates> = {
  category: 'loss-rate-set',
  noun: 'loss-rate set',
  notFound: 'loss-rate-set-not-found',
  events: { proposed: 'LossRateSetProposed', approved: 'LossRateSetApproved', withdrawn: 'LossRateSetWithdrawn' },
  scopeOf: ({ setId, effectiveOn }) => ({ id: setId, effectiveOn, entityId: null }),
  contentOf: (event) => dataOf('LossRateSetProposed', event),
  proposedEvent: (set) => newEvent('LossRateSetProposed', set.effectiveOn, proposalData(set)),
  approvedEvent: ({ setId, kind, scheme, effectiveOn }, by) => newEvent('LossRateSetApproved', effectiveOn, { setId, kind, scheme, ...by }),
  withdrawnEvent: ({ setId, effectiveOn }, by) => newEvent('LossRateSetWithdrawn', effectiveOn, { setId, ...by }),
  inForce: (approved, asOf) => {
    const sets = approved.map(asRulesWantIt);
    const holding = approved.map(({ content: { kind } }) => lossRateSetInForce(sets, { kind, asOf })?.setId ?? '');
    return new Set(holding);
  },
  inWords: (set, approved) => {
    const before = lossRateSetInForce(approved.map(asRulesWantIt), { kind: set.kind, asOf: set.effectiveOn, scheme: set.scheme });
    const what = `${String(set.rates.length)} loss rates for ${set.kind} by scheme ${set.scheme} from ${set.effectiveOn}`;
    return before === null
      ? `${what}; the first by this scheme.`
      : `${what}; against '${before.setId}' ${changesInWords(before.rates, set.rates)}.`;
  },
  exclusive: {
    slotOf: ({ kind, scheme, effectiveOn }) => JSON.stringify([kind, scheme, effectiveOn]),
    effectOf: ({ rates }) => ({ rates: rates.map(({ segment, bucket, rate }) => JSON.stringify([segment, bucket, plain(rate)])).sort() }),
    replaces: (set) => set.replaces,
  },
};

/** The approved sets by a position, as the rules want them. */
export async function readApprovedLossRateSets(store: EventStore, tx: Tx, position: Position): Promise<ApprovedLossRateSet[]> {
  return approvedPolicies(await readPolicies(store, tx, lossRateSets, position)).map(asRulesWantIt);
}

function asRulesWantIt({ content, approvedPosition }: ApprovedPolicy<ProposedLossRates>): ApprovedLossRateSet {
  const { setId, kind, scheme, effectiveOn, rates } = content;
  return { setId, kind, scheme, effectiveOn, rates, approvedAt: approvedPosition };
}

function proposalData({ setId, kind, scheme, effectiveOn, rates, evidence, replaces }: ProposedLossRates): LossRateSetProposedData {
  return { setId, kind, scheme, effectiveOn, rates: rates.map((row) => ({ ...row })), evidence, replaces };
}

/** How many rates of cells that both sets name rise, fall or stay. */
function changesInWords(before: readonly LossRate[], after: readonly LossRate[]): string {
  const known = new Map(before.map(({ segment, bucket, rate }) => [JSON.stringify([segment, bucket]), rate]));
  const counts = { rise: 0, fall: 0, stay: 0, new: 0 };
  for (const { segment, bucket, rate } of after) {
    const old = known.get(JSON.stringify([segment, bucket]));
    const change = old === undefined ? undefined : parseRate(rate)?.cmp(old);
    counts[change === undefined ? 'new' : change > 0 ? 'rise' : change < 0 ? 'fall' : 'stay'] += 1;
  }
  const parts = [`${String(counts.rise)} rise`, `${String(counts.fall)} fall`, `${String(counts.stay)} stay`];
  return (counts.new === 0 ? parts : [...parts, `${String(counts.new)} are new`]).join(', ');
}

/** `0.10` and `0.1` are one rate. */
function plain(rate: string): string {
  return parseRate(rate)?.toFixed() ?? rate;
}
