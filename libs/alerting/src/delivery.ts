import type { Position, StoredEvent } from '@app/event-store';
import type { z } from 'zod';
import type { deliveryAttemptedData, deliveryAttemptEndedData } from './deliver/delivery-events';
import type { DeliveryFailedData, DeliveryRequestedData, DeliverySucceededData } from './events';

export type AttemptEnd = Pick<z.infer<typeof deliveryAttemptEndedData>, 'outcome' | 'reason' | 'retryAfterSeconds' | 'delayMs'>;

/** One handing over of a message. `ended` is null while it is on its way, after a crash until somebody finds it, and for the one that was taken. */
export interface DeliveryAttempt {
  readonly attempt: number;
  readonly series: number;
  readonly startedAt: Date;
  readonly ended: (Omit<AttemptEnd, 'outcome'> & { readonly outcome: AttemptEnd['outcome'] | 'give-up'; readonly at: Date }) | null;
}

/** One message to one channel, from the decision to its outcome; folded from its stream. */
export interface Delivery {
  readonly id: string;
  readonly streamVersion: number;
  readonly position: Position;
  readonly request: DeliveryRequestedData;
  readonly requestedAt: Date;
  /** Attempts in the order they began; none in deliveries from before they were recorded. */
  readonly attempts: readonly DeliveryAttempt[];
  /** 1, and one more for each replay. */
  readonly series: number;
  readonly outcome:
    | { readonly state: 'pending' }
    | { readonly state: 'succeeded'; readonly at: Date; readonly data: DeliverySucceededData }
    | { readonly state: 'failed'; readonly at: Date; readonly data: DeliveryFailedData };
}

export function foldDeliveries(events: readonly StoredEvent[]): Delivery[] {
  const deliveries = new Map<string, Delivery>();
  for (const event of events) {
    if (event.type === 'DeliveryRequested') {
      deliveries.set(event.key, {
        id: event.key,
        streamVersion: event.version,
        position: event.position,
        request: event.data as DeliveryRequestedData,
        requestedAt: event.recordedAt,
        attempts: [],
        series: 1,
        outcome: { state: 'pending' },
      });
      continue;
    }
    const known = deliveries.get(event.key);
    if (known === undefined) throw new Error(`The stream of delivery ${event.key} begins with ${event.type}.`);
    deliveries.set(event.key, { ...evolve(known, event), streamVersion: event.version });
  }
  return [...deliveries.values()];
}

/** The attempt that may have arrived: it ended without an answer, or not at all. The channel is asked for it before the message is sent again. */
export function openAttempt({ attempts, outcome }: Delivery): DeliveryAttempt | null {
  const last = attempts.at(-1);
  if (last === undefined || outcome.state !== 'pending') return null;
  return last.ended === null || last.ended.outcome === 'unknown' ? last : null;
}

/** Attempts since the message was asked for, or was last replayed. */
export function attemptsInSeries({ attempts, series }: Delivery): number {
  return attempts.filter((attempt) => attempt.series === series).length;
}

function evolve(known: Delivery, event: StoredEvent): Delivery {
  const at = event.recordedAt;
  switch (event.type) {
    case 'DeliveryAttempted': {
      const { attempt } = event.data as z.infer<typeof deliveryAttemptedData>;
      return { ...known, attempts: [...known.attempts, { attempt, series: known.series, startedAt: at, ended: null }] };
    }
    case 'DeliveryAttemptEnded': {
      const { attempt, outcome, reason, retryAfterSeconds, delayMs } = event.data as z.infer<typeof deliveryAttemptEndedData>;
      const ended = { at, outcome, reason, retryAfterSeconds, delayMs };
      return { ...known, attempts: known.attempts.map((one) => (one.attempt === attempt ? { ...one, ended } : one)) };
    }
    case 'DeliveryReplayed':
      return { ...known, series: known.series + 1, outcome: { state: 'pending' } };
    case 'DeliverySucceeded':
      return { ...known, outcome: { state: 'succeeded', at, data: event.data as DeliverySucceededData } };
    case 'DeliveryFailed': {
      const data = event.data as DeliveryFailedData;
      return { ...known, attempts: withLastGivenUp(known.attempts, data, at), outcome: { state: 'failed', at, data } };
    }
    default:
      return known;
  }
}

/** The event that ends a delivery ends its last attempt as well. */
function withLastGivenUp(attempts: readonly DeliveryAttempt[], data: DeliveryFailedData, at: Date): readonly DeliveryAttempt[] {
  const last = attempts.at(-1);
  if (last === undefined || last.ended !== null) return attempts;
  const outcome = data.perhapsArrived ? ('unknown' as const) : ('give-up' as const);
  return [...attempts.slice(0, -1), { ...last, ended: { at, outcome, reason: data.reason, retryAfterSeconds: null, delayMs: 0 } }];
}
