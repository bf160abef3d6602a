import type { LocalDate } from '@app/credit-domain';
import type { StoredEvent } from '@app/event-store';
import { dataOf } from '../event-data';
import type { CollectionsEventType } from '../events';
import type { DebtorCase, DisputeRecord, PlanRecord, PromiseRecord } from './debtor-case';
import { NO_CASE } from './debtor-case';
import { foldPlan } from './fold-plan';
import { causeOf, change, judgementOf } from './folding';

/** The category of the streams: one a debtor, so that whoever decides about one sees everything agreed with it. */
export const DEBTOR_CASE = 'debtor-case';

interface Folding extends DebtorCase {
  version: number;
  readonly promises: Map<string, PromiseRecord>;
  readonly disputes: Map<string, DisputeRecord>;
  readonly plans: Map<string, PlanRecord>;
}

/** The cases of debtors from the events of their streams, in the order of the versions. With a date, what happened after it is left out. */
export function foldCases(events: readonly StoredEvent[], asOf?: string): Map<string, DebtorCase> {
  const cases = new Map<string, Folding>();
  for (const event of events) {
    const folding = cases.get(event.key) ?? (NO_CASE(event.key) as Folding);
    cases.set(event.key, folding);
    folding.version = event.version;
    if (asOf === undefined || event.effectiveOn <= asOf) evolve(folding, event);
  }
  return cases;
}

function evolve(folding: Folding, event: StoredEvent): void {
  const type = event.type as CollectionsEventType;
  switch (type) {
    case 'PromiseMade': {
      const { promiseId: id, amount, dueOn, ...data } = dataOf(type, event);
      folding.promises.set(id, {
        ...data,
        id,
        amount: BigInt(amount),
        dueOn: dueOn as LocalDate,
        madeBy: causeOf(event),
        madeAt: event.recordedAt,
        moves: [],
        judgements: [],
        withdrawn: null,
      });
      return;
    }
    case 'PromiseMoved': {
      const { promiseId, amount, dueOn, fromDueOn, fromAmount, personal } = dataOf(type, event);
      change(folding.promises, promiseId, (promise) => ({
        ...promise,
        amount: BigInt(amount),
        dueOn: dueOn as LocalDate,
        moves: [...promise.moves, { fromDueOn, fromAmount: BigInt(fromAmount), by: causeOf(event), personal }],
      }));
      return;
    }
    case 'PromiseWithdrawn': {
      const { promiseId, personal } = dataOf(type, event);
      change(folding.promises, promiseId, (promise) => ({ ...promise, withdrawn: { ...causeOf(event), personal } }));
      return;
    }
    case 'PromiseKept':
    case 'PromisePartKept':
    case 'PromiseBroken':
    case 'PromiseReopened': {
      const data = dataOf(type, event);
      const outcome = OUTCOMES[type];
      change(folding.promises, data.promiseId, (promise) => ({
        ...promise,
        judgements: [...promise.judgements, judgementOf(event, outcome, data)],
      }));
      return;
    }
    case 'DisputeRaised': {
      const { disputeId: id, amount, ...data } = dataOf(type, event);
      folding.disputes.set(id, { ...data, id, amount: BigInt(amount), raisedBy: causeOf(event), resolved: null });
      return;
    }
    case 'DisputeResolved': {
      const { disputeId, resolution, creditNoteIds, personal } = dataOf(type, event);
      change(folding.disputes, disputeId, (dispute) => ({
        ...dispute,
        resolved: { by: causeOf(event), resolution, creditNoteIds, personal },
      }));
      return;
    }
    default:
      foldPlan(folding.plans, event);
  }
}

const OUTCOMES = { PromiseKept: 'kept', PromisePartKept: 'part-kept', PromiseBroken: 'broken', PromiseReopened: 'open' } as const;
