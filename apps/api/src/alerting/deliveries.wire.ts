import type { Delivery } from '@app/alerting';
import type { z } from 'zod';
import { deliveryOnTheWire } from './alerting.wire';
import type { deliveryDetail } from './deliveries.schemas';

type Shown = z.input<typeof deliveryDetail>;

/** A message with every attempt at it. The last one ended with the message itself, where that has its outcome. */
export function deliveryDetailOnTheWire(found: Delivery): Shown {
  return { ...deliveryOnTheWire(found), series: found.series, history: found.attempts.map((attempt) => shownAttempt(found, attempt)) };
}

function shownAttempt({ attempts, outcome }: Delivery, one: Delivery['attempts'][number]): Shown['history'][number] {
  const { attempt, series, startedAt, ended } = one;
  const isLast = one === attempts.at(-1);
  const common = { attempt, series, startedAt: startedAt.toISOString() };
  if (ended !== null) {
    const isFinal = ended.outcome === 'give-up' || (isLast && outcome.state !== 'pending');
    return {
      ...common,
      endedAt: ended.at.toISOString(),
      outcome: ended.outcome,
      reason: ended.reason,
      retryAfterSeconds: ended.retryAfterSeconds,
      nextAttemptAt: isFinal ? null : new Date(ended.at.getTime() + ended.delayMs).toISOString(),
    };
  }
  const open = { ...common, endedAt: null, outcome: null, reason: null, retryAfterSeconds: null, nextAttemptAt: null };
  return isLast && outcome.state === 'succeeded' ? { ...open, endedAt: outcome.at.toISOString(), outcome: 'sent' } : open;
}
