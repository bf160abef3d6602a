import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import type { Explanation } from '@app/credit-domain';
import type { Position, Tx } from '@app/event-store';
import type { Alert } from '../alert';
import { AlertingLog } from '../alerting-log';
import { evaluationOf, recordedFigures } from '../episodes/figures';
import { Explainer } from '../explain/explainer';
import { deliveriesOf, deliveryIdsOf, foldGroupDecisions } from '../show-alert-group/group-decisions';
import {
  GetAlertQuery,
  ListAlertsQuery,
  type AlertFilter,
  type AlertWithDeliveries,
  type ListFrom,
  type ListPage,
} from './list-alerts.query';

/** Alerts folded at a time while a filter looks for its page. */
const ALERTS_READ_MAX = 1_000;

@QueryHandler(ListAlertsQuery)
export class ListAlertsHandler implements IQueryHandler<ListAlertsQuery> {
  constructor(private readonly log: AlertingLog) {}

  async execute({ tenantId, filter, from, limit }: ListAlertsQuery): Promise<ListPage<Alert>> {
    return this.log.database.read(tenantId, async (tx) => {
      const position = from?.position ?? (await this.log.settledPosition(tx));
      return { position, items: await this.#page(tx, filter, { position, before: from?.before ?? position + 1n }, limit) };
    });
  }

  /** One alert too many when there are more. Reads on only as long as the filter leaves the page short. */
  async #page(tx: Tx, filter: AlertFilter, { position, before }: ListFrom, limit: number): Promise<Alert[]> {
    const found: Alert[] = [];
    let next = before;
    for (let size = limit + 1; ; size = ALERTS_READ_MAX) {
      const batch = await this.log.newestAlerts(tx, { upTo: position, before: next, limit: size });
      found.push(...batch.filter((alert) => matches(alert, filter)));
      const last = batch.at(-1);
      if (found.length > limit || last === undefined || batch.length < size) return found.slice(0, limit + 1);
      next = last.position;
    }
  }
}

function matches({ state, fired }: Alert, filter: AlertFilter): boolean {
  return (filter.state ?? state) === state && (filter.ruleId ?? fired.ruleId) === fired.ruleId;
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
