import { Module } from '@nestjs/common';
import { LIMIT_HANDLERS } from './limits/limit-handlers';

/** Commands and queries of collections. Needs `@app/platform` and the queries of `@app/receivables`. */
@Module({
  providers: [...LIMIT_HANDLERS],
})
export class CollectionsModule {}
