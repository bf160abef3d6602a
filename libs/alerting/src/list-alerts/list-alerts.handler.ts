import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import type { Explanation } from '@app/credit-domain';
import type { Position, Tx } from '@app/event-store';
import type { Alert } from '../alert';
import { AlertingLog } from '../alerting-log';
import { evaluationOf, recordedFigures } from '../episodes/figures';
import { Explainer } from '../explain/explainer';
import { deliveriesOf, deliveryIdsOf, foldGroupDecisions } from '../show-alert-group/group-decisions';
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
  constructor(
    private readonly log: AlertingLog,
    private readonly explainer: Explainer,
  ) {}

  async execute({ tenantId, alertId }: GetAlertQuery): Promise<AlertWithDeliveries | null> {
    return this.log.database.read(tenantId, async (tx) => {
      const position = await this.log.settledPosition(tx);
      const alert = await this.log.alert(tx, alertId, position);
      if (alert === null) return null;
      const groupId = alert.fired.groupId ?? null;
      const decisions = groupId === null ? [] : foldGroupDecisions(await this.log.groupDecisions(tx, groupId, position));
      const earlier = [...alert.fired.notified, ...(alert.resolved?.notified ?? [])].map(({ deliveryId }) => deliveryId);
      const deliveries = await deliveriesOf(this.log, tx, [...earlier, ...deliveryIdsOf(decisions)], position);
      return { alert, deliveries, decisions, explanation: await this.#explain(tx, tenantId, alert) };
    });
  }

  /** As it was last told: a figure that grew worse since it fired speaks for itself. */
  #explain(tx: Tx, tenantId: number, { fired, latest, position }: Alert): Promise<Explanation> {
    const { labels, unit, subject } = fired;
    if (latest === null) {
      return this.explainer.explain(
        tx,
        tenantId,
        evaluationOf({ labels, asOf: fired.asOf, unit, subject }, recordedFigures(fired)),
        position,
      );
    }
    return this.explainer.explain(
      tx,
      tenantId,
      evaluationOf({ labels, asOf: latest.asOf, unit, subject }, recordedFigures(latest.figures)),
    );
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
