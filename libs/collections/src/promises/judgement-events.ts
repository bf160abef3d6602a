import type { ClaimJudgement, ClaimOutcome } from '@app/credit-domain';
import { instalmentClaimId, planState } from '@app/credit-domain';
import type { NewEvent } from '@app/event-store';
import type { JudgementRecord, PlanRecord, PromiseRecord } from '../case/debtor-case';
import { newEvent } from '../event-data';
import { isNews, type CaseClaim } from './case-claims';

const PROMISE_EVENTS = { kept: 'PromiseKept', 'part-kept': 'PromisePartKept', broken: 'PromiseBroken', open: 'PromiseReopened' } as const;

interface Reading {
  readonly judgements: ReadonlyMap<string, ClaimJudgement>;
  /** The position the cash was read at. */
  readonly knownTo: number;
}

/** What the judgements of a debtor's claims say that is not on record yet, and what becomes of its plans by it. */
export function judgementEvents(claims: readonly CaseClaim[], reading: Reading): NewEvent[] {
  const events: NewEvent[] = [];
  const plans = new Map<string, PlanRecord>();
  for (const { claim, latest, of } of claims) {
    const judgement = reading.judgements.get(claim.id);
    if (judgement === undefined) continue;
    if ('plan' in of) plans.set(of.plan.id, of.plan);
    if (!isNews(judgement, latest)) continue;
    const said = saidOf(judgement, latest, reading.knownTo);
    events.push('promise' in of ? ofPromise(of.promise, judgement, said) : ofInstalment(of.plan, of.instalment, judgement, said));
  }
  for (const plan of plans.values()) events.push(...ofPlan(plan, reading.judgements));
  return events;
}

function saidOf({ paid, counted, unclassified }: ClaimJudgement, latest: JudgementRecord | null, knownTo: number) {
  const rejudges: ClaimOutcome | null = latest === null || latest.outcome === 'open' ? null : latest.outcome;
  return {
    paid: String(paid),
    counted: counted.map(({ movementId, amount }) => ({ movementId, amount: String(amount) })),
    unclassified: String(unclassified),
    rejudges,
    knownTo,
  };
}
type Said = ReturnType<typeof saidOf>;

function ofPromise(promise: PromiseRecord, { outcome, effectiveOn }: ClaimJudgement, said: Said): NewEvent {
  const { id: promiseId, debtorId, amount, currency, dueOn } = promise;
  return newEvent(PROMISE_EVENTS[outcome ?? 'open'], effectiveOn, {
    promiseId,
    debtorId,
    amount: String(amount),
    currency,
    dueOn,
    ...said,
  });
}

function ofInstalment(plan: PlanRecord, instalment: number, { outcome, effectiveOn }: ClaimJudgement, said: Said): NewEvent {
  const { id: planId, debtorId, currency, instalments } = plan;
  const { dueOn, amount } = instalments[instalment - 1] ?? unknownInstalment(planId, instalment);
  const data = { planId, debtorId, instalment, outcome: outcome ?? ('open' as const), amount: String(amount), currency, dueOn };
  return newEvent('PlanInstalmentJudged', effectiveOn, { ...data, ...said });
}

/** A plan is kept or broken with its instalments, and whole again when what broke it turns out to have been paid. */
function ofPlan(plan: PlanRecord, judgements: ReadonlyMap<string, ClaimJudgement>): NewEvent[] {
  const { id: planId, debtorId, currency, instalments, ended, cancelled } = plan;
  if (cancelled !== null) return [];
  const own = instalments.map((_instalment, index) => judgements.get(instalmentClaimId(planId, index + 1)));
  const state = planState(own.map((judgement) => judgement?.outcome ?? null));
  if (state === (ended?.state ?? 'running')) return [];
  const last = own.reduce<string>(
    (latest, judgement) => (judgement?.outcome != null && judgement.effectiveOn > latest ? judgement.effectiveOn : latest),
    plan.agreedBy.on,
  );
  const restored = ended?.state === 'broken' ? [newEvent('PaymentPlanRestored', last, { planId, debtorId })] : [];
  if (state === 'running') return ended?.state === 'kept' ? [newEvent('PaymentPlanRestored', last, { planId, debtorId })] : restored;
  if (state === 'kept') return [...restored, newEvent('PaymentPlanKept', last, { planId, debtorId })];
  const index = own.findIndex((judgement) => judgement?.outcome === 'broken' || judgement?.outcome === 'part-kept');
  const first = own[index];
  const missing = (instalments[index]?.amount ?? 0n) - (first?.paid ?? 0n);
  const data = { planId, debtorId, instalment: index + 1, currency, missing: String(missing) };
  return [newEvent('PaymentPlanBroken', first?.effectiveOn ?? last, data)];
}

function unknownInstalment(planId: string, instalment: number): never {
  throw new RangeError(`Plan ${planId} has no instalment ${String(instalment)}.`);
}
