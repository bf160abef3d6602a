import type { Approved } from './policies';

interface Dated extends Approved {
  readonly effectiveOn: string;
}

/** Whether a policy has taken effect by a date and has not ended before it; `endsOn` is its last day, null = no end. */
export function isEffective(policy: { readonly effectiveOn: string }, asOf: string, endsOn: string | null = null): boolean {
  return policy.effectiveOn <= asOf && (endsOn === null || endsOn >= asOf);
}

/** Whether one of two policies holds over the other where both apply: the later effective date, and among equal dates the later approval. */
export function isLaterThan(policy: Dated, other: Dated): boolean {
  return policy.effectiveOn > other.effectiveOn || (policy.effectiveOn === other.effectiveOn && policy.approvedAt > other.approvedAt);
}

/** The policy of a kind that holds on a date, among those that have no end: staging policies, forward-looking sets. Null when there is none. */
export function inForceForKind<Policy extends Dated & { readonly kind: string }>(
  approved: readonly Policy[],
  { kind, asOf }: { readonly kind: string; readonly asOf: string },
): Policy | null {
  let found: Policy | null = null;
  for (const policy of approved) {
    if (policy.kind !== kind || !isEffective(policy, asOf)) continue;
    if (found === null || isLaterThan(policy, found)) found = policy;
  }
  return found;
}

interface DebtorPolicy extends Dated {
  readonly debtorId: string;
  /** null = every kind, every entity. */
  readonly kinds: readonly string[] | null;
  readonly entityId: string | null;
}

/** Whether one later policy of the same debtor covers everything this one does; one that covers a part of it leaves the rest in force. */
export function isCoveredByLater(policy: DebtorPolicy, others: readonly DebtorPolicy[]): boolean {
  return others.some(
    (other) =>
      other.debtorId === policy.debtorId &&
      isLaterThan(other, policy) &&
      (other.entityId === null || other.entityId === policy.entityId) &&
      (other.kinds === null || (policy.kinds?.every((kind) => other.kinds?.includes(kind) === true) ?? false)),
  );
}
