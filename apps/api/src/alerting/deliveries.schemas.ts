import { z } from 'zod';
import { delivery } from './alerting.schemas';

const instant = z.iso.datetime();
const FALLBACK_MINUTES_MAX = 24 * 60;

export const deliveryDetail = z
  .object({
    ...delivery.shape,
    series: z.int().describe('1, and one more for each replay'),
    history: z
      .array(
        z.object({
          attempt: z.int(),
          series: z.int(),
          startedAt: instant,
          endedAt: instant.nullable(),
          outcome: z
            .enum(['sent', 'retry', 'give-up', 'unknown', 'not-arrived'])
            .nullable()
            .describe('null while on its way; unknown: nobody answered, and the channel is asked before it is sent again'),
          reason: z.string().nullable(),
          retryAfterSeconds: z.int().nullable().describe('what the channel asked for'),
          nextAttemptAt: instant.nullable(),
        }),
      )
      .describe('every attempt, oldest first; none for messages from before attempts were recorded'),
  })
  .meta({ id: 'DeliveryDetail' });

export const replayed = z.object({ replayed: z.int() }).meta({ id: 'ReplayedDeliveries' });

export const fallbackBody = z
  .strictObject({
    fallbackChannelId: z.uuid().nullable().describe('who tells what this channel does not take; null: the escalation channel of the rule'),
    afterMinutes: z.int().min(1).max(FALLBACK_MINUTES_MAX).optional().describe('minutes of failing after which it takes over; default 10'),
  })
  .meta({ id: 'ChannelFallback' });
