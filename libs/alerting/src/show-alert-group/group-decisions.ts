import type { Position, StoredEvent, Tx } from '@app/event-store';
import type { AlertingLog } from '../alerting-log';
import type { Delivery } from '../delivery';
import type { AlertGroupDecidedData } from '../events';

/** One decision of the pipeline, as it was written down. */
export type GroupDecisionRecord = AlertGroupDecidedData;

export function foldGroupDecisions(events: readonly StoredEvent[]): GroupDecisionRecord[] {
  return events.map(({ data }) => data as unknown as AlertGroupDecidedData);
}

export function deliveryIdsOf(decisions: readonly GroupDecisionRecord[]): string[] {
  return decisions.flatMap(({ deliveryId }) => (deliveryId === null ? [] : [deliveryId]));
}

export async function deliveriesOf(log: AlertingLog, tx: Tx, deliveryIds: readonly string[], upTo: Position): Promise<Delivery[]> {
  const deliveries: Delivery[] = [];
  for (const deliveryId of deliveryIds) {
    const delivery = await log.delivery(tx, deliveryId, upTo);
    if (delivery !== null) deliveries.push(delivery);
  }
  return deliveries;
}
