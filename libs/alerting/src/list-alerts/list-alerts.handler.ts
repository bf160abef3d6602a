import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import type { Position } from '@app/event-store';
import type { Alert } from '../alert';
import { AlertingLog } from '../alerting-log';
import type { Delivery } from '../delivery';
import { GetAlertQuery, ListAlertsQuery, type AlertWithDeliveries, type ListFrom, type ListPage } from './list-alerts.query';

@QueryHandler(ListAlertsQuery)
export class ListAlertsHandler implements IQueryHandler<ListAlertsQuery> {
  constructor(private readonly log: AlertingLog) {}

  async execute({ tenantId, filter, from, limit }: ListAlertsQuery): Promise<ListPage<Alert>> {
    return this.log.database.read(tenantId, async (tx) => {
      const position = from?.position ?? (await this.log.settledPosition(tx));
      const alerts = (await this.log.alerts(tx, position)).filter(
        ({ state, fired }) => (filter.state ?? state) === state && (filter.ruleId ?? fired.ruleId) === fired.ruleId,
      );
      return { position, items: newestFirst(alerts, from, limit) };
    });
  }
}

@QueryHandler(GetAlertQuery)
export class GetAlertHandler implements IQueryHandler<GetAlertQuery> {
  constructor(private readonly log: AlertingLog) {}

  async execute({ tenantId, alertId }: GetAlertQuery): Promise<AlertWithDeliveries | null> {
    return this.log.database.read(tenantId, async (tx) => {
      const position = await this.log.settledPosition(tx);
      const alert = await this.log.alert(tx, alertId, position);
      if (alert === null) return null;
      const deliveries: Delivery[] = [];
      for (const { deliveryId } of [...alert.fired.notified, ...(alert.resolved?.notified ?? [])]) {
        const delivery = await this.log.delivery(tx, deliveryId, position);
        if (delivery !== null) deliveries.push(delivery);
      }
      return { alert, deliveries };
    });
  }
}

/** One page, newest first, with one item too many when there are more. */
export function newestFirst<Item extends { readonly position: Position }>(
  items: readonly Item[],
  from: ListFrom | undefined,
  limit: number,
): Item[] {
  return items
    .filter(({ position }) => from === undefined || position < from.before)
    .sort((left, right) => (left.position < right.position ? 1 : -1))
    .slice(0, limit + 1);
}
