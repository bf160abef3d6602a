import { QueryBus, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { chasingStateOf, localDate } from '@app/credit-domain';
import type { Position, Tx } from '@app/event-store';
import { Refusal } from '@app/platform';
import { FindUnknownDebtorsQuery } from '@app/receivables';
import { nextContacts } from '../activities/activity-log';
import { pausingFacts } from '../chasing/pausing-facts';
import { CaseLog } from './case-log';
import {
  FindCaseDebtorQuery,
  ReadCaseSummariesQuery,
  ReadDebtorCaseQuery,
  type CaseMoment,
  type CaseSummary,
  type DebtorCaseView,
  type ReadAt,
} from './case.queries';
import { NO_CASE } from './debtor-case';
import { Notes } from './notes';
import { disputeViews, planViews, promiseViews } from './case-views';
import { summariseCase } from './summarise-case';

@QueryHandler(ReadDebtorCaseQuery)
export class ReadDebtorCaseHandler implements IQueryHandler<ReadDebtorCaseQuery> {
  constructor(
    private readonly log: CaseLog,
    private readonly notes: Notes,
    private readonly queries: QueryBus,
  ) {}

  async execute({ tenantId, debtorId, at }: ReadDebtorCaseQuery): Promise<DebtorCaseView> {
    const [unknown] = await this.queries.execute(new FindUnknownDebtorsQuery(tenantId, [debtorId]));
    if (unknown !== undefined) throw new Refusal('debtor-not-found', `There is no debtor ${debtorId}.`);
    return this.log.store.database.read(tenantId, async (tx) => {
      const moment = await momentOf(this.log, tx, tenantId, at);
      const known = (await this.log.cases(tx, [debtorId], moment)).get(debtorId) ?? NO_CASE(debtorId);
      return {
        ...moment,
        debtorId,
        promises: await promiseViews(this.notes, tx, tenantId, [...known.promises.values()].reverse()),
        disputes: await disputeViews(this.notes, tx, tenantId, [...known.disputes.values()].reverse()),
        plans: await planViews(this.notes, tx, tenantId, [...known.plans.values()].reverse()),
        chasing: chasingStateOf(pausingFacts(known), localDate(moment.asOf)),
      };
    });
  }
}

async function momentOf(
  log: CaseLog,
  tx: Tx,
  tenantId: number,
  { asOf, knownAt, position }: CaseMoment & { readonly position?: Position | undefined },
): Promise<ReadAt> {
  const known = await log.store.resolveKnownAt(tx, knownAt);
  return { asOf: asOf ?? (await log.today(tx, tenantId)), knownAt: known.knownAt, position: position ?? known.position };
}

@QueryHandler(FindCaseDebtorQuery)
export class FindCaseDebtorHandler implements IQueryHandler<FindCaseDebtorQuery> {
  constructor(private readonly log: CaseLog) {}

  execute({ tenantId, caseId }: FindCaseDebtorQuery): Promise<string | null> {
    return this.log.store.database.read(tenantId, (tx) => this.log.debtorOf(tx, tenantId, caseId));
  }
}

@QueryHandler(ReadCaseSummariesQuery)
export class ReadCaseSummariesHandler implements IQueryHandler<ReadCaseSummariesQuery> {
  constructor(private readonly log: CaseLog) {}

  execute({ tenantId, request }: ReadCaseSummariesQuery): Promise<ReadonlyMap<string, CaseSummary>> {
    return this.log.store.database.read(tenantId, async (tx) => {
      const moment = await momentOf(this.log, tx, tenantId, request);
      const cases = await this.log.cases(tx, request.debtorIds, moment);
      const next = await nextContacts(tx, tenantId, request.debtorIds, moment);
      const debtors = [...new Set([...cases.keys(), ...next.keys()])];
      return new Map(debtors.map((id) => [id, summariseCase(cases.get(id) ?? NO_CASE(id), moment.asOf, next.get(id) ?? null)]));
    });
  }
}
