import { VersionConflict, type EventStore, type NewEvent, type Position, type Tx } from '@app/event-store';
import { eventContext, Refusal, type RequestContext } from '@app/platform';
import { assertPeriodOpen } from '../periods/period-guard';
import {
  contentHashOf,
  decideApproval,
  decideProposal,
  decideWithdrawal,
  overlapDetail,
  overlapOf,
  type ApprovedPolicy,
  type PolicyState,
  type PolicyStatus,
  type PolicyType,
} from './approvable';
import { approvedPolicies, foldPolicies, readPolicies } from './approvable.fold';
import { placeOf } from './refusal-places';

/** First key of the advisory lock under which policies of a tenant are decided one after the other; the second is the tenant. */
const POLICY_LOCK = 731_060;

/** Told as a warning when proposing, a refusal when approving. */
const OVERLAP = 'effective-date-overlap';

/** What a decision on a policy answers. */
export interface DecidedPolicy {
  readonly id: string;
  readonly status: PolicyStatus;
  readonly contentHash: string;
}

interface PolicyWarning {
  readonly code: string;
  readonly detail: string;
}

/** What proposing answers: `status` is `approved` when the same content was approved before. */
export interface ProposedPolicy extends DecidedPolicy {
  readonly warnings: PolicyWarning[];
}

interface Recorded extends DecidedPolicy {
  readonly position: Position;
}

/**
 * Proposes, approves and withdraws policies of every type: decided and recorded in one transaction, so that neither a close of the period nor
 * an approval of a rival can come between, and answered once every later read sees it.
 */
export class PolicyBook {
  constructor(private readonly store: EventStore) {}

  /** Refused `conflict`, `replaced-policy-unknown`, `period-closed`. A contradiction to an approved policy is told here and refused at the approval. */
  async propose<Content>(context: RequestContext, type: PolicyType<Content>, content: Content): Promise<ProposedPolicy> {
    const { id } = type.scopeOf(content);
    const event = type.proposedEvent(content);
    const contentHash = contentHashOf(event.data);
    const { rival, ...decided } = await this.decide(context, async (tx) => {
      const state = await this.stateOf(tx, type, id);
      if (state !== undefined && decideProposal(type, state, contentHash) === 'repeat') return { ...recorded(state), rival: null };
      const contradicted = await this.rivalOf(tx, type, content);
      const position = await this.record(tx, context, type, { content, version: state?.version ?? 0, event });
      return { ...recorded({ id, status: 'proposed', contentHash, position }), rival: contradicted };
    });
    return { ...decided, warnings: rival === null ? [] : [{ code: OVERLAP, detail: overlapDetail(type, content, rival) }] };
  }

  /** Refused `four-eyes`, `content-changed`, `proposal-withdrawn`, `effective-date-overlap`, `period-closed` and as not found. */
  approve<Content>(
    context: RequestContext,
    type: PolicyType<Content>,
    { id, contentHash }: { readonly id: string; readonly contentHash?: string | undefined },
  ): Promise<DecidedPolicy> {
    return this.decide(context, async (tx) => {
      const state = await this.requireState(tx, type, id);
      const { principalId } = context;
      if (decideApproval(type, state, { principalId, contentHash }) === 'repeat') return recorded(state);
      const { content, version } = state;
      const rival = await this.rivalOf(tx, type, content);
      if (rival !== null) {
        throw new Refusal(OVERLAP, overlapDetail(type, content, rival), [placeOf('effectiveOn')], { rivalId: rival.id });
      }
      const event = type.approvedEvent(content, { contentHash: state.contentHash, approvedBy: principalId });
      const position = await this.record(tx, context, type, { content, version, event });
      return recorded({ id, status: 'approved', contentHash: state.contentHash, position });
    });
  }

  /** Refused `already-approved` and as not found. */
  withdraw<Content>(
    context: RequestContext,
    type: PolicyType<Content>,
    { id, reason }: { readonly id: string; readonly reason: string | null },
  ): Promise<DecidedPolicy> {
    return this.decide(context, async (tx) => {
      const state = await this.requireState(tx, type, id);
      if (decideWithdrawal(type, state) === 'repeat') return recorded(state);
      const { contentHash, content, version } = state;
      const event = type.withdrawnEvent(content, { contentHash, withdrawnBy: context.principalId, reason });
      const position = await this.append(tx, context, { category: type.category, id, version, event });
      return recorded({ id, status: 'withdrawn', contentHash, position });
    });
  }

  private async decide<Result extends Recorded>(
    context: RequestContext,
    work: (tx: Tx) => Promise<Result>,
  ): Promise<Omit<Result, 'position'>> {
    try {
      const { position, ...decided } = await this.store.database.transaction(context.tenantId, async (tx) => {
        await tx.query('SELECT pg_advisory_xact_lock($1, $2)', [POLICY_LOCK, context.tenantId]);
        return work(tx);
      });
      await this.store.settle(position);
      return decided;
    } catch (error) {
      // Somebody wrote to the stream without the lock: decide again on what stands now.
      if (!(error instanceof VersionConflict)) throw error;
      return this.decide(context, work);
    }
  }

  /** What takes effect needs an open period; taking a proposal back does not. */
  private async record<Content>(
    tx: Tx,
    context: RequestContext,
    type: PolicyType<Content>,
    { content, version, event }: { readonly content: Content; readonly version: number; readonly event: NewEvent },
  ): Promise<Position> {
    const { id, effectiveOn, entityId } = type.scopeOf(content);
    await assertPeriodOpen(this.store, tx, { effectiveOn, entityId });
    return this.append(tx, context, { category: type.category, id, version, event });
  }

  private async append(
    tx: Tx,
    context: RequestContext,
    {
      category,
      id,
      version,
      event,
    }: { readonly category: string; readonly id: string; readonly version: number; readonly event: NewEvent },
  ): Promise<Position> {
    const appended = await this.store.append(tx, eventContext(context), [{ category, key: id, expectedVersion: version, events: [event] }]);
    return appended.reduce((last, { lastPosition }) => (lastPosition > last ? lastPosition : last), 0n);
  }

  /** Refused `replaced-policy-unknown`. */
  private async rivalOf<Content>(tx: Tx, type: PolicyType<Content>, content: Content): Promise<ApprovedPolicy<Content> | null> {
    const { exclusive } = type;
    if (exclusive === undefined) return null;
    const approved = approvedPolicies(await readPolicies(this.store, tx, type));
    const replaces = exclusive.replaces(content);
    const slot = exclusive.slotOf(content);
    if (replaces !== null && !approved.some((policy) => policy.id === replaces && exclusive.slotOf(policy.content) === slot)) {
      const detail = `There is no approved ${type.noun} '${replaces}' that takes effect for the same on the same day.`;
      throw new Refusal('replaced-policy-unknown', detail, [placeOf('replaces')]);
    }
    return overlapOf(type, content, approved);
  }

  private async stateOf<Content>(tx: Tx, type: PolicyType<Content>, id: string): Promise<PolicyState<Content> | undefined> {
    return foldPolicies(type, await this.store.readStream(tx, type.category, id))[0];
  }

  private async requireState<Content>(tx: Tx, type: PolicyType<Content>, id: string): Promise<PolicyState<Content>> {
    const state = await this.stateOf(tx, type, id);
    if (state === undefined) throw new Refusal(type.notFound, `There is no ${type.noun} '${id}'.`);
    return state;
  }
}

function recorded({ id, status, contentHash, position }: Recorded): Recorded {
  return { id, status, contentHash, position };
}
