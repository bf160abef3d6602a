import { Injectable } from '@nestjs/common';
import type { Processor, StoredEvent, Tx } from '@app/event-store';
import { saveDeliveryEvents } from './delivery-table';

/**
 * Keeps the table of deliveries as the log says: it is written with every event already, so this adds only what came with an imported log or was
 * cleared to be rebuilt. It asks for nothing to be sent.
 */
@Injectable()
export class DeliveriesProcessor implements Processor {
  readonly name = 'alerting-deliveries';
  readonly lanes = 1;
  readonly eventTypes = ['DeliveryRequested', 'DeliveryAttempted', 'DeliveryReplayed', 'DeliverySucceeded', 'DeliveryFailed'];
  readonly onError = 'stop' as const;

  async apply(tx: Tx, page: { tenantId: number; events: () => Promise<StoredEvent[]> }): Promise<void> {
    await saveDeliveryEvents(tx, page.tenantId, await page.events());
  }
}
