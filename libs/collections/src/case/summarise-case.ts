import { chasingStateOf, keepRate, localDate, type JudgedPromise } from '@app/credit-domain';
import { pausingFacts } from '../chasing/pausing-facts';
import type { CaseSummary } from './case.queries';
import { planStateOf, promiseStateOf, type DebtorCase, type PromiseRecord } from './debtor-case';

/** A case in short, on a day. */
export function summariseCase(known: DebtorCase, asOf: string, nextContactOn: string | null): CaseSummary {
  const promises = [...known.promises.values()];
  const broken = promises.filter((promise) => ['broken', 'part-kept'].includes(promiseStateOf(promise)));
  return {
    openPromises: promises
      .filter((promise) => promiseStateOf(promise) === 'open')
      .map(({ id: promiseId, amount, currency, dueOn }) => ({ promiseId, amount, currency, dueOn })),
    brokenPromises: broken.reverse().map((promise) => {
      const { id: promiseId, amount, currency, dueOn, madeBy, judgements } = promise;
      const latest = judgements.at(-1);
      return { promiseId, amount, paid: latest?.paid ?? 0n, currency, dueOn, position: (latest?.by ?? madeBy).position };
    }),
    openDisputes: [...known.disputes.values()]
      .filter(({ resolved }) => resolved === null)
      .map(({ id: disputeId, amount, currency, raisedBy }) => ({ disputeId, amount, currency, position: raisedBy.position })),
    runningPlans: [...known.plans.values()].filter((plan) => planStateOf(plan) === 'running').map(({ id }) => id),
    keepRate: keepRate(promises.flatMap(judged)),
    chasing: chasingStateOf(pausingFacts(known), localDate(asOf)),
    nextContactOn,
  };
}

/** A promise by its latest judgement; open and withdrawn ones have none. */
function judged(promise: PromiseRecord): JudgedPromise[] {
  const latest = promise.judgements.at(-1);
  if (promise.withdrawn !== null || latest === undefined || latest.outcome === 'open') return [];
  const { amount, currency } = promise;
  return [{ outcome: latest.outcome, amount, paid: latest.paid, unclassified: latest.unclassified, currency }];
}
