import type { GroupDecisionRecord } from '@app/alerting';
import type { z } from 'zod';
import type { groupDecision } from './notification.schemas';

export function decisionOnTheWire({
  channelId,
  decision,
  reason,
  at,
  until,
  deliveryId,
  except,
}: GroupDecisionRecord): z.input<typeof groupDecision> {
  return { channelId, decision, reason, at, until, deliveryId, except: [...except] };
}
