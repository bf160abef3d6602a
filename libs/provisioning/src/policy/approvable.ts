import type { RefusalCode } from '@app/credit-domain';
import type { JsonObject, NewEvent, Position, StoredEvent } from '@app/event-store';
import { Refusal } from '@app/platform';
import { hashOf } from '../event-data';
import type { ProvisioningEventType } from '../events';
import { requireOtherPrincipal } from './approval';
import { placeOf } from './refusal-places';

/** What a proposal is about: where it is kept, from when it counts and for which entity (null = every one). */
export interface PolicyScope {
  readonly id: string;
  readonly effectiveOn: string;
  readonly entityId: string | null;
}

/**
 * A kind of policy that one principal proposes and another approves. All kinds share the rules of this file; a kind says how its content is
 * recorded, which of its approved policies hold on a date, and what a proposal would change.
 */
export interface PolicyType<Content> {
  /** category of its streams; the id of a policy is the key. */
  readonly category: string;
  readonly noun: string;
  readonly notFound: RefusalCode;
  readonly events: Readonly<Record<'proposed' | 'approved' | 'withdrawn', ProvisioningEventType>>;
  scopeOf(content: Content): PolicyScope;
  contentOf(proposed: StoredEvent): Content;
  proposedEvent(content: Content): NewEvent;
  approvedEvent(content: Content, by: { readonly contentHash: string; readonly approvedBy: string }): NewEvent;
  withdrawnEvent(
    content: Content,
    by: { readonly contentHash: string; readonly withdrawnBy: string; readonly reason: string | null },
  ): NewEvent;
  /** Ids of the approved policies that hold on a date. */
  inForce(approved: readonly ApprovedPolicy<Content>[], asOf: string): ReadonlySet<string>;
  /** What approving it would change, in a sentence for the approver. */
  inWords(content: Content, approved: readonly ApprovedPolicy<Content>[]): string;
  /** For kinds of which only one can hold at a time from a date on. */
  readonly exclusive?: Exclusive<Content>;
}

/** Two policies of one slot take effect on one day, so that only one of them can hold. */
export interface Exclusive<Content> {
  slotOf(content: Content): string;
  /** what the policy does, without its id and its reasons: two that do the same are no contradiction. */
  effectOf(content: Content): JsonObject;
  /** id of the approved policy the proposal is meant to take the place of. */
  replaces(content: Content): string | null;
}

interface Proposal<Content> extends PolicyScope {
  readonly content: Content;
  /** SHA-256 over the recorded content; an approver names it to be sure of what is approved. */
  readonly contentHash: string;
  /** version of the stream. */
  readonly version: number;
  /** position of the latest event. */
  readonly position: Position;
  readonly proposedBy: string;
  readonly proposedAt: string;
}

type ProposedPolicy<Content> = Proposal<Content> & { readonly status: 'proposed' };
export type ApprovedPolicy<Content> = Proposal<Content> & {
  readonly status: 'approved';
  readonly approvedBy: string;
  readonly approvedAt: string;
  readonly approvedPosition: Position;
};
type WithdrawnPolicy<Content> = Proposal<Content> & {
  readonly status: 'withdrawn';
  readonly withdrawnBy: string;
  readonly withdrawnAt: string;
};

/** A policy as far as it has come. */
export type PolicyState<Content> = ProposedPolicy<Content> | ApprovedPolicy<Content> | WithdrawnPolicy<Content>;
export type PolicyStatus = PolicyState<unknown>['status'];

/** Whether something has to be recorded, or was recorded before and is only repeated. */
type Decision = 'record' | 'repeat';

/**
 * Hash of a content, over its canonical JSON without null members: a field added later and absent here leaves the hashes of what was proposed
 * before as they are.
 */
export function contentHashOf(data: JsonObject): string {
  return hashOf(withoutNulls(data) as JsonObject);
}

/**
 * The same content sent again is a repeat. Other content is a new version as long as nobody has approved the proposal, so that an approval of
 * the old one is refused. Refused `conflict` after that, for runs name policies by id.
 */
export function decideProposal<Content>(type: PolicyType<Content>, state: PolicyState<Content>, contentHash: string): Decision {
  if (state.status === 'withdrawn') {
    throw new Refusal('conflict', `The proposal '${state.id}' was withdrawn; propose under another id.`, [placeOf('id')]);
  }
  if (state.contentHash === contentHash) return 'repeat';
  if (state.status === 'proposed') return 'record';
  throw new Refusal('conflict', `There is an approved ${type.noun} '${state.id}' with other content already.`, [placeOf('id')]);
}

/** Four eyes, and the content that was looked at. Refused `four-eyes`, `proposal-withdrawn`, `content-changed`. */
export function decideApproval<Content>(
  type: PolicyType<Content>,
  state: PolicyState<Content>,
  by: { readonly principalId: string; readonly contentHash: string | undefined },
): Decision {
  requireOtherPrincipal(state.proposedBy, by.principalId);
  if (state.status === 'withdrawn') throw new Refusal('proposal-withdrawn', `The proposed ${type.noun} '${state.id}' was withdrawn.`);
  if (by.contentHash !== undefined && by.contentHash !== state.contentHash) {
    throw new Refusal(
      'content-changed',
      `The ${type.noun} '${state.id}' has the content ${state.contentHash}, not the one given: look at it again before approving.`,
      [placeOf('contentHash')],
      { contentHash: state.contentHash },
    );
  }
  return state.status === 'approved' ? 'repeat' : 'record';
}

/** Only what nobody has approved can be taken back. Refused `already-approved`. */
export function decideWithdrawal<Content>(type: PolicyType<Content>, state: PolicyState<Content>): Decision {
  if (state.status !== 'approved') return state.status === 'withdrawn' ? 'repeat' : 'record';
  throw new Refusal('already-approved', `The ${type.noun} '${state.id}' is approved; propose one that takes its place instead.`);
}

/**
 * The approved policy of the same slot that holds now and says something else, unless the proposal names it as the one it replaces.
 * Null when there is no contradiction.
 */
export function overlapOf<Content>(
  type: PolicyType<Content>,
  content: Content,
  approved: readonly ApprovedPolicy<Content>[],
): ApprovedPolicy<Content> | null {
  const { exclusive } = type;
  if (exclusive === undefined) return null;
  const slot = exclusive.slotOf(content);
  const holder = approved
    .filter((policy) => exclusive.slotOf(policy.content) === slot)
    .reduce<ApprovedPolicy<Content> | null>(
      (latest, policy) => (latest === null || policy.approvedPosition > latest.approvedPosition ? policy : latest),
      null,
    );
  if (holder === null || holder.id === exclusive.replaces(content)) return null;
  return hashOf(exclusive.effectOf(holder.content)) === hashOf(exclusive.effectOf(content)) ? null : holder;
}

export function overlapDetail<Content>(type: PolicyType<Content>, content: Content, rival: ApprovedPolicy<Content>): string {
  const { effectiveOn } = type.scopeOf(content);
  return `The approved ${type.noun} '${rival.id}' takes effect on ${effectiveOn} as well and says otherwise; name it in 'replaces' to take its place.`;
}

function withoutNulls(value: JsonObject[string]): JsonObject[string] {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== null)
      .map(([name, member]) => [name, withoutNulls(member)]),
  );
}
