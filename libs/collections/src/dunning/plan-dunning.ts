import { Inject, Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import {
  decideDunning,
  type DunningDecision,
  dunningRecord,
  localDate,
  NOT_PAUSED,
  type OverdueItem,
  pausesOf,
  translationAt,
  type ChasingState,
} from '@app/credit-domain';
import type { EventStore, Position, Tx } from '@app/event-store';
import { EVENT_STORE } from '@app/platform';
import { ReadFxRatesQuery, ReadOverdueItemsQuery, type OverdueReceivable } from '@app/receivables';
import { ReadChasingStateQuery } from '../chasing/read-chasing-state.query';
import { CREDIT_HOLD, foldHolds } from '../limits/credit-hold.fold';
import { DUNNING_POLICY, foldPolicies, type DunningPolicyState } from './dunning-policy.fold';
import { lettersOfDebtors } from './letter-table';
import { whenDunningIsCurrent } from './project-dunning.processor';

export interface PlanRequest {
  readonly asOf: string;
  readonly position: Position;
  readonly after: string;
  readonly debtors: number;
}

export interface DebtorPlan {
  readonly debtorId: string;
  /** The debtor's stream as the plan has seen it. */
  readonly streamVersion: number;
  readonly decision: DunningDecision;
}

export interface DunningPlan {
  readonly policies: readonly DunningPolicyState[];
  readonly debtors: readonly DebtorPlan[];
  /** Everything an item of a letter is told with. */
  readonly items: ReadonlyMap<string, OverdueReceivable>;
  /** The debtor to go on after; null at the end of the book. */
  readonly next: string | null;
}

/** Gathers the facts about some debtors and decides what each is sent. Writes nothing: a preview and a run differ only in what follows. */
@Injectable()
export class DunningPlanner {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(QueryBus) private readonly queries: QueryBus,
  ) {}

  /** Without a policy there is nothing to run. */
  async hasPolicies(tx: Tx): Promise<boolean> {
    return foldPolicies(await this.store.readCategory(tx, DUNNING_POLICY)).some(({ status }) => status === 'active');
  }

  async plan(tenantId: number, { asOf, position, after, debtors }: PlanRequest): Promise<DunningPlan> {
    const { database } = this.store;
    const day = localDate(asOf);
    const latest = await database.read(tenantId, (tx) => this.store.latestSettled(tx));
    await whenDunningIsCurrent(database, tenantId, latest.position);
    const overdue = await this.queries.execute(new ReadOverdueItemsQuery(tenantId, { asOf, position, page: { after, debtors } }));
    const byDebtor = byDebtorOf(overdue.items);
    const debtorIds = [...byDebtor.keys()];
    const chasing = await this.queries.execute(new ReadChasingStateQuery(tenantId, { asOf, position, debtorIds }));
    const translation = translationAt(await this.queries.execute(new ReadFxRatesQuery(tenantId, { asOf, position })), day);
    const { policies, holds, letters } = await database.read(tenantId, async (tx) => ({
      policies: foldPolicies(await this.store.readCategory(tx, DUNNING_POLICY, position)).filter(({ status }) => status === 'active'),
      holds: foldHolds(await this.store.readCategory(tx, CREDIT_HOLD, position), asOf),
      letters: await lettersOfDebtors(tx, tenantId, debtorIds),
    }));
    const plans = [...byDebtor].map(([debtorId, items]): DebtorPlan => {
      const known = letters.get(debtorId);
      const state = chasing.get(debtorId) ?? NOT_PAUSED;
      const onHold = holds.get(debtorId)?.pausesDunning === true;
      const debtor = {
        ...{ debtorId, segment: items[0]?.segment ?? '' },
        items: items.map((item) => toItem(item, state, onHold)),
        record: dunningRecord(known?.letters ?? []),
      };
      return { debtorId, streamVersion: known?.streamVersion ?? 0, decision: decideDunning(policies, debtor, day, translation) };
    });
    return { policies, debtors: plans, items: new Map(overdue.items.map((item) => [item.receivableId, item])), next: overdue.next };
  }
}

function toItem(
  { receivableId, kind, currency, outstanding, dueOn }: OverdueReceivable,
  state: ChasingState,
  onHold: boolean,
): OverdueItem {
  const [pause] = pausesOf(state, receivableId);
  return { receivableId, kind, currency, outstanding, dueOn: localDate(dueOn), pausedBy: onHold ? 'credit-hold' : (pause?.cause ?? null) };
}

function byDebtorOf(items: readonly OverdueReceivable[]): Map<string, OverdueReceivable[]> {
  const debtors = new Map<string, OverdueReceivable[]>();
  for (const item of items) {
    const known = debtors.get(item.debtorId);
    if (known === undefined) debtors.set(item.debtorId, [item]);
    else known.push(item);
  }
  return debtors;
}
