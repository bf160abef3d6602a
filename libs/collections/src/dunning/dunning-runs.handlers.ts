import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler, type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import type { EventStore } from '@app/event-store';
import { CLOCK, type Clock, EVENT_STORE, Intents } from '@app/platform';
import { businessDateOf } from '../business-date';
import {
  type DunningPreview,
  type DunningRunView,
  GetDunningRunQuery,
  ListDunningRunsQuery,
  MakeDunningRunCommand,
  PreviewDunningRunQuery,
} from './dunning-runs.commands';
import { DunningPlanner } from './plan-dunning';
import { RUN_DUNNING } from './run-dunning.job';
import { latestRuns, refuseOutOfOrder, requestRun, runById, viewOfRun } from './run-table';

@CommandHandler(MakeDunningRunCommand)
export class MakeDunningRunHandler implements ICommandHandler<MakeDunningRunCommand> {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly intents: Intents,
  ) {}

  async execute({ context, asOf }: MakeDunningRunCommand): Promise<{ id: string }> {
    const { tenantId, principalId, correlationId } = context;
    const runId = context.newId();
    await this.store.database.transaction(tenantId, async (tx) => {
      // The same identifier on a second attempt with the same Idempotency-Key: then the run is asked for already.
      if ((await runById(tx, tenantId, runId)) !== undefined) return;
      await refuseOutOfOrder(tx, tenantId, asOf, await businessDateOf(tx, this.clock, tenantId));
      await requestRun(tx, tenantId, { runId, asOf, principalId, correlationId });
      await this.intents.request(tx, tenantId, { kind: RUN_DUNNING, key: runId, payload: {} });
    });
    return { id: runId };
  }
}

@QueryHandler(PreviewDunningRunQuery)
export class PreviewDunningRunHandler implements IQueryHandler<PreviewDunningRunQuery> {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly planner: DunningPlanner,
  ) {}

  async execute({ tenantId, request }: PreviewDunningRunQuery): Promise<DunningPreview> {
    const { asOf, after, debtors } = request;
    const position = await this.store.database.read(tenantId, async (tx) => {
      await refuseOutOfOrder(tx, tenantId, asOf, await businessDateOf(tx, this.clock, tenantId));
      return request.position ?? (await this.store.latestSettled(tx)).position;
    });
    const plan = await this.planner.plan(tenantId, { asOf, position, after, debtors });
    return { asOf, position, debtors: plan.debtors, next: plan.next };
  }
}

@QueryHandler(GetDunningRunQuery)
export class GetDunningRunHandler implements IQueryHandler<GetDunningRunQuery> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  execute({ tenantId, runId }: GetDunningRunQuery): Promise<DunningRunView | null> {
    return this.store.database.read(tenantId, async (tx) => {
      const row = await runById(tx, tenantId, runId);
      return row === undefined ? null : viewOfRun(row);
    });
  }
}

@QueryHandler(ListDunningRunsQuery)
export class ListDunningRunsHandler implements IQueryHandler<ListDunningRunsQuery> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  execute({ tenantId, limit }: ListDunningRunsQuery): Promise<readonly DunningRunView[]> {
    return this.store.database.read(tenantId, async (tx) => (await latestRuns(tx, tenantId, limit)).map(viewOfRun));
  }
}
