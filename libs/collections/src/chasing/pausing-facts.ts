import type { PausingFact } from '@app/credit-domain';
import { addDays } from '@app/credit-domain';
import { planStateOf, promiseStateOf, type DebtorCase, type DisputeRecord, type PlanRecord, type PromiseRecord } from '../case/debtor-case';

/** What in a case keeps chasing back, or did: promises until they are judged, disputes until they are resolved, plans while they are kept. */
export function pausingFacts({ promises, disputes, plans }: DebtorCase): PausingFact[] {
  return [...[...promises.values()].map(ofPromise), ...[...disputes.values()].map(ofDispute), ...[...plans.values()].map(ofPlan)];
}

function ofPromise(promise: PromiseRecord): PausingFact {
  const { id, receivableIds, madeBy: by, dueOn, graceDays, withdrawn, judgements } = promise;
  const state = promiseStateOf(promise);
  const ending = withdrawn ?? judgements.at(-1)?.by;
  const ended =
    state === 'open' || ending === undefined ? null : { type: ending.type, position: ending.position, on: ending.on, reason: state };
  return { cause: 'promise', id, receivableIds, by, until: addDays(dueOn, graceDays), ended };
}

function ofDispute({ id, receivableIds, raisedBy: by, resolved }: DisputeRecord): PausingFact {
  return {
    cause: 'dispute',
    id,
    receivableIds,
    by,
    until: null,
    ended: resolved === null ? null : { ...resolved.by, reason: resolved.resolution },
  };
}

function ofPlan(plan: PlanRecord): PausingFact {
  const { id, items, agreedBy: by, instalments, graceDays, ended, cancelled } = plan;
  const ending = cancelled ?? ended;
  const last = instalments.at(-1);
  return {
    cause: 'payment-plan',
    id,
    receivableIds: items.map(({ receivableId }) => receivableId),
    by,
    until: last === undefined ? null : addDays(last.dueOn, graceDays),
    ended: ending === null ? null : { type: ending.type, position: ending.position, on: ending.on, reason: planStateOf(plan) },
  };
}
