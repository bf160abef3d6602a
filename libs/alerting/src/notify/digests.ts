import { digestMessage } from '@app/credit-domain';
import type { AppendPlan } from '../append-plan';
import type { Episode } from '../episodes/episode';
import type { AlertGroup } from '../episodes/group';
import { digestDeliveryIdOf } from '../ids';
import { gravest, headFirst, toldAlert } from './group-message';
import { requestDelivery } from './tell';

/** What one group has for the digest of one channel. */
export interface DigestEntry {
  /** The instant the digest was due: a part of its identity. */
  readonly slot: string;
  readonly group: AlertGroup;
  readonly alerts: readonly Episode[];
  /** Told which message took the group with it. */
  readonly settle: (deliveryId: string) => void;
}

/** One message a channel, whatever the number of groups. */
export function requestDigests(
  plan: AppendPlan,
  tenantId: number,
  digests: ReadonlyMap<string, readonly DigestEntry[]>,
  today: string,
): void {
  for (const [channelId, entries] of digests) {
    const [first] = [...entries].sort((left, right) => (left.group.groupId < right.group.groupId ? -1 : 1));
    if (first === undefined) continue;
    const slot = entries.reduce((earliest, entry) => (entry.slot < earliest ? entry.slot : earliest), first.slot);
    const deliveryId = digestDeliveryIdOf(tenantId, channelId, slot, first.group.groupId);
    const alerts = headFirst(
      entries.flatMap((entry) => entry.alerts),
      '',
    );
    const request = {
      deliveryId,
      channelId,
      alertId: null,
      reason: 'digest',
      severity: gravest(alerts),
      inReplyTo: null,
      message: digestMessage(today, alerts.map(toldAlert)),
    } as const;
    requestDelivery(plan, request, today);
    for (const { settle } of entries) settle(deliveryId);
  }
}
