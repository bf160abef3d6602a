import type { Position, StoredEvent } from '@app/event-store';
import type { DeliveryFailedData, DeliveryRequestedData, DeliverySucceededData } from './events';

/** One message to one channel, from the decision to its outcome; folded from its stream. */
export interface Delivery {
  readonly id: string;
  readonly streamVersion: number;
  readonly position: Position;
  readonly request: DeliveryRequestedData;
  readonly requestedAt: Date;
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
        outcome: { state: 'pending' },
      });
      continue;
    }
    const known = deliveries.get(event.key);
    if (known === undefined) throw new Error(`The stream of delivery ${event.key} begins with ${event.type}.`);
    deliveries.set(event.key, { ...known, streamVersion: event.version, outcome: outcomeOf(event) ?? known.outcome });
  }
  return [...deliveries.values()];
}

function outcomeOf(event: StoredEvent): Delivery['outcome'] | null {
  const at = event.recordedAt;
  if (event.type === 'DeliverySucceeded') return { state: 'succeeded', at, data: event.data as DeliverySucceededData };
  if (event.type === 'DeliveryFailed') return { state: 'failed', at, data: event.data as DeliveryFailedData };
  return null;
}
