import type { NotificationPolicy } from '@app/credit-domain';
import type { z } from 'zod';
import type { notificationPolicy } from './notification.schemas';

export function policyOnTheWire({ hours, escalation, ...policy }: NotificationPolicy): z.input<typeof notificationPolicy> {
  return {
    ...policy,
    hours: hours === null ? null : { ...hours, days: [...hours.days] },
    escalation: escalation === null ? null : { ...escalation, channels: [...escalation.channels] },
  };
}
