import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { AlertingLog } from '../alerting-log';
import { deliveryIdsOf } from '../deliver/delivery-table';
import type { Delivery } from '../delivery';
import type { ListPage } from '../list-alerts/list-alerts.query';
import { GetDeliveryQuery, ListDeliveriesQuery } from './list-deliveries.query';

@QueryHandler(ListDeliveriesQuery)
export class ListDeliveriesHandler implements IQueryHandler<ListDeliveriesQuery> {
  constructor(private readonly log: AlertingLog) {}

  /** One index read, and the streams of the page alone. */
  async execute({ tenantId, filter, from, limit }: ListDeliveriesQuery): Promise<ListPage<Delivery>> {
    return this.log.database.read(tenantId, async (tx) => {
      const position = from?.position ?? (await this.log.settledPosition(tx));
      const items: Delivery[] = [];
      for (const id of await deliveryIdsOf(tx, tenantId, { ...filter, upTo: position, before: from?.before }, limit + 1)) {
        const delivery = await this.log.delivery(tx, id);
        if (delivery !== null) items.push(delivery);
      }
      return { position, items };
    });
  }
}

@QueryHandler(GetDeliveryQuery)
export class GetDeliveryHandler implements IQueryHandler<GetDeliveryQuery> {
  constructor(private readonly log: AlertingLog) {}

  async execute({ tenantId, deliveryId }: GetDeliveryQuery): Promise<Delivery | null> {
    return this.log.database.read(tenantId, async (tx) => this.log.delivery(tx, deliveryId, await this.log.settledPosition(tx)));
  }
}
