import { journalOf, type Journal, type MovementTable } from '@app/credit-domain';
import { EVENT_STORE } from '@app/platform';
import type { EventStore } from '@app/event-store';
import { ListEntitiesQuery } from '@app/receivables';
import { Inject, Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { BridgePoints } from '../bridge/bridge-point';
import { Bridges } from '../bridge/bridges';
import { readAccountMapping } from '../journal/account-mapping.handlers';
import type { CompletedRun } from '../provision-runs/provision-run.fold';
import { postedBefore, postedRuns } from './posted-runs';

export interface DraftJournal {
  /** null = nothing was posted before for these kinds. */
  readonly againstRunId: string | null;
  readonly currency: string;
  readonly movement: MovementTable;
  readonly journal: Journal;
}

/** Makes the journal of a run against what was posted before it. */
@Injectable()
export class RunJournal {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(BridgePoints) private readonly points: BridgePoints,
    @Inject(Bridges) private readonly bridges: Bridges,
  ) {}

  /** Refused `later-run-posted`, `posted-kinds-differ`, `bridge-currency-differs`. */
  async draft(tenantId: number, run: CompletedRun): Promise<DraftJournal> {
    const posted = await this.store.database.read(tenantId, (tx) => postedRuns(tx, tenantId));
    const before = postedBefore(posted, run);
    const from = before === null ? null : { ref: before.runId, knownAt: null };
    const stands = await this.points.stands(tenantId, from, { ref: run.request.runId, knownAt: null });
    const { allowance, recoveries, currency } = await this.bridges.of(tenantId, stands);
    const { opening, legs, closing, postings } = allowance;
    const journal = journalOf({
      ...{ postings, opening, closing, recoveries },
      foreignOperations: await this.foreignOperations(tenantId, run, currency),
      mapping: await readAccountMapping(this.store, tenantId),
    });
    return { againstRunId: before?.runId ?? null, currency, movement: { opening, legs, closing }, journal };
  }

  /** Entities whose functional currency is another than the one the run is presented in. */
  private async foreignOperations(tenantId: number, { request }: CompletedRun, currency: string): Promise<Set<string>> {
    const { asOf, knownAt } = request;
    const { items } = await this.queries.execute(new ListEntitiesQuery(tenantId, { asOf, knownAt }));
    return new Set(
      items
        .filter(({ functionalCurrency }) => functionalCurrency !== null && functionalCurrency !== currency)
        .map(({ entityId }) => entityId),
    );
  }
}
