import { CommandHandler, QueryBus, type ICommandHandler } from '@nestjs/cqrs';
import { decidePlan, localDate, pastDueAt, type LocalDate, type PlannedItem } from '@app/credit-domain';
import { eventContext, Refusal } from '@app/platform';
import { ReadOwedItemsQuery } from '@app/receivables';
import { CaseLog } from '../case/case-log';
import { type DebtorCase, planStateOf } from '../case/debtor-case';
import { Notes, personOf } from '../case/notes';
import { readPolicy } from '../policy/policy';
import { demand } from '../case/refuse';
import { newEvent } from '../event-data';
import { AgreePlanCommand, CancelPlanCommand } from './plans.commands';

@CommandHandler(AgreePlanCommand)
export class AgreePlanHandler implements ICommandHandler<AgreePlanCommand> {
  constructor(
    private readonly log: CaseLog,
    private readonly notes: Notes,
    private readonly queries: QueryBus,
  ) {}

  async execute({ context, debtorId, plan }: AgreePlanCommand): Promise<{ id: string }> {
    const { tenantId } = context;
    const { receivableIds, currency, reason, approved } = plan;
    const id = context.newId();
    const items = await this.queries.execute(new ReadOwedItemsQuery(tenantId, { debtorId, receivableIds }));
    return this.log.decide(eventContext(context), debtorId, async (tx, known) => {
      if (known.plans.has(id)) return { events: [], result: { id } };
      const today = await this.log.today(tx, tenantId);
      const instalments = plan.instalments.map(({ dueOn, amount }) => ({ dueOn: localDate(dueOn), amount }));
      demand(decidePlan(instalments, currency, items, today));
      refuseSecondPlan(known, receivableIds);
      const { promiseGraceDays: graceDays } = await readPolicy(this.log.store, tx);
      const event = newEvent('PaymentPlanAgreed', today, {
        planId: id,
        debtorId,
        currency,
        instalments: instalments.map(({ dueOn, amount }) => ({ dueOn, amount: String(amount) })),
        graceDays,
        items: items.map((item) => before(item, today)),
        approved,
        personal: await this.notes.seal(tx, tenantId, personOf(debtorId), reason),
      });
      return { events: [event], result: { id }, opened: id, claimed: { cashFrom: today } };
    });
  }
}

/** Two plans for one item would be judged by the same cash, and the second be broken by what the first was paid. Refused `plan-running-already`. */
function refuseSecondPlan({ plans }: DebtorCase, receivableIds: readonly string[]): void {
  for (const plan of plans.values()) {
    if (planStateOf(plan) !== 'running') continue;
    const planned = plan.items.find(({ receivableId }) => receivableIds.includes(receivableId));
    if (planned === undefined) continue;
    const detail = `Receivable ${planned.receivableId} is in payment plan ${plan.id}, which is running: cancel that one first.`;
    throw new Refusal('plan-running-already', detail, [{ field: 'receivableIds' }]);
  }
}

/** An item as it was when the plan was agreed. */
function before({ receivableId, dueOn, outstanding }: PlannedItem, today: LocalDate) {
  return { receivableId, dueOn, outstanding: String(outstanding), ...pastDueAt(dueOn, today) };
}

@CommandHandler(CancelPlanCommand)
export class CancelPlanHandler implements ICommandHandler<CancelPlanCommand> {
  constructor(
    private readonly log: CaseLog,
    private readonly notes: Notes,
  ) {}

  async execute({ context, planId, reason }: CancelPlanCommand): Promise<{ id: string }> {
    const { tenantId } = context;
    const unknown = new Refusal('plan-not-found', `There is no payment plan ${planId}.`);
    const debtorId = await this.log.store.database.read(tenantId, (tx) => this.log.debtorOf(tx, tenantId, planId));
    if (debtorId === null) throw unknown;
    return this.log.decide(eventContext(context), debtorId, async (tx, { plans }) => {
      const plan = plans.get(planId);
      if (plan === undefined) throw unknown;
      const state = planStateOf(plan);
      if (state !== 'running') throw new Refusal('plan-not-running', `Payment plan ${planId} is ${state}: it stays on record as it is.`);
      const personal = await this.notes.seal(tx, tenantId, personOf(debtorId), reason);
      const event = newEvent('PaymentPlanCancelled', await this.log.today(tx, tenantId), { planId, debtorId, personal });
      return { events: [event], result: { id: planId }, claimed: { cashFrom: plan.agreedBy.on } };
    });
  }
}
