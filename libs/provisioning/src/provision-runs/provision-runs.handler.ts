import type { EventStore } from '@app/event-store';
import { EVENT_STORE, intentState, Refusal } from '@app/platform';
import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { foldProvisionRun, PROVISION_RUN_CATEGORY } from './provision-run.fold';
import { GetProvisionRunQuery, type ProvisionRunView } from './provision-runs.query';
import { PROVISION_RUN_JOB } from './request-run.handler';

@QueryHandler(GetProvisionRunQuery)
export class GetProvisionRunHandler implements IQueryHandler<GetProvisionRunQuery> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  execute({ tenantId, runId }: GetProvisionRunQuery): Promise<ProvisionRunView> {
    return this.store.database.read(tenantId, async (tx) => {
      const run = foldProvisionRun(await this.store.readStream(tx, PROVISION_RUN_CATEGORY, runId));
      if (run === null) throw new Refusal('provision-run-not-found', `There is no provision run '${runId}'.`);
      const running = run.status === 'queued' && (await intentState(tx, { tenantId, kind: PROVISION_RUN_JOB, key: runId })) === 'running';
      return { ...run, running };
    });
  }
}
