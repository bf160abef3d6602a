import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { AlertingLog } from '../alerting-log';
import type { Delivery } from '../delivery';
import { newestFirst } from '../list-alerts/list-alerts.handler';
import type { ListPage } from '../list-alerts/list-alerts.query';
import { ListDeliveriesQuery } from './list-deliveries.query';

@QueryHandler(ListDeliveriesQuery)
export class ListDeliveriesHandler implements IQueryHandler<ListDeliveriesQuery> {
  constructor(private readonly log: AlertingLog) {}

  async execute({ tenantId, filter, from, limit }: ListDeliveriesQuery): Promise<ListPage<Delivery>> {
    return this.log.database.read(tenantId, async (tx) => {
      const position = from?.position ?? (await this.log.settledPosition(tx));
      const deliveries = (await this.log.deliveries(tx, position)).filter(
        ({ outcome, request }) =>
          (filter.state ?? outcome.state) === outcome.state &&
          (filter.channelId ?? request.channelId) === request.channelId &&
          (filter.alertId === undefined || filter.alertId === request.alertId),
      );
      return { position, items: newestFirst(deliveries, from, limit) };
    });
  }
}
