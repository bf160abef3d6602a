import { Query } from '@nestjs/cqrs';
import type { Delivery } from '../delivery';
import type { ListFrom, ListPage } from '../list-alerts/list-alerts.query';

export interface DeliveryFilter {
  readonly state?: 'pending' | 'succeeded' | 'failed' | undefined;
  readonly channelId?: string | undefined;
  readonly alertId?: string | undefined;
}

/** What became of every message, newest first. */
export class ListDeliveriesQuery extends Query<ListPage<Delivery>> {
  constructor(
    readonly tenantId: number,
    readonly filter: DeliveryFilter,
    readonly from: ListFrom | undefined,
    readonly limit: number,
  ) {
    super();
  }
}

/** One message with every attempt at it; null when there is none. */
export class GetDeliveryQuery extends Query<Delivery | null> {
  constructor(
    readonly tenantId: number,
    readonly deliveryId: string,
  ) {
    super();
  }
}
