import type { AlertMessage, AlertSeverity, NotifyReason } from '@app/credit-domain';
import type { AppendPlan } from '../append-plan';
import { newEvent } from '../event-data';
import { DELIVERY } from '../events';

/** A message and the intent to deliver it. Its stream must not exist: the same message can never be asked for twice. */
export function requestDelivery(
  plan: AppendPlan,
  request: {
    readonly deliveryId: string;
    readonly channelId: string;
    readonly alertId: string | null;
    readonly reason: NotifyReason;
    readonly severity: AlertSeverity;
    readonly inReplyTo: string | null;
    readonly groupId?: string | null;
    readonly threadOf?: string | null;
    readonly groupState?: 'firing' | 'resolved' | null;
    readonly message: AlertMessage;
  },
  effectiveOn: string,
): void {
  const { message } = request;
  const data = {
    ...request,
    message: {
      ...message,
      facts: [...message.facts],
      bridges: message.bridges.map((bridge) => ({ ...bridge, legs: [...bridge.legs] })),
      debtors: [...message.debtors],
      members: [...message.members],
    },
  };
  plan.add(DELIVERY, request.deliveryId, 0, newEvent('DeliveryRequested', effectiveOn, data));
  plan.addDelivery(request.deliveryId);
}
