import type { IQueryHandler } from '@nestjs/cqrs';
import { QueryHandler } from '@nestjs/cqrs';
import { chasingStateOf, localDate, type ChasingState } from '@app/credit-domain';
import { CaseLog } from '../case/case-log';
import { pausingFacts } from './pausing-facts';
import { ReadChasingStateQuery } from './read-chasing-state.query';

@QueryHandler(ReadChasingStateQuery)
export class ReadChasingStateHandler implements IQueryHandler<ReadChasingStateQuery> {
  constructor(private readonly log: CaseLog) {}

  execute({ tenantId, request: { asOf, position, debtorIds } }: ReadChasingStateQuery): Promise<ReadonlyMap<string, ChasingState>> {
    return this.log.store.database.read(tenantId, async (tx) => {
      const upTo = position ?? (await this.log.store.latestSettled(tx)).position;
      const cases = await this.log.cases(tx, debtorIds, { asOf, position: upTo });
      return new Map([...cases].map(([debtorId, known]) => [debtorId, chasingStateOf(pausingFacts(known), localDate(asOf))]));
    });
  }
}
