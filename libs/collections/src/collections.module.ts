import { Module } from '@nestjs/common';
import { CaseLog } from './case/case-log';
import { CASE_PROVIDERS } from './case-providers';
import { DUNNING_HANDLERS } from './dunning/dunning-handlers';
import { DunningPlanner } from './dunning/plan-dunning';
import { LIMIT_HANDLERS } from './limits/limit-handlers';
import { WORKLIST_HANDLERS } from './worklist/worklist-handlers';

/** Commands and queries of collections. Needs `@app/platform` and the queries of `@app/receivables`. */
@Module({
  providers: [...CASE_PROVIDERS, ...LIMIT_HANDLERS, ...DUNNING_HANDLERS, ...WORKLIST_HANDLERS],
  exports: [DunningPlanner, CaseLog],
})
export class CollectionsModule {}
