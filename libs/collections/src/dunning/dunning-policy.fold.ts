import type { DunningLevel, DunningPolicy } from '@app/credit-domain';
import type { StoredEvent } from '@app/event-store';
import { dataOf, type DataOf } from '../event-data';

export const DUNNING_POLICY = 'dunning-policy';

export interface MailedLevel extends DunningLevel {
  readonly mailChannelId: string | null;
}

export interface DunningPolicyState extends DunningPolicy {
  readonly levels: readonly MailedLevel[];
  readonly status: 'active' | 'retired';
  readonly streamVersion: number;
}

type StoredPolicy = DataOf<'DunningPolicyDefined'>;
type StoredAmount = { readonly amount: string; readonly currency: string };

/** Policies in the order they were defined, retired ones too, with the content they have now. */
export function foldPolicies(events: readonly StoredEvent[]): DunningPolicyState[] {
  const policies = new Map<string, DunningPolicyState>();
  for (const event of events) {
    if (event.type === 'DunningPolicyRetired') {
      const known = policies.get(event.key);
      if (known !== undefined) policies.set(event.key, { ...known, status: 'retired', streamVersion: event.version });
      continue;
    }
    const data = event.type === 'DunningPolicyDefined' ? dataOf('DunningPolicyDefined', event) : dataOf('DunningPolicyAmended', event);
    policies.set(event.key, { ...contentOf(data), status: 'active', streamVersion: event.version });
  }
  return [...policies.values()];
}

/** One version of a policy as it was, whatever it was amended to since: a letter reads as it did when it was issued. */
export function policyVersion(
  events: readonly StoredEvent[],
  version: number,
): Omit<DunningPolicyState, 'status' | 'streamVersion'> | undefined {
  const event = events.find(({ type, data }) => type !== 'DunningPolicyRetired' && data['version'] === version);
  return event === undefined ? undefined : contentOf(dataOf('DunningPolicyDefined', event));
}

function contentOf({ policyId, version, name, appliesTo, levels }: StoredPolicy): Omit<DunningPolicyState, 'status' | 'streamVersion'> {
  return {
    ...{ policyId, version, name },
    appliesTo: { ...appliesTo, minimumAmount: moneyOf(appliesTo.minimumAmount) },
    levels: levels.map((level) => ({ ...level, minimumAmount: moneyOf(level.minimumAmount), fee: moneyOf(level.fee) })),
  };
}

function moneyOf(stored: StoredAmount | null) {
  return stored === null ? null : { minor: BigInt(stored.amount), currency: stored.currency };
}
