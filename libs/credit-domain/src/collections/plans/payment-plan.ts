import type { Refused } from '../../refusals';
import { daysBetween, type LocalDate } from '../../values';
import { aboveBalance, currencyDiffers, notPositive, type OwedItem } from '../owed-items';
import type { Claim, ClaimOutcome } from '../promises/judge-claims';

/** IFRS 7.35A(a): modified while more than so many days past due. */
const MODIFIED_WHILE_DAYS_PAST_DUE = 30;

export interface Instalment {
  readonly dueOn: LocalDate;
  readonly amount: bigint;
}

export interface PlannedItem extends OwedItem {
  /** null = payable on demand. */
  readonly dueOn: LocalDate | null;
}

/** Whether a plan can be agreed: dates that rise from today on, amounts above zero that come to no more than the items owe, one currency. */
export function decidePlan(
  instalments: readonly Instalment[],
  currency: string,
  items: readonly PlannedItem[],
  today: LocalDate,
): Refused | null {
  for (const [index, { dueOn, amount }] of instalments.entries()) {
    const field = `instalments[${String(index)}]`;
    if (amount <= 0n) return notPositive(`${field}.amount`);
    if (dueOn < today) return { code: 'promise-in-the-past', detail: `${dueOn} is before ${today}`, field: `${field}.dueOn` };
    const before = instalments[index - 1];
    if (before !== undefined && dueOn <= before.dueOn) {
      return { code: 'plan-dates-not-rising', detail: `${dueOn} does not follow ${before.dueOn}`, field: `${field}.dueOn` };
    }
  }
  const settled = items.find(({ outstanding }) => outstanding <= 0n);
  if (settled !== undefined) {
    return { code: 'plan-on-settled', detail: `receivable ${settled.receivableId} is settled`, field: 'receivableIds' };
  }
  if (items.some((item) => item.currency !== currency)) return currencyDiffers(items, currency);
  const amount = instalments.reduce((sum, instalment) => sum + instalment.amount, 0n);
  const refused = aboveBalance('plan-above-balance', { amount, currency }, items);
  return refused === null ? null : { ...refused, field: 'instalments' };
}

/** How late an item was when it was modified. Its due date stays: it is what its age is counted from. */
export function pastDueAt(
  dueOn: LocalDate | null,
  on: LocalDate,
): { readonly daysPastDue: number | null; readonly modifiedPastDue30: boolean } {
  const daysPastDue = dueOn === null ? null : Math.max(0, daysBetween(dueOn, on));
  return { daysPastDue, modifiedPastDue30: (daysPastDue ?? 0) > MODIFIED_WHILE_DAYS_PAST_DUE };
}

/** The name of an instalment among the claims of a debtor. */
export function instalmentClaimId(planId: string, instalment: number): string {
  return `${planId}#${String(instalment)}`;
}

/** The instalments of a plan as claims: each is open to whatever was paid since the plan was agreed and not taken by one before it. */
export function instalmentClaims(
  plan: Pick<Claim, 'id' | 'madeOn' | 'order' | 'graceDays' | 'currency' | 'receivableIds'>,
  instalments: readonly Instalment[],
): Claim[] {
  return instalments.map(({ dueOn, amount }, index) => ({ ...plan, id: instalmentClaimId(plan.id, index + 1), dueOn, amount }));
}

export type PlanState = 'running' | 'broken' | 'kept';

/** A plan is broken by the first instalment that was not paid in full and in time, and kept when all were. */
export function planState(outcomes: readonly (ClaimOutcome | null)[]): PlanState {
  if (outcomes.some((outcome) => outcome === 'broken' || outcome === 'part-kept')) return 'broken';
  return outcomes.every((outcome) => outcome === 'kept') ? 'kept' : 'running';
}
