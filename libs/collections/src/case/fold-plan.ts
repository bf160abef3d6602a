import type { LocalDate } from '@app/credit-domain';
import type { StoredEvent } from '@app/event-store';
import { dataOf } from '../event-data';
import type { CollectionsEventType } from '../events';
import type { PlanRecord } from './debtor-case';
import { causeOf, change, judgementOf } from './folding';

/** The part of `foldCases` that is about payment plans. */
export function foldPlan(plans: Map<string, PlanRecord>, event: StoredEvent): void {
  const type = event.type as CollectionsEventType;
  const by = causeOf(event);
  switch (type) {
    case 'PaymentPlanAgreed': {
      const { planId: id, instalments, items, ...data } = dataOf(type, event);
      plans.set(id, {
        ...data,
        id,
        agreedBy: by,
        items: items.map((item) => ({ ...item, outstanding: BigInt(item.outstanding) })),
        instalments: instalments.map(({ dueOn, amount }) => ({ dueOn: dueOn as LocalDate, amount: BigInt(amount), judgements: [] })),
        ended: null,
        cancelled: null,
      });
      return;
    }
    case 'PlanInstalmentJudged': {
      const data = dataOf(type, event);
      change(plans, data.planId, (plan) => ({
        ...plan,
        instalments: plan.instalments.map((instalment, index) =>
          index + 1 === data.instalment
            ? { ...instalment, judgements: [...instalment.judgements, judgementOf(event, data.outcome, data)] }
            : instalment,
        ),
      }));
      return;
    }
    case 'PaymentPlanBroken':
      change(plans, dataOf(type, event).planId, (plan) => ({ ...plan, ended: { ...by, state: 'broken' as const } }));
      return;
    case 'PaymentPlanKept':
      change(plans, dataOf(type, event).planId, (plan) => ({ ...plan, ended: { ...by, state: 'kept' as const } }));
      return;
    case 'PaymentPlanRestored':
      change(plans, dataOf(type, event).planId, (plan) => ({ ...plan, ended: null }));
      return;
    case 'PaymentPlanCancelled': {
      const { planId, personal } = dataOf(type, event);
      change(plans, planId, (plan) => ({ ...plan, cancelled: { ...by, personal } }));
      return;
    }
    default:
      throw new Error(`The stream of the case of ${event.key} holds ${event.type}.`);
  }
}
