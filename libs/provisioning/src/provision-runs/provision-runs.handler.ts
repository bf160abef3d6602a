import type { EventStore } from '@app/event-store';
import { EVENT_STORE, intentState, Refusal } from '@app/platform';
import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { ProvisionCalculator, provisionHash } from '../calculate/provision-calculator';
import { foldProvisionRun, PROVISION_RUN_CATEGORY, type ProvisionRunState } from './provision-run.fold';
import {
  GetProvisionRunQuery,
  VerifyProvisionRunQuery,
  type ProvisionRunVerification,
  type ProvisionRunView,
} from './provision-runs.query';
import { PROVISION_RUN_JOB } from './request-run.handler';

@QueryHandler(GetProvisionRunQuery)
export class GetProvisionRunHandler implements IQueryHandler<GetProvisionRunQuery> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  execute({ tenantId, runId }: GetProvisionRunQuery): Promise<ProvisionRunView> {
    return this.store.database.read(tenantId, async (tx) => {
      const run = foldProvisionRun(await this.store.readStream(tx, PROVISION_RUN_CATEGORY, runId));
      if (run === null) throw notFound(runId);
      const running = run.status === 'queued' && (await intentState(tx, { tenantId, kind: PROVISION_RUN_JOB, key: runId })) === 'running';
      return { ...run, running };
    });
  }
}

@QueryHandler(VerifyProvisionRunQuery)
export class VerifyProvisionRunHandler implements IQueryHandler<VerifyProvisionRunQuery> {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(ProvisionCalculator) private readonly calculator: ProvisionCalculator,
  ) {}

  async execute({ tenantId, runId }: VerifyProvisionRunQuery): Promise<ProvisionRunVerification> {
    const run = await readRun(this.store, tenantId, runId);
    if (run.status !== 'completed') {
      throw new Refusal('provision-run-not-completed', `Provision run '${runId}' is ${run.status}; only a completed run can be verified.`);
    }
    const { asOf, position: pinned, kinds, scheme, currency } = run.request;
    const position = BigInt(pinned);
    const recordedHash = run.result.hash;
    const hashOfRecord = provisionHash({ asOf, position }, run.result);
    const recomputed = await this.calculator.provision({ tenantId, asOf, position }, { kinds, scheme, currency });
    const recomputedHash = recomputed.ok ? recomputed.value.hash : null;
    return {
      id: runId,
      asOf,
      position,
      verified: recordedHash === hashOfRecord && recordedHash === recomputedHash,
      recordedHash,
      hashOfRecord,
      recomputedHash,
      problemCode: recomputed.ok ? null : recomputed.problem.code,
    };
  }
}

async function readRun(store: EventStore, tenantId: number, runId: string): Promise<ProvisionRunState> {
  const run = foldProvisionRun(await store.database.read(tenantId, (tx) => store.readStream(tx, PROVISION_RUN_CATEGORY, runId)));
  if (run === null) throw notFound(runId);
  return run;
}

function notFound(runId: string): Refusal {
  return new Refusal('provision-run-not-found', `There is no provision run '${runId}'.`);
}
