import type { Claim, ClaimJudgement } from '@app/credit-domain';
import { instalmentClaims, lastDayOf } from '@app/credit-domain';
import type { DebtorCase, JudgementRecord, PlanRecord, PromiseRecord } from '../case/debtor-case';

/** A claim with what has been said of it so far. */
export interface CaseClaim {
  readonly claim: Claim;
  readonly latest: JudgementRecord | null;
  readonly of: { readonly promise: PromiseRecord } | { readonly plan: PlanRecord; readonly instalment: number };
}

/**
 * The claims of a debtor that payments are counted for: promises that were not withdrawn, and the instalments of plans; of a cancelled plan
 * those that were judged before, or the payments counted for them would count once more.
 */
export function claimsOf({ promises, plans }: DebtorCase): CaseClaim[] {
  return [...[...promises.values()].flatMap(ofPromise), ...[...plans.values()].flatMap(ofPlan)];
}

function ofPromise(promise: PromiseRecord): CaseClaim[] {
  if (promise.withdrawn !== null) return [];
  const { id, madeBy, dueOn, graceDays, amount, currency, receivableIds, judgements } = promise;
  const claim: Claim = { id, madeOn: madeBy.on, order: madeBy.position, dueOn, graceDays, amount, currency, receivableIds };
  return [{ claim, latest: judgements.at(-1) ?? null, of: { promise } }];
}

function ofPlan(plan: PlanRecord): CaseClaim[] {
  const { id, agreedBy, graceDays, currency, items, instalments, cancelled } = plan;
  const receivableIds = items.map(({ receivableId }) => receivableId);
  const claims = instalmentClaims({ id, madeOn: agreedBy.on, order: agreedBy.position, graceDays, currency, receivableIds }, instalments);
  return claims.flatMap((claim, index) => {
    const latest = instalments[index]?.judgements.at(-1) ?? null;
    if (cancelled !== null && (latest === null || latest.outcome === 'open')) return [];
    return [{ claim, latest, of: { plan, instalment: index + 1 } }];
  });
}

/** Whether a judgement says something that is not on record yet: another outcome, another amount, or other payments. */
export function isNews({ outcome, paid, counted, unclassified }: ClaimJudgement, latest: JudgementRecord | null): boolean {
  if (outcome === null) return latest !== null && latest.outcome !== 'open';
  if (latest?.outcome !== outcome || latest.paid !== paid || latest.unclassified !== unclassified) return true;
  const known = new Map(latest.counted.map(({ movementId, amount }) => [movementId, amount]));
  return counted.length !== known.size || counted.some(({ movementId, amount }) => known.get(movementId) !== String(amount));
}

/** When the first open claim is to be judged: once this day is over. Null = none is open. */
export function judgeAfter(claims: readonly CaseClaim[], judgements: ReadonlyMap<string, ClaimJudgement>): string | null {
  const open = claims.filter(({ claim }) => judgements.get(claim.id)?.outcome === null).map(({ claim }) => lastDayOf(claim));
  return open.sort()[0] ?? null;
}

/** The day from which payments of a debtor matter; null = for no claim. */
export function cashFrom(claims: readonly CaseClaim[]): string | null {
  return claims.map(({ claim }) => claim.madeOn).sort()[0] ?? null;
}
