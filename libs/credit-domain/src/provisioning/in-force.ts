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
